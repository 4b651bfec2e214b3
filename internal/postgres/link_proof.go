package postgres

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/bot"
)

// silentFor is how long a number may be silent before somebody else may have it (Permenkominfo 14/2018: numbers are sold
// again after sixty days).
const silentFor = 60 * 24 * time.Hour

// heardOf is when something last came from a number a of person p: an inbound that is kept (last), or her last message on any
// road if she never had another.
func heardOf(last string) string {
	return `greatest(a.linked_at, p.invited_at, coalesce(` + last + `, p.last_seen),
		CASE WHEN NOT EXISTS (SELECT FROM address o WHERE o.person_id = a.person_id AND o.id <> a.id) THEN p.last_seen END)`
}

// certain is true of an address a, of person p if it is a person's, that is not in doubt: a chat, a number of staff, or a
// number from which something came since a moment, or which was linked or invited since then.
func certain(since string) string {
	return `(a.kind <> 'phone' OR a.person_id IS NULL OR a.doubted_at IS NULL AND
		` + heardOf(`(SELECT max(i.at) FROM inbox i WHERE i.sender = a.value)`) + ` >= ` + since + `)`
}

// Doubted says whether a number has to prove again whose it is: nothing came from it for sixty days before this inbound, or
// it was doubted before and has not proven it yet. Chats are not sold and are never in doubt.
func (tx *Tx) Doubted(ctx context.Context, number string, inbox int64, now time.Time) (doubted bool, err error) {
	doubt := `
		WITH last AS (SELECT max(at) AS at FROM inbox WHERE sender = $1 AND id < $2), doubtful AS (
			UPDATE address a SET doubted_at = $3 FROM person p, last
			WHERE p.id = a.person_id AND a.kind = 'phone' AND a.value = $1 AND a.status = 'aktif' AND a.doubted_at IS NULL
				AND ` + heardOf("last.at") + ` < $4
			RETURNING a.id
		)
		SELECT EXISTS (SELECT FROM doubtful) OR EXISTS (
			SELECT FROM address WHERE kind = 'phone' AND value = $1 AND status = 'aktif' AND person_id IS NOT NULL AND doubted_at IS NOT NULL)`
	if err := tx.QueryRow(ctx, doubt, number, inbox, now, now.Add(-silentFor)).Scan(&doubted); err != nil {
		return false, fmt.Errorf("doubt: %w", err)
	}
	return doubted, nil
}

// TrustNumber ends the doubt about a number: its holder, or the TKSK, has said whose it is.
func (tx *Tx) TrustNumber(ctx context.Context, number string) error {
	if _, err := tx.Exec(ctx, `UPDATE address SET doubted_at = NULL WHERE kind = 'phone' AND value = $1`, number); err != nil {
		return fmt.Errorf("trust number: %w", err)
	}
	return nil
}

// Tries counts wrong answers: of this sender for this code within a day, of this sender for any code within an hour, and of
// anybody for this code within a day.
func (tx *Tx) Tries(ctx context.Context, sender, code string, now time.Time) (t bot.Tries, err error) {
	const count = `
		SELECT coalesce(sum(tries) FILTER (WHERE sender = $1 AND code = $2 AND last > $3), 0),
			coalesce(sum(tries) FILTER (WHERE sender = $1 AND last > $4), 0),
			coalesce(sum(tries) FILTER (WHERE code = $2 AND last > $3), 0)
		FROM link_try WHERE sender = $1 OR code = $2`
	if err := tx.QueryRow(ctx, count, sender, code, now.Add(-24*time.Hour), now.Add(-time.Hour)).Scan(&t.Own, &t.Sender, &t.Code); err != nil {
		return t, fmt.Errorf("tries: %w", err)
	}
	return t, nil
}

// Tried keeps a wrong answer. A day after the last one the count begins anew.
func (tx *Tx) Tried(ctx context.Context, sender, code string, now time.Time) error {
	const keep = `
		INSERT INTO link_try AS t (sender, code, tries, last) VALUES ($1, $2, 1, $3)
		ON CONFLICT (sender, code) DO UPDATE SET tries = CASE WHEN t.last > $4 THEN least(t.tries, 999) + 1 ELSE 1 END, last = $3`
	if _, err := tx.Exec(ctx, keep, sender, code, now, now.Add(-24*time.Hour)); err != nil {
		return fmt.Errorf("tried: %w", err)
	}
	return nil
}

// ForgetTries ends the count when somebody has proven who they are.
func (tx *Tx) ForgetTries(ctx context.Context, sender, code string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM link_try WHERE sender = $1 AND code = $2`, sender, code); err != nil {
		return fmt.Errorf("forget tries: %w", err)
	}
	return nil
}

// telegramLinkFor is how long a printed link is good (J1-TG-01).
const telegramLinkFor = 7 * 24 * time.Hour

// NewTelegramLink makes a one-time link for a person or a member of staff (the other is 0): 22 characters for
// t.me/<bot>?start=<token>, good for seven days. Only its hash is kept. A new one ends those before it.
func (db *DB) NewTelegramLink(ctx context.Context, person, staff int64, now time.Time) (token string, err error) {
	err = db.InTx(ctx, func(tx *Tx) error {
		token, err = tx.NewLink(ctx, person, staff, now)
		return err
	})
	return token, err
}

// NewLink is NewTelegramLink in the transaction of a turn.
func (tx *Tx) NewLink(ctx context.Context, person, staff int64, now time.Time) (token string, err error) {
	raw := make([]byte, 16)
	if _, err := rand.Read(raw); err != nil {
		return "", fmt.Errorf("telegram link: %w", err)
	}
	token = base64.RawURLEncoding.EncodeToString(raw)
	const end = `
		UPDATE link SET used_at = $3 WHERE purpose = 'telegram' AND used_at IS NULL
			AND (person_id = nullif($1::bigint, 0) OR staff_id = nullif($2::bigint, 0))`
	if _, err := tx.Exec(ctx, end, person, staff, now); err != nil {
		return "", fmt.Errorf("telegram link: %w", err)
	}
	const insert = `
		INSERT INTO link (token_hash, purpose, person_id, staff_id, expires_at)
		VALUES ($1, 'telegram', nullif($2::bigint, 0), nullif($3::bigint, 0), $4)`
	if _, err := tx.Exec(ctx, insert, tx.db.tokenHash(token), person, staff, now.Add(telegramLinkFor)); err != nil {
		return "", fmt.Errorf("telegram link: %w", err)
	}
	return token, nil
}

// InDoubt says whether a number of hers was silent for so long that it may be somebody else's.
func (tx *Tx) InDoubt(ctx context.Context, person int64, number string, now time.Time) (doubt bool, err error) {
	find := `SELECT EXISTS (SELECT FROM address a JOIN person p ON p.id = a.person_id
		WHERE a.person_id = $1 AND a.kind = 'phone' AND a.value = $2 AND a.status = 'aktif' AND NOT ` + certain("$3::timestamptz") + `)`
	if err := tx.QueryRow(ctx, find, person, number, now.Add(-silentFor)).Scan(&doubt); err != nil {
		return false, fmt.Errorf("in doubt: %w", err)
	}
	return doubt, nil
}

// VouchNumber ends the doubt about a number of hers on the word of somebody who knows: it counts as linked anew.
func (tx *Tx) VouchNumber(ctx context.Context, person int64, number string, now time.Time) error {
	const vouch = `UPDATE address SET doubted_at = NULL, linked_at = $3 WHERE person_id = $1 AND kind = 'phone' AND value = $2 AND status = 'aktif'`
	if _, err := tx.Exec(ctx, vouch, person, number, now); err != nil {
		return fmt.Errorf("vouch for a number: %w", err)
	}
	return nil
}

// TakeLink opens a one-time link for a chat: the first chat that comes with it may go on with it, nobody else.
func (tx *Tx) TakeLink(ctx context.Context, token, chat string, now time.Time) (person, staff int64, ok bool, err error) {
	const take = `
		UPDATE link SET chat = $2
		WHERE token_hash = $1 AND purpose = 'telegram' AND used_at IS NULL AND expires_at > $3 AND chat IN ('', $2)
		RETURNING coalesce(person_id, 0), coalesce(staff_id, 0)`
	err = tx.QueryRow(ctx, take, tx.db.tokenHash(token), chat, now).Scan(&person, &staff)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, 0, false, nil
	}
	if err != nil {
		return 0, 0, false, fmt.Errorf("take link: %w", err)
	}
	return person, staff, true, nil
}

// EndLinks ends the links that a chat came with: it is linked now.
func (tx *Tx) EndLinks(ctx context.Context, chat string, now time.Time) error {
	if _, err := tx.Exec(ctx, `UPDATE link SET used_at = $2 WHERE chat = $1 AND purpose = 'telegram' AND used_at IS NULL`, chat, now); err != nil {
		return fmt.Errorf("end links: %w", err)
	}
	return nil
}
