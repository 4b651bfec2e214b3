package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// maxApprovers bounds who is told that a broadcast waits.
const maxApprovers = 20

// askApprovers tells everybody in a chat who could approve a broadcast that it waits (J9-TG-01): coordinators of its area, the
// ministry for the nation's own; never its author or editor.
func askApprovers(ctx context.Context, tx *Tx, b console.Broadcast, by prokus.Staff, now time.Time) error {
	rows, err := tx.Query(ctx, `
		SELECT s.id, a.value FROM staff s JOIN address a ON a.staff_id = s.id AND a.kind = 'telegram' AND a.status = 'aktif'
		WHERE s.active AND s.role = CASE WHEN $1 = 'ID' THEN 'kementerian' ELSE 'koordinator' END AND s.id NOT IN ($2, $3)
			AND in_scope($1, (SELECT coalesce(array_agg(x.area_code), '{}') FROM staff_area x WHERE x.staff_id = s.id))
		ORDER BY s.id LIMIT $4`, b.Area, b.Author.ID, b.Editor.ID, maxApprovers)
	if err != nil {
		return fmt.Errorf("approvers: %w", err)
	}
	waits := acts.Waiting{Broadcast: b.ID, Name: b.Name, People: b.Frozen.People, Segments: b.Frozen.Segments, Cost: b.Frozen.Cost, SendAt: b.SendAt}
	m := acts.AskApproval(by, waits)
	var msgs []prokus.Message
	var staff int64
	var chat string
	_, err = pgx.ForEachRow(rows, []any{&staff, &chat}, func() error {
		m.Key, m.Staff, m.Via, m.To = fmt.Sprintf("approval:%d:%d:%d", b.ID, b.Version, staff), staff, "telegram", chat
		msgs = append(msgs, m)
		return nil
	})
	if err != nil {
		return fmt.Errorf("approvers: %w", err)
	}
	_, err = tx.Enqueue(ctx, now, msgs...)
	return err
}

func scopeOf(s prokus.Staff) console.Scope { return console.Scope{Areas: s.Areas, Role: s.Role} }

// TextsToApprove are the words of a broadcast that waits for a second person and may be approved by a member of staff.
func (tx *Tx) TextsToApprove(ctx context.Context, by prokus.Staff, id int64) (texts []string, ok bool, err error) {
	b, err := oneBroadcast(ctx, tx, `WHERE b.id = $1 AND in_scope(b.area_code, $2)`, id, scopeOf(by).Areas)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, false, nil
	case err != nil:
		return nil, false, fmt.Errorf("texts to approve: %w", err)
	case b.MayApprove(by) != nil:
		return nil, false, nil
	}
	for _, l := range []prokus.Lang{prokus.ID, prokus.SU, prokus.JV} {
		if b.Texts[l] != "" {
			texts = append(texts, b.Texts[l])
		}
	}
	return texts, true, nil
}

// RefuseBroadcast sends it back to its author, as the console does. ok is false where it does not wait, or not for this person.
func (tx *Tx) RefuseBroadcast(ctx context.Context, by prokus.Staff, id int64, reason string, now time.Time) (ok bool, err error) {
	_, err = changeBroadcast(ctx, tx, scopeOf(by), id, by, "tolak", now, func(b *console.Broadcast) error { return b.Refuse(by, reason) })
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, pgx.ErrNoRows), errors.Is(err, console.ErrState), errors.Is(err, console.ErrOwn), errors.Is(err, console.ErrRole):
		return false, nil
	}
	return false, fmt.Errorf("refuse: %w", err)
}
