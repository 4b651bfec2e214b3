package pgtest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/kabar-prokus/kabar/internal/embedded"
	"github.com/kabar-prokus/kabar/internal/postgres"
)

// keeperOf is set in the environment of a test binary that is to keep the server of that directory instead of testing.
const keeperOf = "KABAR_PGTEST_KEEPER"

// idle is how long nobody may use the server before it stops; packages of one `go test` follow each other sooner, mostly.
const idle = 5 * time.Second

// A test binary runs the tests of its package from main; whoever imports pgtest can also be the keeper, and this is the
// only place that comes before main without every package having to say so.
func init() {
	if dir := os.Getenv(keeperOf); dir != "" {
		if err := (house{dir}).keep(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
}

// keep runs the server until nobody uses it. Should the keeper be killed, the server stops with it.
func (h house) keep() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	users, err := os.OpenFile(h.users(), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer users.Close() // after the server's end: newcomers wait at its lock
	s, err := h.startServer(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	if s.Adopted() {
		return fmt.Errorf("%s has a server that is not ours", h.dir)
	}
	server := s.URL("postgres")
	if err := sweep(ctx, server, postgres.SchemaHash()); err != nil {
		return err
	}
	if err := os.WriteFile(h.notice()+".new", []byte(server), 0o600); err != nil {
		return err
	}
	if err := os.Rename(h.notice()+".new", h.notice()); err != nil {
		return err
	}
	defer os.Remove(h.notice())
	return watch(ctx, s, users)
}

// startServer makes the data anew if it cannot be used: it is without fsync, so a machine that fell may have spoilt it.
func (h house) startServer(ctx context.Context) (*embedded.Server, error) {
	o := embedded.Options{Dir: h.dir, Log: slog.New(slog.NewTextHandler(os.Stderr, nil))}
	s, err := embedded.Start(ctx, o)
	if err == nil {
		return s, nil
	}
	old, _ := filepath.Glob(filepath.Join(h.dir, "pg[0-9][0-9]"))
	if len(old) == 0 || ctx.Err() != nil {
		return nil, err
	}
	for _, data := range old {
		if err := os.RemoveAll(data); err != nil {
			return nil, err
		}
	}
	s, again := embedded.Start(ctx, o)
	if again != nil {
		return nil, errors.Join(err, again)
	}
	return s, nil
}

// watch returns when the server has had no user for a while, and then holds the lock on users.
func watch(ctx context.Context, s *embedded.Server, users *os.File) error {
	last := time.Now()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if err := s.Check(); err != nil {
			return err
		}
		if err := syscall.Flock(int(users.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
			last = time.Now() // somebody is there
			continue
		}
		if info, err := users.Stat(); err == nil && info.ModTime().After(last) {
			last = info.ModTime()
		}
		if time.Since(last) > idle {
			return nil
		}
		if err := syscall.Flock(int(users.Fd()), syscall.LOCK_UN); err != nil {
			return err
		}
	}
}
