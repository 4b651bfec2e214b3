package scheduler

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// The watch looks after the service itself: phones that fall silent, senders that are down, a queue that grows old, money
// that runs out. It does not run on River, whose standstill is one of the things that it tells.
const (
	watchEvery  = 20 * time.Second
	silentAfter = 10 * time.Minute // a phone without a sign of life (programme.md 4.2)
	brokenAfter = time.Minute      // a line: it is bound, or polls, every few seconds
	tellAgain   = 24 * time.Hour
	tellBatch   = 20
)

// Phone is one phone of a gateway as this process heard of it.
type Phone struct {
	Channel, Name string
	Numbers       []string
	SeenAt        time.Time // the programme's time
	Battery       int       // percent; -1: it never said
	Charging      bool
}

// Line is a standing connection to a provider by which people are heard, a bind or a poll, as this process knows it.
type Line struct {
	Channel string
	SeenAt  time.Time // the programme's time at which this process last knew it to work, or began
	Why     string    // what it suffers from now, of LineTroubles; empty: nothing
}

// What a line suffers from.
const (
	LineBroken = "deaf"   // no connection
	LineTaken  = "taken"  // another process or a webhook takes what is ours (faults.md E2)
	LineBarred = "barred" // our name or token is refused (faults.md G7)
)

// LineTroubles are all of them.
func LineTroubles() []string { return []string{LineBroken, LineTaken, LineBarred} }

// Limits are at what the operator is alarmed.
type Limits struct {
	Down       time.Duration // a sender has been down for
	Answers    time.Duration // an answer has waited for
	Others     time.Duration // an alert, notice or prompt has waited for
	Sweep      time.Duration // nothing was swept for
	Battery    int           // percent
	Credit     int64         // prepaid credit left, rupiah
	Expiry     int           // days of prepaid credit left
	FailedOf   int           // messages of a broadcast that have had an outcome …
	FailedRate int           // … of which so many percent failed (faults.md B11)
	Budget     [2]int        // percent
}

// DefaultLimits are the usual ones.
func DefaultLimits() Limits {
	return Limits{
		Down: time.Minute, Answers: 2 * time.Minute, Others: 30 * time.Minute, Sweep: 5 * time.Minute, Battery: 15, Credit: 20000, Expiry: 7,
		FailedOf: 50, FailedRate: 5, Budget: [2]int{80, 100},
	}
}

// Trouble is one thing that the operator should know while it lasts.
type Trouble struct {
	Key   string // names it for as long as it lasts
	Kind  string // the last part of its text's key
	About string // a sender, a phone, a kabupaten
	Since time.Time
	N, P  int
	Left  int64     // rupiah
	Until time.Time // when prepaid credit expires
}

// News is a trouble that the operator has to be told about.
type News struct {
	ID    int64
	Ended time.Time // zero: it lasts
	Again bool      // it was told before
	Trouble
}

// Watching is what the watch needs of the database.
type Watching interface {
	// KeepPhones keeps signs of life, whoever heard them, and notes the outages of phones that are silent for longer.
	KeepPhones(ctx context.Context, phones []Phone, silent time.Duration, now time.Time) error
	// KeepLines keeps when lines worked, whoever holds them, and notes the outages of those that have not for longer.
	KeepLines(ctx context.Context, lines []Line, silent time.Duration, now time.Time) error
	// Troubles are what is wrong now.
	Troubles(ctx context.Context, l Limits, now time.Time) ([]Trouble, error)
	// Alarmed begins and ends alarms so that they are these.
	Alarmed(ctx context.Context, now time.Time, troubles []Trouble) error
	// ToTell takes the news that nobody else is telling.
	ToTell(ctx context.Context, now time.Time, again time.Duration, limit int) ([]News, error)
	// Told keeps that the operator knows.
	Told(ctx context.Context, n News, now time.Time) error
	// Swept keeps that the clock was swept.
	Swept(ctx context.Context, now time.Time) error
}

// RunWatch watches until the context ends.
func (s *Scheduler) RunWatch(ctx context.Context) {
	s.every(ctx, watchEvery, "watch", func(ctx context.Context) error { return s.Watch(ctx, s.Clock.Now()) })
}

// every does the same again and again until the context ends; a fault is told and does not end it.
func (s *Scheduler) every(ctx context.Context, pause time.Duration, what string, do func(context.Context) error) {
	t := time.NewTicker(pause)
	defer t.Stop()
	for {
		select {
		case <-t.C:
		case <-ctx.Done():
			return
		}
		if err := do(ctx); err != nil && ctx.Err() == nil {
			s.Log.Error(what, "error", err)
		}
	}
}

// Watch looks once. An alarm is told once when it begins, daily while it lasts and once when it ends, by one replica.
func (s *Scheduler) Watch(ctx context.Context, now time.Time) error {
	if s.Phones != nil {
		if err := s.Store.KeepPhones(ctx, s.Phones(), silentAfter, now); err != nil {
			return fmt.Errorf("watch: %w", err)
		}
	}
	if s.Lines != nil {
		if err := s.Store.KeepLines(ctx, s.Lines(now), brokenAfter, now); err != nil {
			return fmt.Errorf("watch: %w", err)
		}
	}
	l := s.Limits
	if l == (Limits{}) {
		l = DefaultLimits()
	}
	troubles, err := s.Store.Troubles(ctx, l, now)
	if err != nil {
		return fmt.Errorf("watch: %w", err)
	}
	if err := s.Store.Alarmed(ctx, now, troubles); err != nil {
		return fmt.Errorf("watch: %w", err)
	}
	if s.Tell == nil {
		return nil
	}
	news, err := s.Store.ToTell(ctx, now, tellAgain, tellBatch)
	if err != nil {
		return fmt.Errorf("watch: %w", err)
	}
	var errs []error
	for _, n := range news {
		words, err := s.news(n)
		if err == nil {
			call, cancel := context.WithTimeout(ctx, sendTime)
			err = s.Tell(call, words)
			cancel()
		}
		if err != nil { // it is told again when the claim has run out
			errs = append(errs, fmt.Errorf("tell the operator: %w", err))
			continue
		}
		if err := s.Store.Told(ctx, n, now); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// news words an alarm.
func (s *Scheduler) news(n News) (string, error) {
	key := "alarm.began"
	switch {
	case !n.Ended.IsZero():
		key = "alarm.ended"
	case n.Again:
		key = "alarm.lasts"
	}
	since := n.Since.In(prokus.Zone(""))
	args := text.Args{
		"saluran": text.Str(n.About), "tgl": text.Str(bahasa.Date(since)), "jam": text.Str(bahasa.Clock(since)), "n": text.Num(int64(n.N)),
		"p": text.Num(int64(n.P)), "sisa": text.Rp(max(n.Left, 0)), "habis": text.Str(bahasa.Date(n.Until.In(prokus.Zone("")))),
	}
	said, err := s.Texts.Render(key, string(prokus.ID), text.Args{"alarm": text.Key("alarm.about."+n.Kind, args)}, text.Route{Via: "sms", Money: bahasa.Full, MaxParts: 2})
	return said.Text, err
}
