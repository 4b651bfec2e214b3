package bot_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/kabar-prokus/kabar/channels"
)

// Of all who answer IKUT in the same instant as many get a seat as there are, each a number of her own; the others wait in a
// queue without gaps.
func TestTheLastSeatsAreTakenOnce(t *testing.T) {
	const people, seats = 24, 5
	p := &player{world: newWorld(t), channel: "sms", who: "Siti"}
	p.exec(`INSERT INTO person (code, name, area_code, zone, consent, created_at)
		SELECT (700000 + n)::text, 'Orang ' || n, '32.10.07', 'Asia/Jakarta', 'ya', $2 FROM generate_series(1, $1::int) n`, people, p.clock())
	p.exec(`INSERT INTO address (person_id, kind, value, is_primary, linked_at)
		SELECT id, 'phone', '+62813' || lpad(code, 7, '0'), true, $1 FROM person WHERE name LIKE 'Orang %'`, p.clock())
	p.givenBroadcast(strings.Fields("broadcast Bazar: bazar Maja. Balas IKUT"))
	p.givenBroadcast(strings.Fields(fmt.Sprintf("seats bazar lapak %d 2026-06-15 taken 0", seats)))
	var all sync.WaitGroup
	for i := range people {
		in := p.inbound(fmt.Sprintf("+628130%06d", 700001+i), channels.SMS, "ikut")
		all.Go(func() {
			if _, err := p.bot.Handle(p.ctx, in); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	var numbers, queue string
	if err := p.pool.QueryRow(p.ctx, `SELECT string_agg(number::text, ',' ORDER BY number), count(*) FILTER (WHERE waiting)::text FROM broadcast_seat`).Scan(&numbers, &queue); err != nil {
		t.Fatal(err)
	}
	if numbers != "1,2,3,4,5" || queue != fmt.Sprint(people-seats) {
		t.Errorf("seats %s, %s wait; want 1 to 5 and %d", numbers, queue, people-seats)
	}
	if n := p.one(`SELECT count(*) FROM (SELECT DISTINCT args->>'urut' FROM outbox WHERE text_key = 'offer.waiting') q`); n != people-seats {
		t.Errorf("%d different places in the queue were told, want %d", n, people-seats)
	}
	// Everybody with a seat withdraws at once: those who waited longest move up, and each is told once.
	rows, err := p.pool.Query(p.ctx, `SELECT a.value FROM broadcast_seat s JOIN address a ON a.person_id = s.person_id WHERE s.number IS NOT NULL`)
	if err != nil {
		t.Fatal(err)
	}
	var leaving []string
	for rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			t.Fatal(err)
		}
		leaving = append(leaving, v)
	}
	rows.Close()
	for _, number := range leaving {
		in := p.inbound(number, channels.SMS, "batal ikut")
		all.Go(func() {
			if _, err := p.bot.Handle(p.ctx, in); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := p.one(`SELECT count(*) FROM outbox WHERE text_key = 'offer.promoted'`); n != seats {
		t.Errorf("%d people heard that they moved up, want %d", n, seats)
	}
	if n := p.one(`SELECT count(DISTINCT number) FROM broadcast_seat WHERE number BETWEEN 1 AND $1`, seats); n != seats {
		t.Errorf("%d seats are taken, want %d", n, seats)
	}
}
