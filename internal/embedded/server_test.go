package embedded_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/embedded"
)

// room is a directory that other users can reach, unlike t.TempDir: where root starts the server, another user runs it.
func room(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, d := range []string{dir, filepath.Dir(dir)} {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func start(t *testing.T, o embedded.Options) *embedded.Server {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute) // the first ever fetches the programs
	defer cancel()
	s, err := embedded.Start(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// ask runs one statement on a connection of its own and returns its one value as text.
func ask(t *testing.T, url, sql string, args ...any) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	var answer string
	if err := conn.QueryRow(ctx, sql, args...).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return answer
}

func do(t *testing.T, url, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func TestDataIsKeptAndTheSecondStartIsQuick(t *testing.T) {
	dir := room(t)
	first := start(t, embedded.Options{Dir: dir, Durable: true})
	if first.Adopted() {
		t.Fatal("joined a server in an empty directory")
	}
	do(t, first.URL(embedded.Database), "create table kept (word text)")
	do(t, first.URL(embedded.Database), "insert into kept values ('masih ada')")
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if err := first.Check(); err == nil {
		t.Error("a closed server passes for alive")
	}

	began := time.Now()
	second := start(t, embedded.Options{Dir: dir, Durable: true})
	took := time.Since(began)
	t.Logf("second start: %v", took)
	if took > 3*time.Second { // about 0.15 s on an idle machine; the bound allows for a busy one
		t.Errorf("second start took %v", took)
	}
	if got := ask(t, second.URL(embedded.Database), "select word from kept"); got != "masih ada" {
		t.Errorf("kept %q", got)
	}
	if err := second.Check(); err != nil {
		t.Error(err)
	}
}

func TestSettings(t *testing.T) {
	s := start(t, embedded.Options{Dir: room(t), TCP: true})
	for sql, want := range map[string]string{
		"select lower('ÉLIS')":             "élis",
		"select ('élan' ilike 'É%')::text": "true",
		"select ('Zed' > 'élan')::text":    "true",
		"show server_encoding":             "UTF8",
		"show timezone":                    "UTC",
		"show fsync":                       "off",
		"show listen_addresses":            "127.0.0.1",
		"select rolsuper::text from pg_roles where rolname = current_user": "true",
	} {
		if got := ask(t, s.URL(embedded.Database), sql); got != want {
			t.Errorf("%s: %q, want %q", sql, got, want)
		}
	}
}

// A statement that fails holds what people wrote; the server's log may not.
func TestLogHoldsNoStatements(t *testing.T) {
	dir := room(t)
	s := start(t, embedded.Options{Dir: dir})
	do(t, s.URL(embedded.Database), "create table t (phone text unique); insert into t values ('+62 812-0000-1234')")
	conn, err := pgx.Connect(t.Context(), s.URL(embedded.Database))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), "insert into t values ('+62 812-0000-1234')"); err == nil {
		t.Fatal("the second row was taken")
	}
	logs, _ := filepath.Glob(filepath.Join(dir, "pg*.log"))
	if len(logs) != 1 {
		t.Fatalf("%d logs, want 1", len(logs))
	}
	b, err := os.ReadFile(logs[0])
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(b), "ready to accept connections") || strings.Contains(string(b), "0000-1234") {
		t.Errorf("log:\n%s", b)
	}
}

// Root hands the server to an ordinary user where that user can reach the data.
func TestRootStepsDown(t *testing.T) {
	dir := room(t)
	start(t, embedded.Options{Dir: dir})
	info, err := os.Stat(pidfile(t, dir)) // written by the server
	if err != nil {
		t.Fatal(err)
	}
	uid := int(info.Sys().(*syscall.Stat_t).Uid)
	if us := os.Geteuid(); us == 0 && uid == 0 || us != 0 && uid != us {
		t.Errorf("we are %d, the server runs as %d", os.Geteuid(), uid)
	}
}

func TestProcessesShareOneServer(t *testing.T) {
	dir := room(t)
	all := []*process{spawn(t, dir), spawn(t, dir), spawn(t, dir)}
	launchers := 0
	var launcher *process
	for _, p := range all {
		p.ready(t)
		if !p.adopted {
			launchers++
			launcher = p
		}
	}
	if launchers != 1 {
		t.Fatalf("%d of 3 processes launched a server, want 1", launchers)
	}
	joined := start(t, embedded.Options{Dir: dir})
	if !joined.Adopted() || joined.URL(embedded.Database) != launcher.url {
		t.Fatalf("adopted=%t %s, want to join %s", joined.Adopted(), joined.URL(embedded.Database), launcher.url)
	}
	if err := joined.Close(); err != nil {
		t.Fatal(err)
	}
	if err := joined.Check(); err != nil {
		t.Fatalf("closing a joined server stopped it: %v", err)
	}

	_ = launcher.stdin.Close()
	if err := launcher.Wait(); err != nil {
		t.Fatal(err)
	}
	if err := joined.Check(); err == nil || !strings.Contains(err.Error(), "the process that started it has ended") {
		t.Errorf("who joined is told %v", err)
	}
}
