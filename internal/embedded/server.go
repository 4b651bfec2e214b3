// Package embedded runs the PostgreSQL that starts by itself: it finds or installs the binaries, keeps one data
// directory a major version, and lets several processes share one server.
package embedded

import (
	"context"
	"errors"
	"log/slog"
)

// Options says where the data lives and how the server runs.
type Options struct {
	Dir     string       // data root, e.g. ./var; made if missing
	Durable bool         // false: no fsync, for tests only
	TCP     bool         // also listen on a free port of 127.0.0.1
	Log     *slog.Logger // nil: slog.Default()
}

// Server is a running PostgreSQL, started by this process or joined.
type Server struct{}

// Start joins the server that already runs in o.Dir, or launches one, and makes the database "kabar" if it is missing.
func Start(ctx context.Context, o Options) (*Server, error) {
	return nil, errors.New("embedded: not yet")
}

// URL is a DSN for the given database over the server's unix socket.
func (s *Server) URL(database string) string { return "" }

// Adopted tells whether another process started the server.
func (s *Server) Adopted() bool { return false }

// Close stops the server if this process started it.
func (s *Server) Close() error { return nil }
