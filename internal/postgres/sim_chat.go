package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/channels/sim"
)

// Chat is a whole chat, oldest first. What was pressed is named by the button's label.
func (s *Sim) Chat(ctx context.Context, chat string) ([]sim.ChatMessage, error) {
	loc, err := s.zone(ctx, "telegram", chat)
	if err != nil {
		return nil, fmt.Errorf("chat: %w", err)
	}
	const find = `
		SELECT id, direction, kind, text, at, buttons, shown, keys, ask_phone, edited, edits <> '' FROM (
			SELECT * FROM (
				SELECT '' AS id, 'in' AS direction, kind, text, at, NULL::jsonb AS buttons, NULL::jsonb AS shown, NULL::jsonb AS keys,
					'' AS ask_phone, false AS edited, '' AS edits, i.id AS n
				FROM inbox i WHERE sender = $1 AND via = 'telegram' ORDER BY at DESC, i.id DESC LIMIT $2) i
			UNION ALL
			SELECT * FROM (
				SELECT o.id::text, 'out', o.kind, CASE WHEN c.edited_at IS NULL THEN o.said ELSE c.edit_text END, o.sent_at, c.buttons,
					CASE WHEN c.edited_at IS NULL THEN c.buttons ELSE c.edit_buttons END, c.keys, coalesce(c.ask_phone, ''),
					c.edited_at IS NOT NULL, coalesce(c.edits, ''), o.seq
				FROM outbox o LEFT JOIN sim_card c ON c.message = o.id
				WHERE o.recipient = $1 AND o.via = 'telegram' AND o.state IN ` + left + `
				ORDER BY o.seq DESC LIMIT $2) o
		) m ORDER BY at, direction, n`
	rows, err := s.db.pool.Query(ctx, find, chat, phoneLimit)
	if err != nil {
		return nil, fmt.Errorf("chat: %w", err)
	}
	labels := map[string]string{} // of every button there was
	var out []sim.ChatMessage
	var m sim.ChatMessage
	var sent [][]channels.Button
	var hidden bool // it stands in the place of another, which shows its words
	_, err = pgx.ForEachRow(rows, []any{&m.ID, &m.Direction, &m.Kind, &m.Text, &m.At, &sent, &m.Buttons, &m.Keys, &m.AskPhone, &m.Edited, &hidden}, func() error {
		m.At = m.At.In(loc)
		for _, rows := range [][][]channels.Button{sent, m.Buttons} {
			for _, row := range rows {
				for _, b := range row {
					labels[b.Data] = b.Label
				}
			}
		}
		if !hidden {
			out = append(out, m)
		}
		sent, m = nil, sim.ChatMessage{} // else the next row is read into these lists
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("chat: %w", err)
	}
	for i := range out {
		if label, known := labels[out[i].Text]; known && out[i].Kind == string(channels.Choice) {
			out[i].Text = label
		}
	}
	return out, nil
}

// ownersOf are the people and staff who answer on a number, $1.
const ownersOf = `SELECT person_id, staff_id, letter FROM address WHERE kind = 'phone' AND value = $1 AND status = 'aktif'`

// LinkChat makes a chat an address of everybody on a number.
func (s *Sim) LinkChat(ctx context.Context, number, chat string, prefer bool, now time.Time) error {
	err := s.db.InTx(ctx, func(tx *Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO address (person_id, staff_id, kind, value, letter, linked_at)
			SELECT person_id, staff_id, 'telegram', $2, letter, $3 FROM (`+ownersOf+`) o
			WHERE $4 OR NOT EXISTS (SELECT FROM inbox WHERE sender = $2)
			ON CONFLICT DO NOTHING`, number, chat, now, prefer)
		if err != nil || !prefer {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE address SET status = 'aktif' WHERE kind = 'telegram' AND value = $1`, chat); err != nil {
			return err
		}
		return preferAddress(ctx, tx, number, "telegram", chat)
	})
	if err != nil {
		return fmt.Errorf("link chat: %w", err)
	}
	return nil
}

// PreferPhone sends scheduled messages to the number again.
func (s *Sim) PreferPhone(ctx context.Context, number string) error {
	err := s.db.InTx(ctx, func(tx *Tx) error { return preferAddress(ctx, tx, number, "phone", number) })
	if err != nil {
		return fmt.Errorf("prefer phone: %w", err)
	}
	return nil
}

// preferAddress makes one address primary for everybody who answers on a number.
func preferAddress(ctx context.Context, tx *Tx, number, kind, value string) error {
	_, err := tx.Exec(ctx, `
		UPDATE address a SET is_primary = (a.kind = $2 AND a.value = $3)
		FROM (`+ownersOf+`) o WHERE a.person_id = o.person_id OR a.staff_id = o.staff_id`, number, kind, value)
	return err
}

// KeepCard keeps how a chat message looks. Sent again, it looks the same.
func (s *Sim) KeepCard(ctx context.Context, c sim.Card) error {
	_, err := s.db.pool.Exec(ctx, `
		INSERT INTO sim_card (message, edits, buttons, keys, ask_phone) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (message) DO NOTHING`,
		c.Message, c.Edits, jsonList(c.Buttons), jsonList(c.Keys), c.AskPhone)
	if err != nil {
		return fmt.Errorf("keep card: %w", err)
	}
	return nil
}

// EditCard changes a message that a chat shows.
func (s *Sim) EditCard(ctx context.Context, chat string, c sim.Card, now time.Time) (bool, error) {
	id, err := uuid.Parse(c.Message)
	if err != nil {
		return false, nil // a forged or foreign one
	}
	tag, err := s.db.pool.Exec(ctx, `
		INSERT INTO sim_card (message, edit_text, edit_buttons, edited_at)
		SELECT id, $3, $4::jsonb, $5 FROM outbox WHERE id = $1 AND recipient = $2
		ON CONFLICT (message) DO UPDATE SET edit_text = excluded.edit_text, edit_buttons = excluded.edit_buttons, edited_at = excluded.edited_at`,
		id, chat, c.Text, jsonList(c.Buttons), now)
	if err != nil {
		return false, fmt.Errorf("edit card: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// jsonList is null for an empty list.
func jsonList[T any](list []T) any {
	if len(list) == 0 {
		return nil
	}
	b, err := json.Marshal(list)
	if err != nil {
		return nil // lists of strings: never
	}
	return string(b)
}
