package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/kabar-prokus/kabar/bot"
	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Turn runs one turn of a conversation in one transaction.
func (db *DB) Turn(ctx context.Context, f func(bot.Tx) error) error {
	return db.InTx(ctx, func(tx *Tx) error { return f(tx) })
}

// Accept records an inbound once. A concurrent delivery of the same one waits here until the first has committed, and then
// gets its stored answer (faults.md A1).
func (tx *Tx) Accept(ctx context.Context, in channels.Inbound, now time.Time) (int64, *channels.Reply, error) {
	const insert = `
		INSERT INTO inbox (channel, provider_id, via, sender, recipient, kind, raw, text, media, sent_at, at, media_kind)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (channel, provider_id) DO NOTHING
		RETURNING id`
	text := in.Text
	if in.Kind == channels.Choice {
		text = in.Choice
	}
	var id int64
	err := tx.QueryRow(ctx, insert, in.Channel, in.ID, in.Via, in.From, in.To, in.Kind, in.Raw, text, in.Media, timeOrNil(in.SentAt), now, in.MediaKind).Scan(&id)
	if err == nil {
		return id, nil, nil
	}
	if err != pgx.ErrNoRows { //nolint:errorlint // QueryRow returns it bare
		return 0, nil, fmt.Errorf("accept: %w", err)
	}
	var stored []byte
	const known = `SELECT id, coalesce(reply, '{}') FROM inbox WHERE channel = $1 AND provider_id = $2`
	if err := tx.QueryRow(ctx, known, in.Channel, in.ID).Scan(&id, &stored); err != nil {
		return 0, nil, fmt.Errorf("accept a repeat: %w", err)
	}
	var r channels.Reply
	if err := json.Unmarshal(stored, &r); err != nil {
		return 0, nil, fmt.Errorf("accept a repeat: %w", err)
	}
	return id, &r, nil
}

// Conclude keeps what the turn came to: the in-line answer for a repeat, who wrote, and how it was read.
func (tx *Tx) Conclude(ctx context.Context, inbox int64, r channels.Reply, person, staff int64, intent string) error {
	b, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("conclude: %w", err)
	}
	const update = `UPDATE inbox SET reply = $2, person_id = nullif($3::bigint, 0), staff_id = nullif($4::bigint, 0), intent = $5 WHERE id = $1`
	if _, err := tx.Exec(ctx, update, inbox, b, person, staff, intent); err != nil {
		return fmt.Errorf("conclude: %w", err)
	}
	return nil
}

// keptForBukan is how long a released number may still say BUKAN (J1-SMS-02).
const keptForBukan = 7 * 24 * time.Hour

// Owners are the people and staff behind a number or chat. The sender is locked first, so that two messages of one sender
// take turns; then the people, so that nobody else acts on them meanwhile.
func (tx *Tx) Owners(ctx context.Context, kind, value string, now time.Time) ([]bot.Owner, error) {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended($1 || ':' || $2, 0))`, kind, value); err != nil {
		return nil, fmt.Errorf("owners: lock: %w", err)
	}
	const lock = `
		SELECT 1 FROM person WHERE id IN (SELECT person_id FROM address WHERE kind = $1 AND value = $2 AND person_id IS NOT NULL)
		ORDER BY id FOR UPDATE`
	if _, err := tx.Exec(ctx, lock, kind, value); err != nil {
		return nil, fmt.Errorf("owners: lock people: %w", err)
	}
	const find = `
		SELECT id, coalesce(person_id, 0), coalesce(staff_id, 0), kind, value, status, is_primary, letter
		FROM address
		WHERE kind = $1 AND value = $2 AND (status IN ('aktif', 'diblokir') OR (status = 'dilepas' AND released_at > $3))
		ORDER BY (status = 'aktif') DESC, letter, id`
	rows, err := tx.Query(ctx, find, kind, value, now.Add(-keptForBukan))
	if err != nil {
		return nil, fmt.Errorf("owners: %w", err)
	}
	addresses, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (a prokus.Address, err error) {
		err = r.Scan(&a.ID, &a.Person, &a.Staff, &a.Kind, &a.Value, &a.Status, &a.Primary, &a.Letter)
		return a, err
	})
	if err != nil {
		return nil, fmt.Errorf("owners: %w", err)
	}
	var out []bot.Owner
	for _, a := range addresses {
		if a.Status == prokus.AddressBlocked { // whoever writes is not blocking us
			a.Status = prokus.AddressActive
		}
		o := bot.Owner{Address: a}
		if a.Person != 0 {
			p, ok, err := tx.Person(ctx, a.Person)
			if err != nil {
				return nil, err
			}
			if !ok || p.Status != prokus.Active {
				continue
			}
			o.Person = &p
		} else {
			s, ok, err := tx.StaffByID(ctx, a.Staff)
			if err != nil {
				return nil, err
			}
			if !ok || !s.Active {
				continue
			}
			o.Staff = &s
		}
		out = append(out, o)
	}
	return out, nil
}

// Seen notes her last inbound, which also proves that a number is alive.
func (tx *Tx) Seen(ctx context.Context, person int64, now time.Time) error {
	if _, err := tx.Exec(ctx, `UPDATE person SET last_seen = greatest(last_seen, $2) WHERE id = $1`, person, now); err != nil {
		return fmt.Errorf("seen: %w", err)
	}
	return nil
}

// RepliesTo counts our replies to a sender since a moment.
func (tx *Tx) RepliesTo(ctx context.Context, recipient string, since time.Time) (n int, err error) {
	const count = `SELECT count(*) FROM outbox WHERE recipient = $1 AND kind = 'reply' AND created_at >= $2`
	if err := tx.QueryRow(ctx, count, recipient, since).Scan(&n); err != nil {
		return 0, fmt.Errorf("replies: %w", err)
	}
	return n, nil
}

// SameReplies counts how often we said the one reply that we said most often to a sender since a moment.
func (tx *Tx) SameReplies(ctx context.Context, recipient string, since time.Time) (n int, err error) {
	const count = `
		SELECT coalesce(max(n), 0) FROM (
			SELECT count(*) AS n FROM outbox WHERE recipient = $1 AND kind = 'reply' AND created_at >= $2 GROUP BY text_key, args
		) said`
	if err := tx.QueryRow(ctx, count, recipient, since).Scan(&n); err != nil {
		return 0, fmt.Errorf("same replies: %w", err)
	}
	return n, nil
}

// RangBefore says whether a number called us, besides this inbound, since a moment.
func (tx *Tx) RangBefore(ctx context.Context, from string, inbox int64, since time.Time) (rang bool, err error) {
	const find = `SELECT EXISTS (SELECT FROM inbox WHERE sender = $1 AND at >= $3 AND kind = 'call' AND id < $2)`
	if err := tx.QueryRow(ctx, find, from, inbox, since).Scan(&rang); err != nil {
		return false, fmt.Errorf("rang before: %w", err)
	}
	return rang, nil
}

// PhoneOf is her active number, the primary one first; empty if she has none.
func (tx *Tx) PhoneOf(ctx context.Context, person int64) (p prokus.Phone, err error) {
	const find = `
		SELECT coalesce((SELECT value FROM address WHERE person_id = $1 AND kind = 'phone' AND status = 'aktif'
			ORDER BY is_primary DESC, id LIMIT 1), '')`
	if err := tx.QueryRow(ctx, find, person).Scan(&p); err != nil {
		return "", fmt.Errorf("phone: %w", err)
	}
	return p, nil
}

// BlockAddress marks a chat that blocked us, or is back.
func (tx *Tx) BlockAddress(ctx context.Context, kind, value string, blocked bool, _ time.Time) error {
	from, to := prokus.AddressActive, prokus.AddressBlocked
	if !blocked {
		from, to = to, from
	}
	if _, err := tx.Exec(ctx, `UPDATE address SET status = $4 WHERE kind = $1 AND value = $2 AND status = $3`, kind, value, from, to); err != nil {
		return fmt.Errorf("block: %w", err)
	}
	return nil
}
