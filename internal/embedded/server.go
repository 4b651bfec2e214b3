// Package embedded runs the PostgreSQL that starts by itself: it finds or fetches the programs, keeps one data
// directory a major version, and lets several processes share one server. Production sets DATABASE_URL and never comes here.
package embedded

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
)

// Database is the one that Start makes when it is missing; owner is the role that owns the cluster.
const (
	Database = "kabar"
	owner    = "kabar"
)

// LockFile stands in a data root from the first start on.
const LockFile = ".postgres.lock"

// Options says where the data lives and how the server runs.
type Options struct {
	Dir     string       // data root, e.g. ./var; made if missing
	Durable bool         // false: no fsync, for tests only
	TCP     bool         // also listen on a free port of 127.0.0.1, told in the log
	Log     *slog.Logger // nil: slog.Default()
}

// Server is a running PostgreSQL, launched by this process or joined.
type Server struct {
	socket string // directory of the unix socket
	port   int
	pid    int
	data   string
	child  *child // nil when joined
}

// Start joins the server that runs in o.Dir, or launches one, and makes the database "kabar" if it is missing.
// Of several processes that start at once exactly one launches. A launched server stops with the process that
// launched it, also when that process is killed.
func Start(ctx context.Context, o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("embedded: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("embedded: data root: %w", err)
	}
	o.Dir = dir
	lock, err := takeLock(ctx, filepath.Join(dir, LockFile))
	if err != nil {
		return nil, fmt.Errorf("embedded: %w", err)
	}
	defer lock.Close()

	s, err := join(ctx, dir, lock)
	if err == nil && s == nil {
		s, err = launch(ctx, o, lock)
	}
	if err != nil {
		return nil, fmt.Errorf("embedded: %w", err)
	}
	if err := s.ensureDatabase(ctx); err != nil {
		_ = s.Close()
		return nil, fmt.Errorf("embedded: %w", err)
	}
	return s, nil
}

// URL is a DSN for the given database over the server's unix socket.
func (s *Server) URL(database string) string {
	u := url.URL{Scheme: "postgres", User: url.User(owner), Path: "/" + database}
	u.RawQuery = url.Values{"host": {s.socket}, "port": {strconv.Itoa(s.port)}}.Encode()
	return u.String()
}

// Adopted tells whether another process launched the server.
func (s *Server) Adopted() bool { return s.child == nil }

// Check is nil while the server lives, and says in words what happened once it is gone. A process that joined a
// server loses it when the launching process ends; its queries then fail, and this error is the reason to show.
func (s *Server) Check() error {
	if isServer(s.pid, s.data) {
		return nil
	}
	if s.Adopted() {
		return fmt.Errorf("the PostgreSQL in %s has stopped, because the process that started it has ended; run the command again", s.data)
	}
	return fmt.Errorf("the PostgreSQL in %s has stopped; its log is %s", s.data, logFile(s.data))
}

// Close stops the server if this process launched it, and returns when it is gone.
func (s *Server) Close() error {
	if s.Adopted() {
		return nil
	}
	if err := s.child.stop(); err != nil {
		return fmt.Errorf("embedded: %w", err)
	}
	if s.socket != s.data {
		_ = os.Remove(s.socket) // empty now; see socketDir
	}
	return nil
}
