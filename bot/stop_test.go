package bot_test

import "testing"

// STOP in the middle of a question: the question ends, and what was queued for her ends in the same transaction; what
// concerns others goes on (faults.md B12).
func TestB12StopEndsWhatIsQueued(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := func(name string) int64 {
		return int64(w.one(`SELECT person_id FROM address WHERE kind = 'phone' AND value = $1 AND person_id IS NOT NULL LIMIT 1`, phones[name]))
	}
	for _, kind := range []string{"prompt", "reminder", "mentoring"} {
		for _, who := range []string{"Siti", "Ani"} {
			w.exec(`INSERT INTO outbox (person_id, kind, lane, text_key, not_before, created_at) VALUES ($1, $2, 3, 'remind.first', $3, $4)`, id(who), kind, w.clock().Add(3600e9), w.clock())
		}
	}
	w.sms(phones["Siti"], "tolong") // a question stands open
	w.sms(phones["Siti"], "STOP")
	if n := w.one(`SELECT count(*) FROM outbox WHERE person_id = $1 AND state = 'queued' AND not_before > $2`, id("Siti"), w.clock()); n != 0 {
		t.Errorf("%d of hers are still queued", n)
	}
	if n := w.one(`SELECT count(*) FROM outbox WHERE person_id = $1 AND state = 'cancelled'`, id("Siti")); n != 3 {
		t.Errorf("%d of hers are cancelled, want 3", n)
	}
	if n := w.one(`SELECT count(*) FROM outbox WHERE person_id = $1 AND state = 'queued'`, id("Ani")); n != 3 {
		t.Errorf("%d of Ani's are queued, want 3", n)
	}
	if n := w.one(`SELECT count(*) FROM place WHERE owner = 'p:' || $1::bigint`, id("Siti")); n != 0 {
		t.Errorf("%d questions stand open", n)
	}
}
