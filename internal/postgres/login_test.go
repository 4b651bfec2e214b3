package postgres_test

import (
	"crypto/sha256"
	"errors"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/pgtest"
	"github.com/kabar-prokus/kabar/internal/postgres"
)

// Links and sessions hold under one secret: another secret ends them, and a row that somebody wrote into the table without
// knowing the secret opens nothing.
func TestTokensHoldUnderOneSecret(t *testing.T) {
	pool := pgtest.New(t)
	under := func(secret string) *postgres.Console {
		db, err := postgres.Open(pool)
		if err != nil {
			t.Fatal(err)
		}
		db.Seal([]byte(secret))
		return db.Console()
	}
	ours, theirs := under("the secret of this house, 32 bytes"), under("another secret of 32 bytes or more")
	now := time.Date(2026, 6, 10, 10, 0, 0, 0, time.UTC)
	exec(t, pool, `INSERT INTO staff (role, name) VALUES ('kementerian', 'Ratna')`)
	staff := one[int64](t, pool, `SELECT id FROM staff`)

	token, err := ours.NewLoginLink(t.Context(), staff, now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := theirs.UseLoginLink(t.Context(), token, now); !errors.Is(err, console.ErrNotFound) {
		t.Errorf("a link under another secret: %v", err)
	}
	session, err := ours.UseLoginLink(t.Context(), token, now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := theirs.Session(t.Context(), session, now); !errors.Is(err, console.ErrNotFound) {
		t.Errorf("a session under another secret: %v", err)
	}
	if v, err := ours.Session(t.Context(), session, now); err != nil || v.Staff.ID != staff {
		t.Errorf("our own session: %v, %v", v.Staff.ID, err)
	}
	forged := sha256.Sum256([]byte("written into the table"))
	exec(t, pool, `INSERT INTO login (token_hash, staff_id, csrf, at, seen_at) VALUES ($1, $2, 'x', $3, $3)`, forged[:], staff, now)
	if _, err := ours.Session(t.Context(), "written into the table", now); !errors.Is(err, console.ErrNotFound) {
		t.Errorf("a forged row: %v", err)
	}
}

// What officers did stays as it was written.
func TestTheAuditStands(t *testing.T) {
	pool := pgtest.New(t)
	exec(t, pool, `INSERT INTO staff (role, name) VALUES ('kementerian', 'Ratna')`)
	exec(t, pool, `INSERT INTO audit (staff_id, what, about, at) SELECT id, 'masuk', '', now() FROM staff`)
	for _, change := range []string{`UPDATE audit SET what = 'lain'`, `DELETE FROM audit`} {
		if _, err := pool.Exec(t.Context(), change); err == nil {
			t.Errorf("%s was done", change)
		}
	}
}
