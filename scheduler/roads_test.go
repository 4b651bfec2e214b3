package scheduler_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// by makes the world's scheduler one with other senders and terms.
func (w *world) by(terms []scheduler.Terms, senders ...channels.Sender) {
	w.t.Helper()
	c := w.Config
	c.Senders, c.Terms = senders, terms
	var err error
	w.Scheduler, err = scheduler.New(c)
	w.must(err)
}

func (w *world) error(id string) string {
	return one[string](w, `SELECT error FROM outbox WHERE id = $1`, id)
}

// took says by which sender a row left, what it cost, and whether it says that another road would have been the first.
func (w *world) took(id string) string {
	return one[string](w, `SELECT concat_ws(' ', state, channel, nullif(operator, ''), cost, nullif('instead of ' || detour, 'instead of ')) FROM outbox WHERE id = $1`, id)
}

// The cheapest sender that serves the number's operator; who last wrote by another is answered by that one.
func TestCheapestSenderOfTheOperator(t *testing.T) {
	w := newWorld(t, "2026-06-08 12:00")
	siti, _ := w.cast()                                              // Telkomsel
	ani := w.person("482920", "Ani", "32.10.07", "+6285612340002")   // Indosat
	budi := w.person("482921", "Budi", "32.10.07", "+6281234567418") // Telkomsel, wrote by the aggregator
	w.exec(`INSERT INTO inbox (channel, provider_id, via, sender, kind, at) VALUES ('gateway-a', 'x', 'sms', '+6281234567418', 'text', now())`)
	phones, all := &provider{name: "smsgate"}, &provider{name: "gateway-a"}
	w.by([]scheduler.Terms{
		{Channel: "gateway-a", Via: channels.SMS, Price: 230, Prices: map[prokus.Operator]int64{prokus.Indosat: 180}},
		{Channel: "smsgate", Via: channels.SMS, Operators: []prokus.Operator{prokus.Telkomsel}, Price: 90},
	}, phones, all)
	for _, c := range []struct {
		person int64
		want   string
	}{{siti, "sent smsgate telkomsel 90"}, {ani, "sent gateway-a indosat 180"}, {budi, "sent gateway-a telkomsel 230"}} {
		id := w.enqueue(notice(c.person))
		w.must(w.Deliver(w.ctx, []string{id}))
		if got := w.took(id); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

// A road that refuses a message gives way to the next, and the row says so.
func TestARefusedMessageTakesTheNextRoad(t *testing.T) {
	for _, c := range []struct {
		kind channels.ErrorKind
		want string
	}{
		{channels.Invalid, "sent b telkomsel 300 instead of a"},
		{channels.Misconfig, "sent b telkomsel 300 instead of a"},
		{channels.BlockedBy, "sent telegram 0 instead of a"}, // the number is closed, whoever sends
	} {
		w := newWorld(t, "2026-06-08 12:00")
		siti, _ := w.cast()
		w.exec(`INSERT INTO address (person_id, kind, value, linked_at) VALUES ($1, 'telegram', '4711', now())`, siti)
		a := &provider{name: "a", fail: func(channels.Outbound) error { return refuse(c.kind) }}
		w.by([]scheduler.Terms{
			{Channel: "a", Via: channels.SMS, Price: 100}, {Channel: "b", Via: channels.SMS, Price: 300}, {Channel: "telegram", Via: channels.Telegram},
		}, a, &provider{name: "b"}, &provider{name: "telegram"})
		id := w.enqueue(notice(siti))
		w.must(w.Deliver(w.ctx, []string{id}))
		if got := w.took(id); got != c.want {
			t.Errorf("%s: got %s, want %s", c.kind, got, c.want)
		}
		if n := one[int](w, `SELECT count(*) FROM cases`); n != 0 {
			t.Errorf("%s: %d cases although she was reached", c.kind, n)
		}
	}
}

// When every road has refused a message it fails once and for all.
func TestEveryRoadRefuses(t *testing.T) {
	w := newWorld(t, "2026-06-08 12:00")
	siti, _ := w.cast()
	no := func(channels.Outbound) error { return refuse(channels.Invalid) }
	w.by([]scheduler.Terms{{Channel: "a", Via: channels.SMS}, {Channel: "b", Via: channels.SMS}}, &provider{name: "a", fail: no}, &provider{name: "b", fail: no})
	id := w.enqueue(notice(siti))
	w.must(w.Deliver(w.ctx, []string{id}))
	if got := w.state(id) + one[string](w, `SELECT error_kind FROM outbox WHERE id = $1`, id); got != "failedinvalid" {
		t.Error(got)
	}
}

// How long a message waits for a sender that is down before it takes another one depends on what it is; an answer of hers goes
// by her other address where no sender of the first is left.
func TestPatienceOfTheKind(t *testing.T) {
	down := func(channels.Outbound) error { return refuse(channels.Temporary) }
	for _, c := range []struct {
		kind  prokus.Kind
		after time.Duration // the outage has lasted
		want  string
	}{
		{prokus.KindReply, 30 * time.Second, "queued"},
		{prokus.KindReply, 2 * time.Minute, "sent b telkomsel 300 instead of a"},
		{prokus.KindNotice, 2 * time.Minute, "queued"},
		{prokus.KindNotice, 40 * time.Minute, "sent b telkomsel 300 instead of a"},
		{prokus.KindBroadcast, 2 * time.Hour, "queued"},
		{prokus.KindBroadcast, 7 * time.Hour, "sent b telkomsel 300 instead of a"},
	} {
		w := newWorld(t, "2026-06-08 09:00")
		w.ownClock()
		siti, _ := w.cast()
		w.by([]scheduler.Terms{{Channel: "a", Via: channels.SMS, Price: 100}, {Channel: "b", Via: channels.SMS, Price: 300}},
			&provider{name: "a", fail: down}, &provider{name: "b"})
		w.exec(`INSERT INTO channel_gate (channel, reason, since, closed_until, pause_ms, failures) VALUES ('a', 'down', $1, $2, 30000, 5)`,
			w.Clock.Now(), w.Clock.Now().Add(c.after+20*time.Second))
		w.pass(c.after)
		m := notice(siti)
		m.Kind = c.kind
		id := w.enqueue(m)
		w.must(w.Deliver(w.ctx, []string{id}))
		if got := w.took(id); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s after %s: %s, want %s", c.kind, c.after, got, c.want)
		}
	}
}

// With little traffic the gate never closes; a message that failed for longer than it can wait goes elsewhere all the same.
func TestAQuietDayFallsBackToo(t *testing.T) {
	w := newWorld(t, "2026-06-08 12:00")
	w.ownClock()
	siti, _ := w.cast()
	a := &provider{name: "a", fail: func(channels.Outbound) error { return refuse(channels.Temporary) }}
	w.by([]scheduler.Terms{{Channel: "a", Via: channels.SMS}, {Channel: "b", Via: channels.SMS}}, a, &provider{name: "b"})
	m := notice(siti)
	m.Kind = prokus.KindReply
	id := w.enqueue(m)
	w.must(w.Deliver(w.ctx, []string{id}))
	if w.state(id) != "queued" {
		t.Fatal(w.took(id))
	}
	w.pass(31 * time.Second)
	w.must(w.Deliver(w.ctx, []string{id}))
	if got := w.took(id); got != "sent b telkomsel 0 instead of a" {
		t.Error(got)
	}
}

// An answer goes back on the road that the message came by; her other address is for when that one refuses.
func TestAnAnswerGoesBackOnItsRoad(t *testing.T) {
	for _, refused := range []bool{false, true} {
		w := newWorld(t, "2026-06-08 12:00")
		siti, _ := w.cast()
		w.exec(`INSERT INTO address (person_id, kind, value, linked_at) VALUES ($1, 'telegram', '4711', now())`, siti)
		tg := &provider{name: "telegram"}
		want := "sent telegram 0"
		if refused {
			tg.fail = func(channels.Outbound) error { return refuse(channels.BlockedBy) }
			want = "sent sim telkomsel 350 instead of telegram"
		}
		w.by(nil, w.sim, tg)
		id := w.enqueue(prokus.Message{Person: siti, Channel: "telegram", Via: "telegram", To: "4711", Kind: prokus.KindReply, Text: "button.stale"})
		w.must(w.Deliver(w.ctx, []string{id}))
		if got := w.took(id); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		// What is said to a certain number stays with it: the next owner of a chat is nobody's substitute.
		m := prokus.Message{Person: siti, Channel: "telegram", Via: "telegram", To: "999", Kind: prokus.KindNotice, Text: "button.stale"}
		id = w.enqueue(m)
		tg.fail = func(channels.Outbound) error { return refuse(channels.BlockedBy) }
		w.must(w.Deliver(w.ctx, []string{id}))
		if w.state(id) != "failed" {
			t.Errorf("to another number: %s", w.took(id))
		}
	}
}

// A provider that is down for an hour: the gate closes within ten seconds for every replica, no attempt is burnt, what waited
// leaves at the sender's rate, and nothing that has expired does (faults.md B4, R7).
func TestB4R7DownForAnHour(t *testing.T) {
	t.Parallel()
	const people, rate = 3000, 10.0
	w, _ := telegramWorld(t)
	began := w.Clock.Now()
	back := began.Add(time.Hour)
	var mu sync.Mutex
	calls, expired := 0, 0
	p := &provider{name: "sim"}
	p.fail = func(m channels.Outbound) error {
		mu.Lock()
		defer mu.Unlock()
		now := w.Clock.Now()
		if !m.Before.IsZero() && now.After(m.Before) {
			expired++
		}
		if calls++; now.Before(back) {
			return refuse(channels.Temporary)
		}
		return nil
	}
	w.exec(`
		WITH p AS (INSERT INTO person (code, name, area_code, zone, consent, consent_at, last_seen, created_at)
			SELECT (100000 + n)::text, 'Siti', '32.10.07', 'Asia/Jakarta', 'ya', $2, $2, $2 FROM generate_series(1, $1) n RETURNING id)
		INSERT INTO address (person_id, kind, value, is_primary, linked_at) SELECT id, 'phone', '+62812' || (10000000 + row_number() OVER ()), true, now() FROM p`,
		people, began.Add(-time.Hour))
	w.by([]scheduler.Terms{{Channel: "sim", Via: channels.SMS, Price: 350, Rate: scheduler.Rate{PerSecond: rate, Burst: 3}}}, p)
	other, err := scheduler.New(w.Config) // a second replica
	w.must(err)
	rows, err := w.pool.Query(w.ctx, `SELECT id FROM person ORDER BY id`)
	w.must(err)
	var ids []int64
	for rows.Next() {
		var id int64
		w.must(rows.Scan(&id))
		ids = append(ids, id)
	}
	w.must(rows.Err())
	late := w.enqueue(prokus.Message{Person: ids[0], Kind: prokus.KindNotice, Text: "button.stale", NotAfter: began.Add(30 * time.Minute)})
	w.broadcast(ids)
	both := func(step time.Duration) (busy bool) {
		w.pass(step)
		for _, s := range []*scheduler.Scheduler{w.Scheduler, other} {
			b, wait, err := s.Pump(w.ctx, w.Clock.Now())
			w.must(err)
			w.must(wait())
			busy = busy || b
		}
		return busy
	}
	w.must(w.Deliver(w.ctx, []string{late}))
	for w.Clock.Now().Before(began.Add(10 * time.Second)) {
		both(100 * time.Millisecond)
	}
	closed := one[time.Time](w, `SELECT from_at FROM outage WHERE channel = 'sim' AND reason = 'down'`)
	for w.Clock.Now().Add(3 * time.Second).Before(back) { // no step goes past the hour
		both(3 * time.Second)
	}
	t.Logf("closed after %s, %d calls in the hour", closed.Sub(began), calls)
	if closed.Sub(began) > 10*time.Second || calls > 30+2*120 {
		t.Errorf("closed after %s, %d calls in the hour", closed.Sub(began), calls)
	}
	if n := one[int](w, `SELECT sum(attempts) FROM outbox`); n != 0 {
		t.Errorf("%d attempts were burnt", n)
	}
	end := began
	for steps := 0; one[int](w, `SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')`) > 0; steps++ {
		both(200 * time.Millisecond)
		if steps%300 == 0 {
			w.must(w.Drain(w.ctx)) // as the minute's tick: what failed before the gate closed
		}
		if end = w.Clock.Now(); steps > 2*people {
			t.Fatal("it does not end: " + one[string](w, `SELECT string_agg(x::text, ' ') FROM (SELECT state, awaits, error, count(*), min(not_before), max(not_before) FROM outbox GROUP BY 1, 2, 3) x`))
		}
	}
	took, theory := end.Sub(back), time.Duration(people/rate*float64(time.Second))
	t.Logf("%d drained in %s, theory %s (%.1f %%)", people, took, theory, 100*took.Seconds()/theory.Seconds())
	if took > theory*110/100 {
		t.Errorf("drained in %s, theory is %s", took, theory)
	}
	if w.state(late) != "skipped" || expired != 0 {
		t.Errorf("the expired one is %s; %d left after their time", w.state(late), expired)
	}
	if n := one[int](w, `SELECT count(*) FROM outbox WHERE state = 'sent' AND attempts = 1`); n != people {
		t.Errorf("%d of %d sent in one attempt", n, people)
	}
	if n := one[int](w, `SELECT count(*) FROM outage WHERE to_at IS NULL`) + one[int](w, `SELECT count(*) FROM channel_gate`); n != 0 {
		t.Errorf("%d gates or outages are left open", n)
	}
}

// A provider that asks for a pause gets it to the second from every replica, and nothing is counted (faults.md B6).
func TestB6TheWholeBotWaitsAsLongAsItWasTold(t *testing.T) {
	w := newWorld(t, "2026-06-08 12:00")
	w.ownClock()
	siti, _ := w.cast()
	var until time.Time
	p := &provider{name: "telegram"}
	p.fail = func(channels.Outbound) error {
		switch now := w.Clock.Now(); {
		case until.IsZero():
			until = now.Add(7 * time.Second)
			return &channels.SendError{Kind: channels.Throttled, Code: "429", RetryAfter: 7 * time.Second, Err: errors.New("too many")}
		case now.Before(until):
			t.Errorf("called %s early", until.Sub(now))
		}
		return nil
	}
	w.exec(`UPDATE address SET kind = 'telegram', value = '4711' WHERE person_id = $1`, siti)
	w.by(nil, p)
	other, err := scheduler.New(w.Config)
	w.must(err)
	var ids []string
	for range 6 {
		id := w.enqueue(prokus.Message{Person: siti, Kind: prokus.KindReply, Text: "button.stale"})
		ids = append(ids, id)
	}
	w.must(w.Deliver(w.ctx, ids[:3]))
	w.must(other.Deliver(w.ctx, ids[3:]))
	for range 80 {
		w.pump()
	}
	w.must(w.Drain(w.ctx))
	if n := len(p.all()); n != 6 {
		t.Errorf("%d of 6 left", n)
	}
	if n := one[int](w, `SELECT count(*) FROM outbox WHERE attempts <> 1`); n != 0 {
		t.Errorf("%d rows count more than one attempt", n)
	}
}

// Wrong credentials pause the channel: one try a minute for all, nothing is counted, the outage is noted (faults.md B20).
func TestB20WrongCredentialsPauseTheChannel(t *testing.T) {
	w := newWorld(t, "2026-06-08 12:00")
	w.ownClock()
	siti, _ := w.cast()
	w.exec(`UPDATE person SET consent = 'belum'`)
	right := false
	calls := 0
	w.sim.fail = func(channels.Outbound) error {
		if calls++; !right {
			return refuse(channels.Misconfig)
		}
		return nil
	}
	w.by(nil, w.sim)
	var ids []string
	for range 20 {
		ids = append(ids, w.enqueue(notice(siti)))
	}
	for _, id := range ids {
		w.must(w.Deliver(w.ctx, []string{id}))
	}
	for range 10 {
		w.pass(time.Minute)
		w.must(w.Drain(w.ctx))
	}
	if calls > 12 {
		t.Errorf("%d calls in ten minutes", calls)
	}
	if got := one[string](w, `SELECT reason || coalesce(to_at::text, ' open') FROM outage`); got != "credentials open" {
		t.Errorf("outage: %s", got)
	}
	if n := one[int](w, `SELECT sum(attempts) FROM outbox`); n != 0 {
		t.Errorf("%d attempts were burnt", n)
		t.Log(one[string](w, `SELECT string_agg(x::text, E'\n') FROM (SELECT id, state, attempts, error_kind, error, awaits, not_before, (SELECT string_agg(e.what || ' ' || e.state || ' ' || e.at, '; ') FROM outbox_event e WHERE e.outbox_id = o.id) FROM outbox o WHERE attempts > 0) x`))
		t.Log(one[string](w, `SELECT to_jsonb(g)::text FROM channel_gate g`))
	}
	right = true
	for range 4 {
		w.pass(time.Minute)
		w.must(w.Drain(w.ctx))
	}
	if n := one[int](w, `SELECT count(*) FROM outbox WHERE state = 'sent'`); n != 20 {
		t.Errorf("%d of 20 left when it was corrected", n)
	}
	if n := one[int](w, `SELECT count(*) FROM outage WHERE to_at IS NULL`); n != 0 {
		t.Error("the outage does not end")
	}
}

// Two replicas take their tokens from one bucket, and what waits in one lane does not keep another waiting.
func TestRatesAreShared(t *testing.T) {
	w := newWorld(t, "2026-06-08 12:00")
	w.ownClock()
	var people []int64
	for n := range 24 {
		people = append(people, w.person(fmt.Sprintf("5%05d", n), "Siti", "32.10.07", fmt.Sprintf("+62812000%05d", n)))
	}
	w.by([]scheduler.Terms{{Channel: "sim", Via: channels.SMS, Price: 350, Rate: scheduler.Rate{PerSecond: 2, Burst: 5}}}, w.sim)
	other, err := scheduler.New(w.Config)
	w.must(err)
	var wg sync.WaitGroup
	for i, p := range people[:20] {
		m := notice(p)
		m.Kind = prokus.KindBroadcast
		id := w.enqueue(m)
		s := []*scheduler.Scheduler{w.Scheduler, other}[i%2]
		wg.Go(func() {
			if err := s.Deliver(w.ctx, []string{id}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(w.sim.all()); n != 3 { // two of the five are kept for answers
		t.Errorf("%d broadcasts went at once", n)
	}
	for i, p := range people[20:] {
		m := notice(p)
		m.Kind = prokus.KindReply
		id := w.enqueue(m)
		w.must(w.Deliver(w.ctx, []string{id}))
		if want := []string{"sent", "sent", "queued", "queued"}[i]; w.state(id) != want {
			t.Errorf("answer %d is %s", i, w.state(id))
		}
	}
	w.sim.forget()
	for range 10 { // a second: two tokens, for the answers that wait
		w.pump()
	}
	if got := w.sim.all(); len(got) != 2 || got[0].Kind != "reply" || got[1].Kind != "reply" {
		t.Errorf("after a second: %+v", got)
	}
}
