package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// GrantOf is her newest grant, and the number of its step in the set of its batch (0 for exceptions).
func (tx *Tx) GrantOf(ctx context.Context, person int64) (g prokus.Grant, step int, ok bool, err error) {
	const find = `
		SELECT g.id, g.person_id, g.batch_id, g.stage, g.since, g.known_at, g.amount, g.spent, g.bank, g.account_last4,
			g.expect_from, g.expect_to, g.receipts_due, g.note, coalesce(s.step, 0)
		FROM grants g
		JOIN batch b ON b.id = g.batch_id
		LEFT JOIN batch_stage s ON s.batch_id = g.batch_id AND s.code = g.stage
		WHERE g.person_id = $1 ORDER BY b.opened_on DESC, g.id DESC LIMIT 1`
	var from, to, due nullTime
	err = tx.QueryRow(ctx, find, person).Scan(&g.ID, &g.Person, &g.Batch, &g.Stage, &g.Since, &g.Known, &g.Amount, &g.Spent, &g.Bank, &g.AccountLast4,
		&from, &to, &due, &g.Note, &step)
	if errors.Is(err, pgx.ErrNoRows) {
		return g, 0, false, nil
	}
	if err != nil {
		return g, 0, false, fmt.Errorf("grant: %w", err)
	}
	g.ExpectFrom, g.ExpectTo, g.ReceiptsDue = from.Time, to.Time, due.Time
	return g, step, true, nil
}
