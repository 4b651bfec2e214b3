package postgres_test

import (
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/pgtest"
	"github.com/kabar-prokus/kabar/internal/postgres"
)

func TestInScope(t *testing.T) {
	pool := pgtest.New(t)
	tests := []struct {
		area  string
		scope []string
		want  bool
	}{
		{"32.10.07", []string{"32.10.07"}, true},
		{"32.10.07", []string{"32.10"}, true},
		{"32.10.07", []string{"32"}, true},
		{"32.10.07", []string{"ID"}, true},
		{"32.10.07", []string{"32.17", "32.10.07"}, true},
		{"32.10.07", []string{"32.10.08"}, false},
		{"32.10.07", []string{"32.1"}, false},
		{"32.10.07", []string{"32.17"}, false},
		{"32.10.07", []string{"3"}, false},
		{"32.10.07", []string{""}, false},
		{"32.10.07", []string{}, false},
		{"32.10", []string{"32.10.07"}, false},
		{"ID", []string{"32.10"}, false},
		{"ID", []string{"ID"}, true},
	}
	for _, tt := range tests {
		var got bool
		if err := pool.QueryRow(t.Context(), `SELECT in_scope($1, $2)`, tt.area, tt.scope).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if got != tt.want {
			t.Errorf("%s in %q: %v, want %v", tt.area, tt.scope, got, tt.want)
		}
	}
}

func TestLoginLinks(t *testing.T) {
	pool := pgtest.New(t)
	db, err := postgres.Open(pool)
	if err != nil {
		t.Fatal(err)
	}
	c := db.Console()
	now := time.Date(2026, 6, 10, 14, 30, 0, 0, time.UTC)
	var staff, gone int64
	if err := pool.QueryRow(t.Context(), `INSERT INTO staff (role, name) VALUES ('koordinator', 'Nani') RETURNING id`).Scan(&staff); err != nil {
		t.Fatal(err)
	}
	if err := pool.QueryRow(t.Context(), `INSERT INTO staff (role, name, active) VALUES ('koordinator', 'Pergi', false) RETURNING id`).Scan(&gone); err != nil {
		t.Fatal(err)
	}
	for name, id := range map[string]int64{"somebody who left": gone, "nobody": 99} {
		if _, err := c.NewLoginLink(t.Context(), id, now); err != console.ErrNotFound {
			t.Errorf("a link for %s: %v", name, err)
		}
	}
	token, err := c.NewLoginLink(t.Context(), staff, now)
	if err != nil {
		t.Fatal(err)
	}
	if len(token) < 26 {
		t.Errorf("a token of %d characters of base 32 is shorter than 128 bits", len(token))
	}
	// Twenty at once with one token: one session.
	results := make(chan error, 20)
	for range cap(results) {
		go func() {
			_, err := c.UseLoginLink(t.Context(), token, now)
			results <- err
		}()
	}
	sessions := 0
	for range cap(results) {
		switch err := <-results; err {
		case nil:
			sessions++
		case console.ErrNotFound:
		default:
			t.Error(err)
		}
	}
	if sessions != 1 {
		t.Errorf("%d sessions of one token", sessions)
	}
	late, err := c.NewLoginLink(t.Context(), staff, now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.UseLoginLink(t.Context(), late, now.Add(console.LoginLinkTTL)); err != console.ErrNotFound {
		t.Errorf("an expired link: %v", err)
	}
	// A Telegram link opens no session.
	if _, err := pool.Exec(t.Context(), `UPDATE link SET purpose = 'telegram', used_at = NULL`); err != nil {
		t.Fatal(err)
	}
	if _, err := c.UseLoginLink(t.Context(), late, now); err != console.ErrNotFound {
		t.Errorf("a Telegram link: %v", err)
	}
}
