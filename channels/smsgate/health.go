package smsgate

import (
	"encoding/json"
	"slices"
	"time"
)

// life is what is known of a phone's life.
type life struct {
	seen     time.Time // the last sign of life; at first the start of the adapter
	battery  int       // percent; -1 if it never said
	charging bool
	status   string
	outages  []Outage
}

// Outage is a time in which a phone gave no sign of life.
type Outage struct {
	Phone    string
	From, To time.Time
}

const outagesKept = 500

// alive notes a sign of life, and the outage that it ends.
func (p *phone) alive(now time.Time, downAfter time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := &p.life
	if now.Sub(l.seen) >= downAfter {
		l.outages = append(l.outages, Outage{p.Name, l.seen, now})
		if n := len(l.outages) - outagesKept; n > 0 {
			l.outages = slices.Delete(l.outages, 0, n)
		}
	}
	if now.After(l.seen) {
		l.seen = now
	}
}

// pinged reads system:ping: the app's health checks, of which the battery is ours to watch.
func (p *phone) pinged(payload []byte) *refusal {
	var ping struct {
		Health struct {
			Status string `json:"status"`
			Checks map[string]struct {
				Value float64 `json:"observedValue"`
			} `json:"checks"`
		} `json:"health"`
	}
	if err := json.Unmarshal(payload, &ping); err != nil {
		return &malformed
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch ping.Health.Status {
	case "pass", "warn", "fail":
		p.life.status = ping.Health.Status
	}
	if level, ok := ping.Health.Checks["battery:level"]; ok && level.Value >= 0 && level.Value <= 100 {
		p.life.battery = int(level.Value)
	}
	if c, ok := ping.Health.Checks["battery:charging"]; ok {
		p.life.charging = c.Value > 0
	}
	return nil
}

// Health is how a phone stands.
type Health struct {
	Phone    string    `json:"phone"`
	SeenAt   time.Time `json:"seen_at"` // the last sign of life, at first the start of the adapter
	Down     bool      `json:"down"`    // silent for longer than Config.DownAfter: page the operator
	Since    time.Time `json:"since"`   // Down: when it was last seen
	Battery  int       `json:"battery"` // percent; -1 if it never said
	Charging bool      `json:"charging"`
	Status   string    `json:"status"` // the app's own judgement: pass, warn, fail; empty if it never said
	Left     int       `json:"left"`   // segments that it may send now
}

// Health tells about every phone, in the order of the configuration.
func (a *Adapter) Health() []Health {
	now := a.c.Now()
	out := make([]Health, 0, len(a.phones))
	for _, p := range a.phones {
		p.mu.Lock()
		p.bucket.take(0, now)
		h := Health{
			Phone: p.Name, SeenAt: p.life.seen, Battery: p.life.battery, Charging: p.life.charging, Status: p.life.status, Left: int(p.bucket.tokens),
		}
		if now.Sub(h.SeenAt) >= a.c.DownAfter {
			h.Down, h.Since = true, h.SeenAt
		}
		p.mu.Unlock()
		out = append(out, h)
	}
	return out
}

// Outages are the times between from and to in which a phone was down, cut to that window and the oldest first. They are
// known since the start of this process, and only where the phones' pings reach it.
func (a *Adapter) Outages(from, to time.Time) []Outage {
	now := a.c.Now()
	var out []Outage
	for _, p := range a.phones {
		p.mu.Lock()
		all := slices.Clone(p.life.outages)
		if now.Sub(p.life.seen) >= a.c.DownAfter {
			all = append(all, Outage{p.Name, p.life.seen, now})
		}
		p.mu.Unlock()
		for _, o := range all {
			if o.From.Before(from) {
				o.From = from
			}
			if o.To.After(to) {
				o.To = to
			}
			if o.From.Before(o.To) {
				out = append(out, o)
			}
		}
	}
	slices.SortStableFunc(out, func(x, y Outage) int { return x.From.Compare(y.From) })
	return out
}

// Down tells whether a phone was down at some time between from and to: then silence in that window says nothing about
// people, and no alert may be made of it.
func (a *Adapter) Down(from, to time.Time) bool { return len(a.Outages(from, to)) > 0 }
