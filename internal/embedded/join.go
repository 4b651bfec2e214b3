package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// pidfile is what PostgreSQL writes about itself into postmaster.pid.
type pidfile struct {
	pid    int
	port   int
	socket string
	ready  bool
}

func readPidfile(data string) (pidfile, error) {
	b, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return pidfile{}, err
	}
	lines := append(strings.Split(string(b), "\n"), make([]string, 8)...)
	var p pidfile
	p.pid, _ = strconv.Atoi(strings.TrimSpace(lines[0]))
	p.port, _ = strconv.Atoi(strings.TrimSpace(lines[3]))
	p.socket = strings.TrimSpace(lines[4])
	p.ready = strings.TrimSpace(lines[7]) == "ready"
	return p, nil
}

// isServer tells whether pid is the live server of that data directory: neither a zombie nor a stranger that has been
// given the same number since.
func isServer(pid int, data string) bool {
	if pid <= 0 || errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return false
	}
	return servesData(pid, data)
}

// join is the live server in dir, or nil when there is none. A server whose launcher is gone is about to stop (or, where
// the kernel does not tell it, has to be stopped): it is waited for, never joined.
func join(ctx context.Context, dir string, lock lockFile) (*Server, error) {
	for _, data := range dataDirs(dir) {
		s, err := joinOne(ctx, data, lock.launcher())
		if s != nil || err != nil {
			return s, err
		}
	}
	return nil, nil
}

func joinOne(ctx context.Context, data string, launcher int) (*Server, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	var found *Server
	told := false
	err := Wait(ctx, func() (bool, error) {
		p, err := readPidfile(data)
		if errors.Is(err, os.ErrNotExist) {
			return true, nil
		}
		if err != nil {
			return false, fmt.Errorf("a server may be running, but we may not look: %w", err)
		}
		if !isServer(p.pid, data) {
			return true, nil
		}
		if launcher != 0 && parentOf(p.pid) != launcher {
			if !told {
				_ = syscall.Kill(p.pid, syscall.SIGINT)
				told = true
			}
			return false, nil
		}
		if !p.ready {
			return false, nil
		}
		s := &Server{socket: p.socket, port: p.port, pid: p.pid, data: data}
		ok, err := s.serves(ctx)
		if ok {
			found = s
		}
		return ok, err
	})
	if err != nil {
		return nil, fmt.Errorf("joining the server in %s: %w", data, err)
	}
	return found, nil
}

// serves connects and compares the data directory; false without error means "not now".
func (s *Server) serves(ctx context.Context) (bool, error) {
	conn, err := pgx.Connect(ctx, s.URL("postgres"))
	if notNow(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer conn.Close(ctx)
	var dir string
	if err := conn.QueryRow(ctx, "show data_directory").Scan(&dir); err != nil {
		return false, nil // it stopped under our hands; the next look decides
	}
	if !sameFile(dir, s.data) {
		return false, fmt.Errorf("the server at %s keeps its data in %s, not in %s", s.socket, dir, s.data)
	}
	return true, nil
}

func (s *Server) ensureDatabase(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, s.URL(Database))
	if err == nil {
		return conn.Close(ctx)
	}
	var pe *pgconn.PgError
	if !errors.As(err, &pe) || pe.Code != "3D000" { // invalid_catalog_name: no such database
		return fmt.Errorf("database %s: %w", Database, err)
	}
	conn, err = pgx.Connect(ctx, s.URL("postgres"))
	if err != nil {
		return fmt.Errorf("database postgres: %w", err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "create database "+Database); err != nil {
		return fmt.Errorf("making database %s: %w", Database, err)
	}
	return nil
}

// notNow tells the errors of a server that is starting, stopping or just gone from those that will stay.
func notNow(err error) bool {
	var pe *pgconn.PgError
	for _, gone := range []error{syscall.ECONNREFUSED, syscall.ECONNRESET, syscall.EPIPE, io.EOF, io.ErrUnexpectedEOF, os.ErrNotExist} {
		if errors.Is(err, gone) {
			return true
		}
	}
	return errors.As(err, &pe) && (pe.Code == "57P03" || pe.Code == "57P01")
}

func sameFile(a, b string) bool {
	x, err1 := os.Stat(a)
	y, err2 := os.Stat(b)
	return err1 == nil && err2 == nil && os.SameFile(x, y)
}
