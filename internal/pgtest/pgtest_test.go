package pgtest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/embedded"
	"github.com/kabar-prokus/kabar/internal/postgres"
)

func TestEachTestHasItsOwnDatabase(t *testing.T) {
	for i := range 6 {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			pool := New(t)
			var migrated bool
			if err := pool.QueryRow(t.Context(), "select to_regclass('river_job') is not null and to_regclass('goose_db_version') is not null").Scan(&migrated); err != nil || !migrated {
				t.Errorf("migrated=%t, %v", migrated, err)
			}
			if _, err := pool.Exec(t.Context(), "create table only_mine ()"); err != nil {
				t.Error(err)
			}
			if have, want, err := postgres.Pending(t.Context(), pool.Config().ConnString()); err != nil || have != want {
				t.Errorf("schema %d, want %d, %v", have, want, err)
			}
		})
	}
}

func TestDatabaseGoesWithItsTest(t *testing.T) {
	var gone string
	t.Run("inner", func(t *testing.T) {
		gone = URL(t)
		if err := exec(t.Context(), gone, "select 1"); err != nil {
			t.Error(err)
		}
	})
	if err := exec(t.Context(), gone, "select 1"); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("after the test its database answers %v", err)
	}
}

func TestEmptyHasNoTables(t *testing.T) {
	conn, err := pgx.Connect(t.Context(), Empty(t))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var tables int
	if err := conn.QueryRow(t.Context(), "select count(*) from pg_tables where schemaname = 'public'").Scan(&tables); err != nil || tables != 0 {
		t.Errorf("%d tables, %v", tables, err)
	}
}

func TestTemplateIsMadeOnceAndWhole(t *testing.T) {
	server := address(t)
	schema := "test_" + strconv.Itoa(os.Getpid())
	drop := func() {
		ctx := context.Background()
		_ = exec(ctx, server, "alter database "+templatePrefix+schema+" with is_template false")
		if err := exec(ctx, server, "drop database if exists "+templatePrefix+schema); err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(drop)

	if _, err := ensureTemplate(t.Context(), server, schema, func(context.Context, string) error { return errors.New("broken") }); err == nil {
		t.Fatal("a failed migration leaves a template")
	}
	var made atomic.Int32
	migrate := func(ctx context.Context, dsn string) error {
		made.Add(1)
		return exec(ctx, dsn, "create table from_template ()")
	}
	failed := make(chan error)
	for range 4 {
		go func() {
			_, err := ensureTemplate(t.Context(), server, schema, migrate)
			failed <- err
		}()
	}
	for range 4 {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	if made.Load() != 1 {
		t.Errorf("migrated %d times, want once", made.Load())
	}
	if err := exec(t.Context(), fresh(t, server, templatePrefix+schema), "select from from_template"); err != nil {
		t.Error(err)
	}
}

// serverPid reads the number of the server that runs in the house.
func (h house) serverPid(t *testing.T) int {
	t.Helper()
	found, _ := filepath.Glob(filepath.Join(h.dir, "pg*", "postmaster.pid"))
	if len(found) != 1 {
		return 0
	}
	b, err := os.ReadFile(found[0])
	if err != nil {
		return 0
	}
	pid, _ := strconv.Atoi(strings.SplitN(string(b), "\n", 2)[0])
	return pid
}

func (h house) keeperPid(t *testing.T) int {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(h.dir, ".postgres.lock"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func TestSharedServerEndsWithItsLastUser(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), startWait)
	defer cancel()
	h := house{filepath.Join(os.TempDir(), "kabar-pgtest-"+strconv.Itoa(os.Getpid()))}
	t.Cleanup(func() { _ = os.RemoveAll(h.dir) })
	first, err := h.enter(ctx)
	if err != nil {
		t.Fatal(err)
	}
	second, err := h.enter(ctx)
	if err != nil || second.server != first.server {
		t.Fatalf("the second user is sent to %q (%v), the first to %q", second.server, err, first.server)
	}
	keeper := h.keeperPid(t)
	if keeper == os.Getpid() || h.serverPid(t) == 0 {
		t.Fatalf("kept by %d, server %d", keeper, h.serverPid(t))
	}
	if err := exec(ctx, first.server, "create database "+prefix+"left_by_a_killed_run"); err != nil {
		t.Fatal(err)
	}
	first.hold.Close()

	// Killing the keeper takes the server with it, and the next user gets a new one over the same data.
	if err := syscall.Kill(keeper, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	third, err := h.enter(ctx)
	for err == nil && h.keeperPid(t) == keeper { // the old server still answered for a moment
		third.hold.Close()
		third, err = h.enter(ctx)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := exec(ctx, third.server, "create database "+prefix+"left_by_a_killed_run"); err != nil {
		t.Errorf("what a killed run left was not swept: %v", err)
	}
	second.hold.Close()
	third.hold.Close()
	ended, cancel := context.WithTimeout(ctx, idle+2*time.Minute)
	defer cancel()
	if err := embedded.Wait(ended, func() (bool, error) { return h.serverPid(t) == 0, nil }); err != nil {
		t.Error("the server runs on though nobody uses it")
	}
}

// The hold is a lock on a file that nobody reads; the garbage collector must not think it useless.
func TestHoldOutlivesGarbageCollection(t *testing.T) {
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	if s.hold == nil {
		return // DATABASE_URL_TEST: that server is not ours to hold
	}
	s = stay{}
	for range 3 {
		runtime.GC()
	}
	users, err := os.Open(ours().users())
	if err != nil {
		t.Fatal(err)
	}
	defer users.Close()
	if err := syscall.Flock(int(users.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); !errors.Is(err, syscall.EWOULDBLOCK) {
		t.Errorf("locking everybody out gives %v, want EWOULDBLOCK", err)
	}
}
