package e2e

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/kabar-prokus/kabar/internal/fake"
	"github.com/kabar-prokus/kabar/internal/pgtest"
)

// crowd imports so many invented people of Maja who agreed, and the staff that a broadcast needs.
func (p *program) crowd(people int) {
	p.t.Helper()
	p.imports("staff", staffList+"Koordinator;Pak Asep Hidayat;081190000014;Majalengka;;Dinsos Majalengka;asep@example.id\n", 4)
	var list strings.Builder
	list.WriteString("Nama;No HP;Kabupaten;Kecamatan;Desa;Bahasa;Persetujuan\n")
	for i := range people {
		fmt.Fprintf(&list, "Ibu Nomor%d;0813%08d;Majalengka;Maja;Cengal;Indonesia;2026-05-04\n", i, i)
	}
	p.imports("people", list.String(), people)
}

// eachOnce waits until everybody has been told, and says who was told more than once.
func (p *program) eachOnce(d *fake.Twilio, people int) {
	p.t.Helper()
	p.wait("the broadcast to end", 4*time.Minute, func() bool { return len(d.Messages()) >= people })
	for i := range people {
		if n := len(d.To(fmt.Sprintf("+62813%08d", i))); n != 1 {
			p.t.Errorf("person %d was told %d times", i, n)
		}
	}
}

// cutOff ends every other connection to a database, as a restart of the server does.
func cutOff(t *testing.T, dsn string, more ...string) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.WithoutCancel(t.Context()))
	for _, sql := range append(more, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`) {
		if _, err := c.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
}

// The database cuts every connection ten times in the middle of a broadcast: nobody is missed, nobody is told twice (faults.md C1).
func TestC1DatabaseCutsConnections(t *testing.T) {
	t.Parallel()
	const people, cuts = 600, 10
	d := fake.NewTwilio(account, token)
	t.Cleanup(d.Close)
	dsn := pgtest.URL(t)
	p := start(t, twilioEnv(d, "DATABASE_URL="+dsn), "--empty", "--clock", "2026-06-10T09:00:00+07:00")
	p.crowd(people)
	p.broadcast(dsn, "Bazar UMKM Kec. Maja Sab 20 Jun jam 08.00 di alun-alun, lapak gratis.")
	for i := range cuts {
		want := (i + 1) * people / (cuts + 2)
		p.wait("the broadcast to get on", waitLong, func() bool { return len(d.Messages()) >= want })
		cutOff(t, dsn)
	}
	p.eachOnce(d, people)
}

// A database that hangs makes the program say that it is not ready, and providers hear "not now" instead of waiting; when it is back,
// work goes on without a restart (faults.md C2, A13).
func TestC2DatabaseHangs(t *testing.T) {
	t.Parallel()
	d := fake.NewTwilio(account, token)
	t.Cleanup(d.Close)
	c, err := pgx.ParseConfig(pgtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	line := newLine(t, c)
	through := url.URL{Scheme: "postgres", User: url.UserPassword(c.User, c.Password), Host: line.Addr().String(), Path: c.Database, RawQuery: "sslmode=disable"}
	p := start(t, twilioEnv(d, "DATABASE_URL="+through.String()), "--empty", "--clock", "2026-06-07T19:02:00+07:00")
	client := &http.Client{Timeout: 20 * time.Second}
	status := func(req *http.Request) (int, time.Duration) {
		began := time.Now()
		r, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		return r.StatusCode, time.Since(began)
	}
	ready := func() int {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, p.base+"/readyz", nil)
		code, _ := status(req)
		return code
	}
	line.hang()
	p.wait("the program to say that it is not ready", 10*time.Second, func() bool { return ready() == http.StatusServiceUnavailable })
	form := d.InboundForm(siti, service, "status", fmt.Sprintf("SM%032x", 1))
	code, took := status(d.Request(p.webhook(), form))
	if code != http.StatusServiceUnavailable || took > 5*time.Second {
		t.Errorf("a webhook was answered %d after %s", code, took)
	}
	line.resume()
	p.wait("the program to be ready again", 30*time.Second, func() bool { return ready() == http.StatusOK })
	p.wait("the provider's second try", 30*time.Second, func() bool { code, _ := status(d.Request(p.webhook(), form)); return code == http.StatusOK })
	p.wait("the answer", time.Minute, func() bool { return len(d.To(siti)) == 1 })
}

// A database that only reads, as when its disk is full: refused, alive, and well again by itself (faults.md C3).
func TestC3DatabaseOnlyReads(t *testing.T) {
	t.Parallel()
	d := fake.NewTwilio(account, token)
	t.Cleanup(d.Close)
	dsn := pgtest.URL(t)
	p := start(t, twilioEnv(d, "DATABASE_URL="+dsn), "--empty", "--clock", "2026-06-07T19:02:00+07:00")
	form := d.InboundForm(siti, service, "status", fmt.Sprintf("SM%032x", 1))
	post := func() int {
		r, err := http.DefaultClient.Do(d.Request(p.webhook(), form))
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		return r.StatusCode
	}
	u, _ := url.Parse(dsn)
	name := pgx.Identifier{strings.TrimPrefix(u.Path, "/")}.Sanitize()
	cutOff(t, dsn, `ALTER DATABASE `+name+` SET default_transaction_read_only = on`)
	p.wait("a refusal", 30*time.Second, func() bool { return post() == http.StatusServiceUnavailable })
	if r, err := http.Get(p.base + "/healthz"); err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("the program does not live: %v", err)
	}
	cutOff(t, dsn, `SET default_transaction_read_only = off`, `ALTER DATABASE `+name+` RESET default_transaction_read_only`)
	p.wait("the message to be taken", 30*time.Second, func() bool { return post() == http.StatusOK })
	p.wait("the answer", time.Minute, func() bool { return len(d.To(siti)) == 1 })
}

// SIGTERM in the middle of sending: the process ends by itself within its ten seconds, and the next one does the rest (faults.md C7).
func TestC7StoppedWhileSending(t *testing.T) {
	t.Parallel()
	const people = 400
	d := fake.NewTwilio(account, token)
	t.Cleanup(d.Close)
	dsn := pgtest.URL(t)
	p := start(t, twilioEnv(d, "DATABASE_URL="+dsn), "--empty", "--clock", "2026-06-10T09:00:00+07:00")
	p.crowd(people)
	p.broadcast(dsn, "Bazar UMKM Kec. Maja Sab 20 Jun jam 08.00 di alun-alun, lapak gratis.")
	for i := range 3 {
		p.wait("the broadcast to get on", waitLong, func() bool { return len(d.Messages()) >= (i+1)*people/5 })
		began := time.Now()
		if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-p.done:
			if err != nil {
				t.Errorf("ended with %v", err)
			}
		case <-time.After(15 * time.Second):
			t.Fatalf("still alive %s after SIGTERM", time.Since(began))
		}
		p.run(nil)
		p.ready()
	}
	p.eachOnce(d, people)
}

// line is a wire to the database that can be held.
type line struct {
	net.Listener
	mu   sync.Mutex
	held chan struct{} // closed: it flows
}

func newLine(t *testing.T, to *pgx.ConnConfig) *line {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	x := &line{Listener: l, held: make(chan struct{})}
	close(x.held)
	t.Cleanup(func() { x.resume(); _ = l.Close() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			network, address := pgconn.NetworkAddress(to.Host, to.Port)
			out, err := net.Dial(network, address)
			if err != nil {
				_ = in.Close()
				continue
			}
			go x.carry(out, in)
			go x.carry(in, out)
		}
	}()
	return x
}

// carry copies while the line flows.
func (x *line) carry(to, from net.Conn) {
	defer to.Close()
	defer from.Close()
	b := make([]byte, 32<<10)
	for {
		n, err := from.Read(b)
		x.mu.Lock()
		held := x.held
		x.mu.Unlock()
		<-held
		if _, werr := to.Write(b[:n]); err != nil || werr != nil {
			return
		}
	}
}

func (x *line) hang() { x.mu.Lock(); x.held = make(chan struct{}); x.mu.Unlock() }

func (x *line) resume() {
	x.mu.Lock()
	defer x.mu.Unlock()
	select {
	case <-x.held:
	default:
		close(x.held)
	}
}
