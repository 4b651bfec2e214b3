package postgres_test

import (
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/demo"
)

func TestTheDemoIsBuiltOnce(t *testing.T) {
	db, pool := withAreas(t)
	now := time.Date(2026, 6, 7, 11, 29, 0, 0, time.UTC)
	key := []byte("a key for tests only, 32 bytes..")
	for range 2 {
		if err := demo.Build(t.Context(), db, now, key, true); err != nil {
			t.Fatal(err)
		}
	}
	w, err := demo.Invent(now, key, true)
	if err != nil {
		t.Fatal(err)
	}
	for table, want := range map[string]int{
		"person": len(w.People), "staff": len(w.Staff), "report": len(w.Reports), "grants": len(w.Grants), "cases": len(w.Cases),
		"session": len(w.Sessions), "inbox": len(w.In), "outbox": len(w.Out), "batch": 1,
	} {
		if n := one[int](t, pool, `SELECT count(*) FROM `+table); n != want || n == 0 {
			t.Errorf("%s: %d rows, want %d", table, n, want)
		}
	}
	if n := one[int](t, pool, `SELECT count(*) FROM outbox WHERE key LIKE '%!%%' ESCAPE '!' OR state <> 'sent' OR said = ''`); n != 0 {
		t.Errorf("%d messages did not leave as they should", n)
	}
	if n := one[int](t, pool, `SELECT count(*) FROM river_job`); n != 0 {
		t.Errorf("%d jobs: history is not sent again", n)
	}
	if n := one[int](t, pool, `SELECT count(*) FROM address WHERE value = $1 AND is_primary`, string(demo.SitiPhone)); n != 1 {
		t.Errorf("Siti's number is there %d times", n)
	}
	if n := one[int](t, pool, `SELECT count(*) FROM cases c JOIN ticket_counter k ON k.kabupaten = c.kabupaten AND k.year = c.year WHERE c.ticket > k.last`); n != 0 {
		t.Errorf("%d tickets are ahead of their counter", n)
	}
	if n := one[int](t, pool, `SELECT count(*) FROM person p WHERE NOT EXISTS (SELECT FROM address a WHERE a.person_id = p.id AND a.is_primary) AND p.name <> 'Mak Icih'
		AND EXISTS (SELECT FROM address a WHERE a.person_id = p.id)`); n != 0 {
		t.Errorf("%d people have numbers and none that is the first", n)
	}
}
