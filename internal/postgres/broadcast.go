package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

const broadcastSelect = `
	SELECT b.id, b.area_code, coalesce(a.name, ''), b.name, b.texts, b.use_id, b.once_per_number, b.audience, b.send_at, b.state, b.version,
		au.id, au.title, au.name, ed.id, ed.title, ed.name, ap.id, ap.title, ap.name, b.note, b.refusal, b.halted,
		b.frozen_hash, b.frozen_n, b.messages, b.segments, b.cost, b.created_at, b.submitted_at, b.approved_at, b.ended_at, b.resumed_at,
		f.event, f.place, f.seats, f.last_day
	FROM broadcast b LEFT JOIN broadcast_offer f ON f.broadcast_id = b.id LEFT JOIN area a ON a.code = b.area_code
	JOIN staff au ON au.id = b.author_id JOIN staff ed ON ed.id = b.editor_id LEFT JOIN staff ap ON ap.id = b.approver_id `

func scanBroadcast(r pgx.CollectableRow) (b console.Broadcast, err error) {
	var texts, rule []byte
	var sendAt, submitted, approved, ended, resumed *time.Time
	var approver *int64
	var at, an, et, en, pt, pn *string
	var event, place *string
	var seats *int
	var lastDay *time.Time
	err = r.Scan(&b.ID, &b.Area, &b.AreaName, &b.Name, &texts, &b.UseID, &b.OncePerNumber, &rule, &sendAt, &b.State, &b.Version,
		&b.Author.ID, &at, &an, &b.Editor.ID, &et, &en, &approver, &pt, &pn, &b.Note, &b.Refusal, &b.Halted,
		&b.Frozen.Hash, &b.Frozen.People, &b.Frozen.Messages, &b.Frozen.Segments, &b.Frozen.Cost, &b.Created, &submitted, &approved, &ended, &resumed,
		&event, &place, &seats, &lastDay)
	if err != nil {
		return b, err
	}
	if event != nil {
		b.Offer = &console.Offer{Event: *event, Place: *place, Seats: *seats, LastDay: *lastDay}
		if b.Offer.LastDay.Year() < 2000 { // a draft without a last day
			b.Offer.LastDay = time.Time{}
		}
	}
	if err := json.Unmarshal(texts, &b.Texts); err != nil {
		return b, fmt.Errorf("broadcast %d: texts: %w", b.ID, err)
	}
	if err := json.Unmarshal(rule, &b.Rule); err != nil {
		return b, fmt.Errorf("broadcast %d: audience: %w", b.ID, err)
	}
	if approver != nil {
		b.Approver.ID = *approver
	}
	b.Author.Name, b.Editor.Name, b.Approver.Name = called(at, an), called(et, en), called(pt, pn)
	b.SendAt, b.Submitted, b.Approved, b.Ended, b.Resumed = deref(sendAt), deref(submitted), deref(approved), deref(ended), deref(resumed)
	return b, nil
}

// Batches are all batches, the newest first.
func (c *Console) Batches(ctx context.Context) ([]console.Batch, error) {
	var out []console.Batch
	err := c.read(ctx, "batches", func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT id, name FROM batch ORDER BY opened_on DESC, id DESC LIMIT 200`)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, pgx.RowToStructByPos[console.Batch])
		return err
	})
	return out, err
}

// Broadcasts are the newest of a scope.
func (c *Console) Broadcasts(ctx context.Context, s console.Scope, limit int) ([]console.Broadcast, error) {
	var out []console.Broadcast
	err := c.read(ctx, "broadcasts", func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, broadcastSelect+`WHERE in_scope(b.area_code, $1) ORDER BY b.id DESC LIMIT $2`, s.Areas, limit)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, scanBroadcast)
		return err
	})
	return out, err
}

// Broadcast is one of a scope.
func (c *Console) Broadcast(ctx context.Context, s console.Scope, id int64) (b console.Broadcast, err error) {
	err = c.read(ctx, "broadcast", func(tx pgx.Tx) error {
		b, err = oneBroadcast(ctx, tx, `WHERE b.id = $1 AND in_scope(b.area_code, $2)`, id, s.Areas)
		return err
	})
	return b, err
}

func oneBroadcast(ctx context.Context, tx pgx.Tx, where string, params ...any) (console.Broadcast, error) {
	rows, err := tx.Query(ctx, broadcastSelect+where, params...)
	if err != nil {
		return console.Broadcast{}, err
	}
	return pgx.CollectExactlyOneRow(rows, scanBroadcast)
}

// CreateBroadcast saves a new draft. Its area must lie in the author's scope.
func (c *Console) CreateBroadcast(ctx context.Context, s console.Scope, by prokus.Staff, b console.Broadcast, now time.Time) (id int64, err error) {
	err = c.change(ctx, "create broadcast", func(tx *Tx) error {
		texts, rule, err := broadcastJSON(b)
		if err != nil {
			return err
		}
		err = tx.QueryRow(ctx, `
			INSERT INTO broadcast (name, texts, use_id, once_per_number, audience, area_code, send_at, author_id, editor_id, created_at)
			SELECT $1, $2, $3, $4, $5, $6, $7, $8, $8, $9 WHERE in_scope($6, $10)
			RETURNING id`, b.Name, texts, nonNil(b.UseID), b.OncePerNumber, rule, b.Area, timeOrNil(b.SendAt), by.ID, now, s.Areas).Scan(&id)
		if err != nil {
			return err
		}
		return audit(ctx, tx, by.ID, "siaran tulis", strconv.FormatInt(id, 10), now)
	})
	return id, err
}

// ChangeBroadcast locks the broadcast, lets f change it, and keeps it with what follows from its new state.
func (c *Console) ChangeBroadcast(ctx context.Context, s console.Scope, id int64, by prokus.Staff, what string, now time.Time, f func(*console.Broadcast) error) (b console.Broadcast, err error) {
	err = c.change(ctx, what, func(tx *Tx) error {
		b, err = changeBroadcast(ctx, tx, s, id, by, what, now, f)
		return err
	})
	return b, err
}

func changeBroadcast(ctx context.Context, tx *Tx, s console.Scope, id int64, by prokus.Staff, what string, now time.Time, f func(*console.Broadcast) error) (console.Broadcast, error) {
	b, err := lockBroadcast(ctx, tx, s, id)
	if err != nil {
		return b, err
	}
	before := b.State
	if err := f(&b); err != nil {
		return b, err
	}
	if err := saveBroadcast(ctx, tx, &b); err != nil {
		return b, err
	}
	if err := follow(ctx, tx, before, b, now); err != nil {
		return b, err
	}
	return b, audit(ctx, tx, by.ID, "siaran "+what, strconv.FormatInt(id, 10), now)
}

// SubmitBroadcast counts the audience anew, and freezes text and list if it still has the size that the author confirmed.
func (c *Console) SubmitBroadcast(ctx context.Context, s console.Scope, id int64, by prokus.Staff, version, expected int, note string, t console.Tariff, now time.Time) (b console.Broadcast, err error) {
	err = c.change(ctx, "submit", func(tx *Tx) error {
		b, err = lockBroadcast(ctx, tx, s, id)
		if err != nil {
			return err
		}
		a, err := audience(ctx, tx, b, now)
		if err != nil {
			return err
		}
		if len(b.Problems(a.Rules, now, by.Location())) > 0 {
			return console.ErrUnchecked
		}
		if len(a.People) != expected {
			return console.ErrCount
		}
		q := console.QuoteFor(b.Wording, a.People, t)
		switch {
		case q.Parts > console.MaxParts:
			return console.ErrUnchecked
		case a.Exceeded(q.Cost):
			return console.ErrBudget
		}
		people := make([]int64, len(a.People))
		for i, r := range a.People {
			people[i] = r.Person
		}
		f := console.Frozen{Hash: console.HashOf(b, people), People: len(people), Messages: q.Messages, Segments: q.Segments, Cost: q.Cost}
		if err := b.Submit(by, version, f, note, now); err != nil {
			return err
		}
		if err := saveBroadcast(ctx, tx, &b); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO broadcast_person (broadcast_id, person_id) SELECT $1, unnest($2::bigint[])`, id, people); err != nil {
			return err
		}
		if err := askApprovers(ctx, tx, b, by, now); err != nil {
			return err
		}
		return audit(ctx, tx, by.ID, "siaran ajukan", fmt.Sprintf("%d %s", id, f.Hash), now)
	})
	return b, err
}

// decision is the lock of whoever changes a broadcast: a batch of FanOut does not begin while somebody waits for it. At its row
// alone those who write batch after batch could be quicker time and again.
func decision(id string) string { return `hashtextextended('broadcast', ` + id + `)` }

func lockBroadcast(ctx context.Context, tx *Tx, s console.Scope, id int64) (console.Broadcast, error) {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(`+decision("$1")+`)`, id); err != nil {
		return console.Broadcast{}, err
	}
	return oneBroadcast(ctx, tx, `WHERE b.id = $1 AND in_scope(b.area_code, $2) FOR NO KEY UPDATE OF b`, id, s.Areas)
}

func saveBroadcast(ctx context.Context, tx *Tx, b *console.Broadcast) error {
	texts, rule, err := broadcastJSON(*b)
	if err != nil {
		return err
	}
	b.Version++
	if b.State == console.Draft {
		if err := saveOffer(ctx, tx, b.ID, b.Offer); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `
		UPDATE broadcast SET name = $2, texts = $3, use_id = $4, once_per_number = $5, audience = $6, send_at = $7, state = $8, version = $9,
			editor_id = $10, approver_id = nullif($11::bigint, 0), note = $12, refusal = $13, halted = $14,
			frozen_hash = $15, frozen_n = $16, messages = $17, segments = $18, cost = $19, submitted_at = $20, approved_at = $21, ended_at = $22, resumed_at = $23
		WHERE id = $1`, b.ID, b.Name, texts, nonNil(b.UseID), b.OncePerNumber, rule, timeOrNil(b.SendAt), b.State, b.Version,
		b.Editor.ID, b.Approver.ID, b.Note, b.Refusal, b.Halted,
		b.Frozen.Hash, b.Frozen.People, b.Frozen.Messages, b.Frozen.Segments, b.Frozen.Cost,
		timeOrNil(b.Submitted), timeOrNil(b.Approved), timeOrNil(b.Ended), timeOrNil(b.Resumed))
	return err
}

// held marks outbox rows that a pause keeps back. They are cancelled for everybody who delivers, so that a job made
// before the pause finds nothing to do, and resuming makes them due again.
const held = "paused"

// follow does to list and outbox what the new state of a broadcast asks for, set-based.
func follow(ctx context.Context, tx *Tx, before console.State, b console.Broadcast, now time.Time) error {
	var err error
	switch {
	case b.State == console.Draft && before != console.Draft:
		_, err = tx.Exec(ctx, `DELETE FROM broadcast_person WHERE broadcast_id = $1`, b.ID)
	case b.State == console.Paused:
		_, err = tx.Exec(ctx, `UPDATE outbox SET state = 'cancelled', error_kind = $2 WHERE broadcast_id = $1 AND state = 'queued'`, b.ID, held)
	case b.State == console.Running && before == console.Paused:
		// Without a job: the sweep makes it, and delivery judges the hour.
		_, err = tx.Exec(ctx, `
			UPDATE outbox SET state = 'queued', error_kind = '', enqueued_at = NULL, not_before = greatest(not_before, $3),
				not_after = not_after + greatest(interval '0', $3 - not_before)
			WHERE broadcast_id = $1 AND state = 'cancelled' AND error_kind = $2
				AND person_id IN (SELECT id FROM person WHERE status = 'aktif' AND consent = 'ya')`, b.ID, held, now)
	case b.State == console.Cancelled:
		_, err = tx.Exec(ctx, `
			UPDATE outbox SET state = 'cancelled', error_kind = 'broadcast_cancelled'
			WHERE broadcast_id = $1 AND (state = 'queued' OR (state = 'cancelled' AND error_kind = $2))`, b.ID, held)
	}
	return err
}

// Progress counts what became of the frozen list.
func (c *Console) Progress(ctx context.Context, s console.Scope, id int64) (p console.Progress, err error) {
	err = c.read(ctx, "progress", func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `
			SELECT count(*), count(*) FILTER (WHERE NOT x.fanned), count(*) FILTER (WHERE x.dropped <> '')
			FROM broadcast_person x JOIN broadcast b ON b.id = x.broadcast_id
			WHERE b.id = $1 AND in_scope(b.area_code, $2)`, id, s.Areas).Scan(&p.People, &p.Waiting, &p.Dropped)
		if err != nil {
			return err
		}
		return tx.QueryRow(ctx, `
			SELECT count(*) FILTER (WHERE o.state = 'queued'), count(*) FILTER (WHERE o.state IN ('sending', 'sent', 'delivered', 'read', 'unknown')),
				count(*) FILTER (WHERE o.state IN ('delivered', 'read')), count(*) FILTER (WHERE o.state IN ('failed', 'skipped')),
				count(*) FILTER (WHERE o.state = 'cancelled')
			FROM outbox o JOIN broadcast b ON b.id = o.broadcast_id
			WHERE b.id = $1 AND in_scope(b.area_code, $2)`, id, s.Areas).Scan(&p.Queued, &p.Out, &p.Arrived, &p.Failed, &p.Stopped)
	})
	return p, err
}

func broadcastJSON(b console.Broadcast) (texts, rule string, err error) {
	t, err := json.Marshal(b.Texts)
	if err != nil {
		return "", "", fmt.Errorf("broadcast texts: %w", err)
	}
	r, err := json.Marshal(b.Rule)
	if err != nil {
		return "", "", fmt.Errorf("broadcast audience: %w", err)
	}
	return string(t), string(r), nil
}

// nonNil is an empty array for a nil slice, which pgx would write as NULL.
func nonNil(l []prokus.Lang) []string {
	out := make([]string, len(l))
	for i, x := range l {
		out[i] = string(x)
	}
	return out
}
