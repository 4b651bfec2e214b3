package postgres_test

import (
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/pgtest"
	"github.com/kabar-prokus/kabar/internal/postgres"
	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

const holder = "+6281234567417"

// A number is in doubt sixty days after the last that is known of its holder; until then she is written to (faults.md H1).
func TestSilentNumbersAreInDoubt(t *testing.T) {
	now := time.Date(2026, 8, 10, 9, 0, 0, 0, time.UTC)
	days := func(n int) time.Time { return now.AddDate(0, 0, -n) }
	for name, c := range map[string]struct {
		linked, invited, seen, wrote int  // days ago; 0: never
		chat                         bool // she has a chat besides
		doubted                      bool
	}{
		"linked long ago, never heard of":               {linked: 61, doubted: true},
		"linked on the sixtieth day":                    {linked: 60},
		"invited lately":                                {linked: 200, invited: 5},
		"wrote lately from this number":                 {linked: 200, wrote: 59},
		"wrote long ago from it":                        {linked: 200, wrote: 61, doubted: true},
		"wrote long ago from it, lately from elsewhere": {linked: 200, wrote: 61, seen: 2, chat: true, doubted: true},
		"wrote long ago, seen lately, has nothing else": {linked: 200, wrote: 61, seen: 2},
		"seen lately, by whichever way":                 {linked: 200, seen: 2},
	} {
		t.Run(name, func(t *testing.T) {
			pool := pgtest.New(t)
			db, err := postgres.Open(pool)
			if err != nil {
				t.Fatal(err)
			}
			ago := func(n int) any {
				if n == 0 {
					return nil
				}
				return days(n)
			}
			exec(t, pool, `INSERT INTO area VALUES ('32.10.07', NULL, 3, 'Maja', 'Asia/Jakarta')`)
			person := one[int64](t, pool, `INSERT INTO person (code, name, area_code, consent, zone, created_at, invited_at, last_seen)
				VALUES ('482919', 'Siti Aminah', '32.10.07', 'ya', 'Asia/Jakarta', $1, $2, $3) RETURNING id`, days(300), ago(c.invited), ago(c.seen))
			exec(t, pool, `INSERT INTO address (person_id, kind, value, is_primary, linked_at) VALUES ($1, 'phone', $2, true, $3)`, person, holder, days(c.linked))
			if c.chat {
				exec(t, pool, `INSERT INTO address (person_id, kind, value, linked_at) VALUES ($1, 'telegram', '66001', $2)`, person, days(c.linked))
			}
			if c.wrote > 0 {
				exec(t, pool, `INSERT INTO inbox (channel, provider_id, via, sender, kind, at) VALUES ('sim', '1', 'sms', $1, 'text', $2)`, holder, days(c.wrote))
			}
			var ids []string
			var doubted bool
			var ways []prokus.Address
			err = db.InTx(t.Context(), func(tx *postgres.Tx) (err error) {
				if ids, err = tx.Enqueue(t.Context(), now, prokus.Message{Person: person, Kind: prokus.KindNotice, Text: "grant.credited"}); err != nil {
					return err
				}
				ways, err = tx.CertainWays(t.Context(), person, 0, now)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			roads := -1
			_, _, err = db.Schedule().Claim(t.Context(), ids[0], now, func(f scheduler.Facts) scheduler.Decision {
				roads = len(f.Roads)
				return scheduler.Decision{Verdict: scheduler.Wait, Until: now.Add(time.Hour)}
			})
			if err != nil {
				t.Fatal(err)
			}
			err = db.InTx(t.Context(), func(tx *postgres.Tx) (err error) {
				doubted, err = tx.Doubted(t.Context(), holder, 1<<40, now)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			want := 1
			if c.doubted {
				want = 0
			}
			if c.chat {
				want++
			}
			if doubted != c.doubted || len(ways) != want || roads != want {
				t.Errorf("doubted %t, %d ways to tell her, %d roads for what she did not ask for; want %t, %d, %d", doubted, len(ways), roads, c.doubted, want, want)
			}
		})
	}
}

// A doubt stays until it is ended, however much the number writes meanwhile; a chat is never in doubt.
func TestADoubtStays(t *testing.T) {
	pool := pgtest.New(t)
	db, err := postgres.Open(pool)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 8, 10, 9, 0, 0, 0, time.UTC)
	exec(t, pool, `INSERT INTO area VALUES ('32.10.07', NULL, 3, 'Maja', 'Asia/Jakarta')`)
	person := one[int64](t, pool, `INSERT INTO person (code, name, area_code, zone, created_at) VALUES ('482919', 'Siti Aminah', '32.10.07', 'Asia/Jakarta', $1) RETURNING id`, now)
	exec(t, pool, `INSERT INTO address (person_id, kind, value, linked_at) VALUES ($1, 'phone', $2, $3), ($1, 'telegram', '66001', $3)`, person, holder, now.AddDate(0, 0, -90))
	steps := []struct {
		what string
		want bool
	}{{"first", true}, {"wrote", true}, {"trusted", false}}
	for _, s := range steps {
		err := db.InTx(t.Context(), func(tx *postgres.Tx) error {
			switch s.what {
			case "wrote":
				exec(t, pool, `INSERT INTO inbox (channel, provider_id, via, sender, kind, at) VALUES ('sim', '1', 'sms', $1, 'text', $2)`, holder, now)
			case "trusted":
				if err := tx.TrustNumber(t.Context(), holder); err != nil {
					return err
				}
			}
			got, err := tx.Doubted(t.Context(), holder, 1<<40, now)
			if got != s.want {
				t.Errorf("%s: doubted %t", s.what, got)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n := one[int](t, pool, `SELECT count(*) FROM address WHERE kind = 'telegram' AND doubted_at IS NOT NULL`); n != 0 {
		t.Error("a chat was doubted")
	}
}

// An undone link gives the number that was told its place back, and can be undone once.
func TestUndoLink(t *testing.T) {
	pool := pgtest.New(t)
	db, err := postgres.Open(pool)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 6, 10, 9, 0, 0, 0, time.UTC)
	exec(t, pool, `INSERT INTO area VALUES ('32.10.07', NULL, 3, 'Maja', 'Asia/Jakarta')`)
	person := one[int64](t, pool, `INSERT INTO person (code, name, area_code, zone, created_at) VALUES ('482919', 'Siti Aminah', '32.10.07', 'Asia/Jakarta', $1) RETURNING id`, now)
	exec(t, pool, `INSERT INTO address (person_id, kind, value, is_primary, linked_at) VALUES ($1, 'phone', $2, true, $3)`, person, holder, now.AddDate(0, 0, -9))
	err = db.InTx(t.Context(), func(tx *postgres.Tx) error {
		id, err := tx.LinkAddress(t.Context(), person, 0, "phone", "+6285711112222", now)
		if err != nil {
			return err
		}
		if err := tx.KeepNotice(t.Context(), id, holder, now); err != nil {
			return err
		}
		return tx.ReleaseAddress(t.Context(), person, holder, prokus.AddressReleased, now)
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, false} {
		var u acts.Undone
		var ok bool
		err := db.InTx(t.Context(), func(tx *postgres.Tx) (err error) {
			u, ok, err = tx.UndoLink(t.Context(), holder, now.Add(-acts.UndoLinkFor), now)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if ok != want || ok && (u.Person != person || u.Value != "+6285711112222") {
			t.Errorf("undone %d: %t %+v", i+1, ok, u)
		}
	}
	got := one[string](t, pool, `SELECT string_agg(right(value, 3) || ' ' || status || ' ' || is_primary, ', ' ORDER BY value) FROM address`)
	if want := "417 aktif true, 222 salah_orang false"; got != want {
		t.Errorf("addresses: %s, want %s", got, want)
	}
}
