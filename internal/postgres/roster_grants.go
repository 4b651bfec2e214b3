package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/internal/roster"
)

// GrantsOf finds people by code with the grant of their batch, its history and the batch's stages.
func (tx importTx) GrantsOf(ctx context.Context, codes []string) ([]roster.KnownGrant, error) {
	rows, err := tx.Query(ctx, `
		SELECT p.id, p.code, p.name, p.salutation, p.lang, p.zone, p.consent, p.status, p.area_code, coalesce(p.batch_id, 0), coalesce(b.amount, 0),
			ARRAY (SELECT code FROM batch_stage WHERE batch_id = p.batch_id ORDER BY step, code),
			EXISTS (SELECT FROM address a JOIN address o USING (kind, value)
				WHERE a.person_id = p.id AND a.kind = 'phone' AND a.status = 'aktif' AND o.status = 'aktif' AND o.person_id <> p.id),
			g.id, g.stage, g.since, g.known_at, g.amount, g.spent, g.bank, g.account_last4, g.expect_from, g.expect_to, g.receipts_due, g.note,
			coalesce(h.stages, '{}'), coalesce(h.days, '{}')
		FROM person p
		LEFT JOIN batch b ON b.id = p.batch_id
		LEFT JOIN grants g ON g.person_id = p.id AND g.batch_id = p.batch_id
		LEFT JOIN LATERAL (SELECT array_agg(stage ORDER BY since, id) stages, array_agg(since ORDER BY since, id) days FROM grant_change WHERE grant_id = g.id) h ON true
		WHERE p.code = ANY ($1::text[])`, codes)
	if err != nil {
		return nil, fmt.Errorf("grants: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (roster.KnownGrant, error) {
		var (
			k                    roster.KnownGrant
			stages, past         []string
			days                 []time.Time
			id, amount, spent    *int64
			stage, bank, account *string
			note                 *string
			since, known         *time.Time
			from, to, due        *time.Time
		)
		p := &k.Person
		err := row.Scan(&p.ID, &p.Code, &p.Name, &p.Salutation, &p.Lang, &p.Zone, &p.Consent, &p.Status, &p.Area, &p.Batch, &k.BatchAmount, &stages, &k.Shared,
			&id, &stage, &since, &known, &amount, &spent, &bank, &account, &from, &to, &due, &note, &past, &days)
		if err != nil {
			return k, err
		}
		for _, s := range stages {
			k.Stages = append(k.Stages, prokus.Stage(s))
		}
		for i := range past {
			k.Past = append(k.Past, roster.GrantStep{Stage: prokus.Stage(past[i]), Since: days[i]})
		}
		if id != nil {
			k.Grant = &prokus.Grant{ID: *id, Person: p.ID, Batch: p.Batch, Stage: prokus.Stage(*stage), Since: *since, Known: *known, Amount: *amount, Spent: *spent,
				Bank: *bank, AccountLast4: *account, ExpectFrom: timeOf(from), ExpectTo: timeOf(to), ReceiptsDue: timeOf(due), Note: *note}
		}
		return k, nil
	})
}

// SaveGrants writes where grants stand, and every step on the way with its moment, by whom and the stage before it.
func (tx importTx) SaveGrants(ctx context.Context, now time.Time, by int64, grants []roster.GrantRow) error {
	if _, err := tx.Exec(ctx, `
		CREATE TEMP TABLE IF NOT EXISTS import_grant (person_id bigint, batch_id bigint, stage text, since date, known_at timestamptz, amount bigint, spent bigint,
			bank text, account_last4 text, expect_from date, expect_to date, receipts_due date, note text) ON COMMIT DROP`); err != nil {
		return fmt.Errorf("save grants: %w", err)
	}
	if _, err := tx.Exec(ctx, `TRUNCATE import_grant`); err != nil {
		return fmt.Errorf("save grants: %w", err)
	}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"import_grant"}, []string{"person_id", "batch_id", "stage", "since", "known_at", "amount", "spent", "bank",
		"account_last4", "expect_from", "expect_to", "receipts_due", "note"},
		pgx.CopyFromSlice(len(grants), func(i int) ([]any, error) {
			g := grants[i]
			return []any{g.Person, g.Batch, string(g.Stage), g.Since, g.Known, g.Amount, g.Spent, g.Bank, g.AccountLast4,
				timeOrNil(g.ExpectFrom), timeOrNil(g.ExpectTo), timeOrNil(g.ReceiptsDue), g.Note}, nil
		}))
	if err != nil {
		return fmt.Errorf("save grants: %w", err)
	}
	if _, err := tx.Exec(ctx, `
		INSERT INTO grants (person_id, batch_id, stage, since, known_at, amount, spent, bank, account_last4, expect_from, expect_to, receipts_due, note)
		SELECT person_id, batch_id, stage, since, known_at, amount, spent, bank, account_last4, expect_from, expect_to, receipts_due, note FROM import_grant
		ON CONFLICT (person_id, batch_id) DO UPDATE SET stage = excluded.stage, since = excluded.since, known_at = excluded.known_at, amount = excluded.amount,
			spent = excluded.spent, bank = excluded.bank, account_last4 = excluded.account_last4, expect_from = excluded.expect_from,
			expect_to = excluded.expect_to, receipts_due = excluded.receipts_due, note = excluded.note`); err != nil {
		return fmt.Errorf("save grants: %w", err)
	}
	var persons, batches []int64
	var stages, notes []string
	var days []time.Time
	for _, g := range grants {
		for _, s := range g.Steps {
			persons, batches, stages = append(persons, g.Person), append(batches, g.Batch), append(stages, string(s.Stage))
			days, notes = append(days, s.Since), append(notes, s.Note)
		}
	}
	if _, err := tx.Exec(ctx, `
		INSERT INTO grant_change (grant_id, from_stage, stage, since, at, by_staff, note)
		SELECT g.id, coalesce(lag(n.stage) OVER (PARTITION BY n.person ORDER BY n.o),
				(SELECT c.stage FROM grant_change c WHERE c.grant_id = g.id ORDER BY c.at DESC, c.id DESC LIMIT 1), ''),
			n.stage, n.since, $6, nullif($7::bigint, 0), n.note
		FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::date[], $5::text[]) WITH ORDINALITY AS n (person, batch, stage, since, note, o)
		JOIN grants g ON g.person_id = n.person AND g.batch_id = n.batch ORDER BY n.o`, persons, batches, stages, days, notes, now, by); err != nil {
		return fmt.Errorf("save grant history: %w", err)
	}
	return nil
}

func timeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
