package scheduler_test

import (
	"testing"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// What a kabupaten would change is rehearsed with its own people: no statement looks at the many others, and nothing of them is told.
func TestAPreviewIsOfItsArea(t *testing.T) {
	const people, few = 20_000, 1000
	e := newExplainer(t)
	w := newWorldOn(t, e.Pool, "2026-06-07 12:00", nil)
	w.cast()
	w.exec(`INSERT INTO area (code, parent, level, name, zone) VALUES ('32.09', '32', 2, 'Cirebon', 'Asia/Jakarta'), ('32.09.01', '32.09', 3, 'Waled', 'Asia/Jakarta')`)
	w.staff("tksk", "Bu", "Lilis", "32.09.01", "+6281100000003")
	w.exec(`INSERT INTO person (code, name, area_code, zone, consent, consent_at, last_seen, created_at)
		SELECT 'x' || i, 'Orang', '32.09.01', 'Asia/Jakarta', 'ya', '2026-01-01', '2026-06-01', '2026-01-01' FROM generate_series(1, $1::int) i`, people)
	w.exec(`INSERT INTO address (person_id, kind, value, is_primary, linked_at) SELECT id, 'phone', '+6281' || 200000000 + id, true, now() FROM person WHERE code LIKE 'x%'`)
	w.exec(`ANALYZE person; ANALYZE address`)
	var p prokus.Preview
	plans := e.during(func() {
		var err error
		p, err = w.Preview(w.ctx, prokus.RuleVersion{Area: "32.10", Key: "week.prompt.at", Value: "0 19 * * 0", From: w.Clock.Now()}, w.Clock.Now(), 7)
		w.must(err)
	})
	if len(plans) < 20 {
		t.Fatalf("%d plans were seen", len(plans))
	}
	for _, p := range plans {
		if n, where := p.most(); n > few {
			t.Errorf("%d rows at %q of %s\n%s", n, where, p.short(), p.text)
		}
	}
	gone, come, _ := p.Changed()
	if len(gone) != 1 || len(come) != 1 || come[0].At.Format("Mon 15:04") != "Sun 19:00" || come[0].Code != "482919" {
		t.Errorf("gone %+v\ncome %+v", gone, come)
	}
	for _, d := range append(p.Before.Messages, p.After.Messages...) {
		if d.Code != "" && d.Code != "482919" {
			t.Fatalf("somebody else: %+v", d)
		}
	}
}
