package postgres

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Seal gives the secret under which tokens are kept; it comes before the first use. Tokens of another secret are unknown.
func (db *DB) Seal(secret []byte) { db.secret = secret }

// Tokens are 26 characters of rand.Text, 130 bits: nobody guesses one, and a hash without salt is enough to keep it.
func (db *DB) newToken() (token string, hash []byte) {
	token = rand.Text()
	return token, db.tokenHash(token)
}

// tokenHash is what is kept of a token. It is keyed, so that whoever can only write to the database, or has a dump of it, can
// make no session and no link that this program would take.
func (db *DB) tokenHash(token string) []byte {
	h := hmac.New(sha256.New, db.secret)
	h.Write([]byte(token))
	return h.Sum(nil)
}

// NewLoginLink makes a one-time token with which a member of staff opens the console at /masuk/<token>; only its hash is
// kept. It is good for console.LoginLinkTTL of real time. Somebody who is not active staff gives console.ErrNotFound.
func (c *Console) NewLoginLink(ctx context.Context, staffID int64, now time.Time) (token string, err error) {
	token, hash := c.db.newToken()
	tag, err := c.db.pool.Exec(ctx, `
		INSERT INTO link (token_hash, purpose, staff_id, expires_at)
		SELECT $1, 'login', id, $3 FROM staff WHERE id = $2 AND active`, hash, staffID, now.Add(console.LoginLinkTTL))
	if err != nil {
		return "", fmt.Errorf("new log-in link: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return "", console.ErrNotFound
	}
	return token, nil
}

// UseLoginLink takes a one-time token and opens a session. Two at once with one token: one of them gets it.
func (c *Console) UseLoginLink(ctx context.Context, token string, now time.Time) (session string, err error) {
	err = c.change(ctx, "use log-in link", func(tx *Tx) error {
		var staff int64
		err := tx.QueryRow(ctx, `
			UPDATE link SET used_at = $2
			WHERE token_hash = $1 AND purpose = 'login' AND used_at IS NULL AND expires_at > $2
				AND staff_id IN (SELECT id FROM staff WHERE active)
			RETURNING staff_id`, c.db.tokenHash(token), now).Scan(&staff)
		if err != nil {
			return err
		}
		session, err = logIn(ctx, tx, staff, now)
		return err
	})
	return session, err
}

// LogIn opens a session without a link.
func (c *Console) LogIn(ctx context.Context, staff int64, now time.Time) (session string, err error) {
	err = c.change(ctx, "log in", func(tx *Tx) error {
		var active bool
		if err := tx.QueryRow(ctx, `SELECT active FROM staff WHERE id = $1 AND active`, staff).Scan(&active); err != nil {
			return err
		}
		session, err = logIn(ctx, tx, staff, now)
		return err
	})
	return session, err
}

// logIn also sweeps sessions that nobody can use any more.
func logIn(ctx context.Context, tx *Tx, staff int64, now time.Time) (string, error) {
	token, hash := tx.db.newToken()
	if _, err := tx.Exec(ctx, `DELETE FROM login WHERE at < $1`, now.Add(-console.SessionLife)); err != nil {
		return "", err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO login (token_hash, staff_id, csrf, at, seen_at) VALUES ($1, $2, $3, $4, $4)`,
		hash, staff, rand.Text(), now); err != nil {
		return "", err
	}
	return token, audit(ctx, tx, staff, "masuk", "", now)
}

// Session reads who is logged in, with their rights of this moment (faults.md J9), and notes that they were seen.
func (c *Console) Session(ctx context.Context, token string, now time.Time) (console.Viewer, error) {
	var v console.Viewer
	var seen time.Time
	hash := c.db.tokenHash(token)
	err := c.db.pool.QueryRow(ctx, `
		SELECT l.csrf, l.seen_at, s.id, s.role, s.name, s.title, s.institution, s.email, s.active, s.lang,
			coalesce((SELECT array_agg(area_code ORDER BY area_code) FROM staff_area WHERE staff_id = s.id), '{}'),
			coalesce((SELECT a.zone FROM staff_area sa JOIN area a ON a.code = sa.area_code WHERE sa.staff_id = s.id ORDER BY a.code LIMIT 1), '')
		FROM login l JOIN staff s ON s.id = l.staff_id
		WHERE l.token_hash = $1 AND s.active AND l.at > $2 AND l.seen_at > $3`,
		hash, now.Add(-console.SessionLife), now.Add(-console.SessionIdle)).Scan(
		&v.CSRF, &seen, &v.Staff.ID, &v.Staff.Role, &v.Staff.Name, &v.Staff.Title, &v.Staff.Institution, &v.Staff.Email,
		&v.Staff.Active, &v.Staff.Lang, &v.Staff.Areas, &v.Staff.Zone)
	if err != nil {
		return v, consoleErr("session", err)
	}
	// Once a minute is exact enough for half an hour, and spares a write at every page.
	if now.Sub(seen) > time.Minute {
		if _, err := c.db.pool.Exec(ctx, `UPDATE login SET seen_at = $2 WHERE token_hash = $1`, hash, now); err != nil {
			return v, consoleErr("session", err)
		}
	}
	return v, nil
}

// LogOut ends a session on the server; its token is worth nothing afterwards.
func (c *Console) LogOut(ctx context.Context, token string) error {
	_, err := c.db.pool.Exec(ctx, `DELETE FROM login WHERE token_hash = $1`, c.db.tokenHash(token))
	return consoleErr("log out", err)
}

// DemoStaff are up to three coordinators, two of the ministry, two TKSK and a mentor, in that order.
func (c *Console) DemoStaff(ctx context.Context) ([]prokus.Staff, error) {
	var out []prokus.Staff
	err := c.read(ctx, "demo staff", func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT id, role, name, title, institution FROM (
				SELECT *, row_number() OVER (PARTITION BY role ORDER BY id) AS n FROM staff WHERE active) s
			WHERE (role = 'koordinator' AND n <= 3) OR (role IN ('kementerian', 'tksk') AND n <= 2) OR (role = 'mentor' AND n = 1)
			ORDER BY array_position(ARRAY['koordinator', 'kementerian', 'tksk', 'mentor'], role), id`)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (s prokus.Staff, err error) {
			err = r.Scan(&s.ID, &s.Role, &s.Name, &s.Title, &s.Institution)
			return s, err
		})
		return err
	})
	return out, err
}
