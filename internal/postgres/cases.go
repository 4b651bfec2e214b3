package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

const caseColumns = `
	c.id, c.ticket, coalesce(c.person_id, 0), c.area_code, c.reason, c.status, c.priority, coalesce(c.owner_id, 0), c.confidential, c.detail, c.note,
	c.opened_at, c.due_at, c.remind_at, c.escalate_at, c.escalated_at, c.acted_at, c.wake_at, c.closed_at, c.outcome`

// caseScan holds what scanning a case needs besides the case.
type caseScan struct {
	c                                                prokus.Case
	detail                                           []byte
	remind, escalate, escalated, acted, wake, closed nullTime
}

func (s *caseScan) fields() []any {
	c := &s.c
	return []any{
		&c.ID, &c.Ticket, &c.Person, &c.Area, &c.Reason, &c.Status, &c.Priority, &c.Owner, &c.Confidential, &s.detail, &c.Note,
		&c.Opened, &c.Due, &s.remind, &s.escalate, &s.escalated, &s.acted, &s.wake, &s.closed, &c.Outcome,
	}
}

func (s *caseScan) done() (prokus.Case, error) {
	s.c.RemindAt, s.c.EscalateAt, s.c.Escalated = s.remind.Time, s.escalate.Time, s.escalated.Time
	s.c.Acted, s.c.Wake, s.c.Closed = s.acted.Time, s.wake.Time, s.closed.Time
	if err := json.Unmarshal(s.detail, &s.c.Detail); err != nil {
		return s.c, fmt.Errorf("case %d: detail: %w", s.c.ID, err)
	}
	return s.c, nil
}

func scanCase(row pgx.Row) (prokus.Case, error) {
	var s caseScan
	if err := row.Scan(s.fields()...); err != nil {
		return s.c, err
	}
	return s.done()
}

// OpenCase inserts a case with the next ticket of its kabupaten and year, or returns the one that is open already.
func (tx *Tx) OpenCase(ctx context.Context, c prokus.Case) (prokus.Case, bool, error) {
	open, err := scanCase(tx.QueryRow(ctx, `
		SELECT `+caseColumns+` FROM cases c WHERE c.person_id = $1 AND c.reason = $2 AND c.status <> 'selesai' FOR UPDATE`, c.Person, c.Reason))
	if err == nil {
		return open, false, nil
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return c, false, fmt.Errorf("open case: %w", err)
	}
	detail, err := json.Marshal(c.Detail)
	if err != nil {
		return c, false, fmt.Errorf("open case: %w", err)
	}
	const insert = `
		WITH number AS (
			INSERT INTO ticket_counter (kabupaten, year, last) VALUES (kabupaten($2), extract(year FROM $9::timestamptz)::int, 1)
			ON CONFLICT (kabupaten, year) DO UPDATE SET last = ticket_counter.last + 1
			RETURNING kabupaten, year, last
		), opened AS (
			INSERT INTO cases (ticket, kabupaten, year, person_id, area_code, reason, status, priority, owner_id, confidential, detail, note,
				opened_at, due_at, remind_at, escalate_at)
			SELECT last, kabupaten, year, nullif($1::bigint, 0), $2, $3, $4, $5, nullif($6::bigint, 0), $7, $8, $13, $9, $10, $11, $12 FROM number
			RETURNING id, ticket
		), told AS (
			INSERT INTO case_event (case_id, at, what) SELECT id, $9, 'opened' FROM opened
		)
		SELECT id, ticket FROM opened`
	err = tx.QueryRow(ctx, insert, c.Person, c.Area, c.Reason, c.Status, c.Priority, c.Owner, c.Confidential, string(detail), c.Opened, c.Due,
		timeOrNil(c.RemindAt), timeOrNil(c.EscalateAt), c.Note).Scan(&c.ID, &c.Ticket)
	if err != nil {
		return c, false, fmt.Errorf("open case: %w", err)
	}
	return c, true, nil
}

// CaseByID locks and reads one case: of an action and an escalation in the same instant exactly one comes first.
func (tx *Tx) CaseByID(ctx context.Context, id int64) (prokus.Case, bool, error) {
	c, err := scanCase(tx.QueryRow(ctx, `SELECT `+caseColumns+` FROM cases c WHERE c.id = $1 FOR UPDATE`, id))
	if errors.Is(err, pgx.ErrNoRows) {
		return c, false, nil
	}
	if err != nil {
		return c, false, fmt.Errorf("case: %w", err)
	}
	return c, true, nil
}

// OpenCases are a person's cases that are not closed, newest first.
func (tx *Tx) OpenCases(ctx context.Context, person int64) ([]prokus.Case, error) {
	rows, err := tx.Query(ctx, `SELECT `+caseColumns+` FROM cases c WHERE c.person_id = $1 AND c.status <> 'selesai' ORDER BY c.opened_at DESC, c.id DESC`, person)
	if err != nil {
		return nil, fmt.Errorf("open cases: %w", err)
	}
	out, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (prokus.Case, error) { return scanCase(r) })
	if err != nil {
		return nil, fmt.Errorf("open cases: %w", err)
	}
	return out, nil
}

// SaveCase writes what changed of a case, and the line of its history that says so.
func (tx *Tx) SaveCase(ctx context.Context, c prokus.Case, e acts.CaseEvent) error {
	detail, err := json.Marshal(c.Detail)
	if err != nil {
		return fmt.Errorf("save case: %w", err)
	}
	const update = `
		UPDATE cases SET status = $2, owner_id = nullif($3::bigint, 0), detail = $4, due_at = $5, remind_at = $6, escalate_at = $7, escalated_at = $8,
			acted_at = $9, wake_at = $10, closed_at = $11, outcome = $12
		WHERE id = $1`
	if _, err := tx.Exec(ctx, update, c.ID, c.Status, c.Owner, string(detail), c.Due, timeOrNil(c.RemindAt), timeOrNil(c.EscalateAt), timeOrNil(c.Escalated),
		timeOrNil(c.Acted), timeOrNil(c.Wake), timeOrNil(c.Closed), c.Outcome); err != nil {
		return fmt.Errorf("save case: %w", err)
	}
	const event = `INSERT INTO case_event (case_id, at, by_staff, what, note) VALUES ($1, $2, nullif($3::bigint, 0), $4, $5)`
	if _, err := tx.Exec(ctx, event, c.ID, e.At, e.Staff, e.What, e.Note); err != nil {
		return fmt.Errorf("save case: %w", err)
	}
	return nil
}

// CloseCases closes the open cases of a person that have one of these reasons.
func (tx *Tx) CloseCases(ctx context.Context, person int64, reasons []prokus.Reason, outcome string, now time.Time) (int, error) {
	const update = `
		WITH closed AS (
			UPDATE cases SET status = 'selesai', closed_at = $4, outcome = $3, remind_at = NULL, escalate_at = NULL, wake_at = NULL
			WHERE person_id = $1 AND reason = ANY ($2) AND status <> 'selesai'
			RETURNING id
		), told AS (
			INSERT INTO case_event (case_id, at, what, note) SELECT id, $4, 'closed', $3 FROM closed
		)
		SELECT count(*) FROM closed`
	var n int
	if err := tx.QueryRow(ctx, update, person, reasons, outcome, now).Scan(&n); err != nil {
		return 0, fmt.Errorf("close cases: %w", err)
	}
	return n, nil
}
