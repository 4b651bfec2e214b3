package e2e

import (
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/postgres"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// broadcast writes, submits and approves a broadcast to everybody in Kec. Maja, as the console's pages do: one coordinator
// writes it, another approves it.
func (p *program) broadcast(dsn, text string) {
	p.t.Helper()
	ctx := p.t.Context()
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		p.t.Fatal(err)
	}
	defer pool.Close()
	db, err := postgres.Open(pool)
	if err != nil {
		p.t.Fatal(err)
	}
	var c struct{ Now time.Time }
	p.get("/sim/api/clock", &c)
	staff := map[string]prokus.Staff{}
	err = db.InTx(ctx, func(tx *postgres.Tx) error {
		rows, err := tx.Query(ctx, `SELECT id FROM staff WHERE role = 'koordinator'`)
		if err != nil {
			return err
		}
		var ids []int64
		for rows.Next() {
			var id int64
			if err := rows.Scan(&id); err != nil {
				return err
			}
			ids = append(ids, id)
		}
		for _, id := range ids {
			s, _, err := tx.StaffByID(ctx, id)
			if err != nil {
				return err
			}
			staff[s.Called()] = s
		}
		return rows.Err()
	})
	if err != nil {
		p.t.Fatal(err)
	}
	author, approver := staff["Bu Nani"], staff["Pak Asep"]
	scope := console.Scope{Areas: author.Areas, Role: author.Role}
	store := db.Console()
	b := console.Broadcast{Area: "32.10", Wording: console.Wording{Name: "Bazar Maja", Texts: map[prokus.Lang]string{prokus.ID: text}, UseID: []prokus.Lang{prokus.SU, prokus.JV}}}
	id, err := store.CreateBroadcast(ctx, scope, author, b, c.Now)
	if err != nil {
		p.t.Fatal(err)
	}
	if b, err = store.Broadcast(ctx, scope, id); err != nil {
		p.t.Fatal(err)
	}
	a, err := store.Audience(ctx, scope, b, c.Now)
	if err != nil {
		p.t.Fatal(err)
	}
	if b, err = store.SubmitBroadcast(ctx, scope, id, author, b.Version, len(a.People), "", nil, c.Now); err != nil {
		p.t.Fatal(err)
	}
	_, err = store.ChangeBroadcast(ctx, scope, id, approver, "setujui", c.Now, func(b *console.Broadcast) error { return b.Approve(approver, b.Frozen.Hash, c.Now) })
	if err != nil {
		p.t.Fatal(err)
	}
}
