package postgres_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/pgtest"
	"github.com/kabar-prokus/kabar/internal/postgres"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Twenty people of one session want the three seats of another at the same moment: three of them get one, and their old
// seats are free with the same commit; nobody has two seats or none.
func TestTheLastSeats(t *testing.T) {
	const people, seats = 20, 3
	pool := pgtest.New(t)
	db, err := postgres.Open(pool)
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	exec := func(sql string, args ...any) {
		t.Helper()
		if _, err := pool.Exec(ctx, sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Date(2026, 6, 9, 17, 0, 0, 0, prokus.Zone(""))
	exec(`INSERT INTO area VALUES ('32', NULL, 1, 'Jawa Barat', 'Asia/Jakarta'), ('32.10', '32', 2, 'Majalengka', 'Asia/Jakarta'), ('32.10.07', '32.10', 3, 'Maja', 'Asia/Jakarta')
		ON CONFLICT DO NOTHING`)
	exec(`INSERT INTO person (code, name, area_code, consent, consent_at, zone, created_at)
		SELECT (100000 + i)::text, 'Siti Nomor' || i, '32.10.07', 'ya', now(), 'Asia/Jakarta', now() FROM generate_series(1, $1::int) i`, people)
	var ids [2]int64
	for i, at := range []time.Time{now.AddDate(0, 0, 1), now.AddDate(0, 0, 4)} {
		if err := pool.QueryRow(ctx, `INSERT INTO session (starts_at, area_code, place, capacity) VALUES ($1, '32.10.07', 'Balai', $2) RETURNING id`,
			at, []int{people, seats}[i]).Scan(&ids[i]); err != nil {
			t.Fatal(err)
		}
	}
	exec(`INSERT INTO invite (session_id, person_id, rsvp) SELECT $1, id, 'ya' FROM person`, ids[0])

	var wg sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for i := 1; i <= people; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			ok := false
			err := db.InTx(ctx, func(tx *postgres.Tx) error {
				p, found, err := tx.PersonByCode(ctx, fmt.Sprint(100000+i))
				if err != nil || !found {
					return fmt.Errorf("found %t: %w", found, err)
				}
				_, ok, err = acts.Exchange(ctx, tx, acts.By{Now: now, Channel: "sim"}, p, ids[0], ids[1], false)
				return err
			})
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
			}
			if ok {
				won++
			}
		}()
	}
	wg.Wait()
	var there, left, both int
	if err := pool.QueryRow(ctx, `SELECT count(*) FILTER (WHERE session_id = $2 AND rsvp = 'ya'), count(*) FILTER (WHERE session_id = $1 AND rsvp = 'ya'),
		(SELECT count(*) FROM (SELECT person_id FROM invite WHERE rsvp = 'ya' GROUP BY person_id HAVING count(*) <> 1) x) FROM invite`, ids[0], ids[1]).Scan(&there, &left, &both); err != nil {
		t.Fatal(err)
	}
	if won != seats || there != seats || left != people-seats || both != 0 {
		t.Errorf("%d think that they have a seat, %d have one, %d stayed, %d have two or none", won, there, left, both)
	}
}
