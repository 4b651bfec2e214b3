package scheduler_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/postgres"
	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// The environment by which a test process is told to be a replica that dies.
const (
	envDatabase = "KABAR_TEST_REPLICA_DB"
	envProvider = "KABAR_TEST_REPLICA_PROVIDER"
	envPoint    = "KABAR_TEST_REPLICA_DIES_AT" // "before_send", "after_send"; "leads": whenever the parent kills it
	envAfter    = "KABAR_TEST_REPLICA_DIES_AFTER"
)

func TestMain(m *testing.M) {
	if os.Getenv(envDatabase) != "" {
		if err := replica(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// remote is a provider in another process, which can be asked what it has.
type remote string

func (r remote) Name() string { return "sim" }

func (r remote) Send(ctx context.Context, m channels.Outbound) (channels.Sent, error) {
	ok, err := r.call(ctx, "/send", m.ID)
	if err != nil || !ok {
		return channels.Sent{}, &channels.SendError{Kind: channels.Ambiguous, Err: errors.Join(err, errors.New("no answer"))}
	}
	return channels.Sent{ProviderID: "sim-" + m.ID}, nil
}

func (r remote) Find(ctx context.Context, m channels.Outbound) (channels.Sent, bool, error) {
	found, err := r.call(ctx, "/find", m.ID)
	return channels.Sent{ProviderID: "sim-" + m.ID}, found, err
}

func (r remote) call(ctx context.Context, path, id string) (bool, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, string(r)+path+"?id="+url.QueryEscape(id), nil)
	if err != nil {
		return false, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return false, err
	}
	return res.StatusCode == http.StatusOK, res.Body.Close()
}

// replica works with River like main does, until it kills itself.
func replica() error {
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, os.Getenv(envDatabase))
	if err != nil {
		return err
	}
	db, err := postgres.Open(pool)
	if err != nil {
		return err
	}
	frozen := time.Now()
	clock, err := scheduler.NewClock(ctx, func() time.Time { return frozen }, db.Schedule())
	if err != nil {
		return err
	}
	var t testing.T
	after, err := strconv.ParseInt(os.Getenv(envAfter), 10, 64)
	if err != nil {
		return err
	}
	var sends atomic.Int64
	s, err := scheduler.New(scheduler.Config{
		Store: db.Schedule(), Clock: clock, Texts: texts(&t), Openings: openings, Senders: []channels.Sender{remote(os.Getenv(envProvider))}, SMS: "sim",
		At: func(point string) {
			if point == os.Getenv(envPoint) && sends.Add(1) > after {
				_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
				select {} // until it has arrived
			}
		},
	})
	if err != nil {
		return err
	}
	c := s.RiverConfig()
	if os.Getenv(envPoint) != "leads" {
		c.PeriodicJobs = nil
	}
	client, err := river.NewClient(riverpgxv5.New(pool), c)
	if err != nil {
		return err
	}
	if err := client.Start(ctx); err != nil {
		return err
	}
	<-time.After(10 * time.Minute) // the parent waits for the kill; nobody waits for this
	return errors.New("still alive")
}

// dies runs a replica until it is killed.
func (w *world) dies(provider, point string, after int) {
	w.t.Helper()
	exe, err := os.Executable()
	w.must(err)
	cmd := exec.CommandContext(w.ctx, exe)
	cmd.Env = append(os.Environ(), envDatabase+"="+w.pool.Config().ConnString(), envProvider+"="+provider, envPoint+"="+point, envAfter+"="+strconv.Itoa(after))
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		w.t.Fatalf("the replica ended with %v: %s", err, out)
	}
}

// doors is the provider as a server, in front of the one that remembers.
func (w *world) doors() string {
	mux := http.NewServeMux()
	mux.HandleFunc("/send", func(_ http.ResponseWriter, r *http.Request) {
		_, _ = w.sim.Send(r.Context(), channels.Outbound{ID: r.FormValue("id")})
	})
	mux.HandleFunc("/find", func(rw http.ResponseWriter, r *http.Request) {
		if w.sim.times(r.FormValue("id")) == 0 {
			rw.WriteHeader(http.StatusNotFound)
		}
	})
	srv := httptest.NewServer(mux)
	w.t.Cleanup(srv.Close)
	return srv.URL
}

// survivor is the replica that is left, with the same provider.
func (w *world) survivor(provider string) *scheduler.Scheduler {
	c := w.Config
	c.Senders = []channels.Sender{remote(provider)}
	s, err := scheduler.New(c)
	w.must(err)
	return s
}

// kill -9 between commit and send, and between send and commit, twenty times: sent once.
func TestKilledWhileSending(t *testing.T) {
	w := newWorld(t, "2026-06-08 12:00")
	siti, _ := w.cast()
	provider := w.doors()
	var ids []string
	for i := range 20 {
		ids = append(ids, w.enqueue(prokus.Message{Person: siti, Kind: []prokus.Kind{prokus.KindNotice, prokus.KindReply}[i%2], Text: "button.stale"}))
		w.dies(provider, []string{"before_send", "after_send"}[i/2%2], 0)
	}
	w.oldDoubts()
	w.must(w.Clock.Set(w.ctx, local("2026-06-08 12:02")))
	s := w.survivor(provider)
	w.must(s.Sweep(w.ctx, w.Clock.Now()))
	w.must(s.Drain(w.ctx))
	for i, id := range ids {
		if n := w.sim.times(id); n != 1 || w.state(id) != "sent" {
			t.Errorf("message %d: sent %d times, %s", i, n, w.state(id))
		}
	}
}

// kill -9 in the middle of a broadcast to 2,000, five times: nothing missing, nothing twice.
func TestKilledInABroadcast(t *testing.T) {
	w := newWorld(t, "2026-06-08 09:00")
	provider := w.doors()
	const people = 2000
	w.exec(`
		WITH p AS (
			INSERT INTO person (code, name, area_code, zone, consent, consent_at, created_at)
			SELECT 'c' || n, 'Ani ' || n, '32.10.07', 'Asia/Jakarta', 'ya', now(), now() FROM generate_series(1, $1) n RETURNING id
		)
		INSERT INTO address (person_id, kind, value, is_primary, linked_at) SELECT id, 'phone', '+628120' || id, true, now() FROM p`, people)
	var msgs []prokus.Message
	for id := range people {
		msgs = append(msgs, prokus.Message{Key: fmt.Sprintf("broadcast:1:%d", id+1), Person: int64(id + 1), Kind: prokus.KindBroadcast, Literal: "Halo"})
	}
	w.must(w.db.InTx(w.ctx, func(tx *postgres.Tx) error {
		_, err := tx.Enqueue(w.ctx, w.Clock.Now(), msgs...)
		return err
	}))
	rng := rand.New(rand.NewPCG(3, 3))
	for i := range 5 {
		w.dies(provider, []string{"before_send", "after_send"}[i%2], 100+rng.IntN(200))
	}
	w.oldDoubts()
	w.must(w.Clock.Set(w.ctx, local("2026-06-08 09:02")))
	s := w.survivor(provider)
	w.must(s.Sweep(w.ctx, w.Clock.Now()))
	w.must(s.Drain(w.ctx))
	seen := map[string]int{}
	for _, m := range w.sim.all() {
		seen[m.ID]++
	}
	twice := 0
	for _, n := range seen {
		if n > 1 {
			twice++
		}
	}
	if len(seen) != people || twice != 0 {
		t.Errorf("%d of %d people got it, %d of them twice", len(seen), people, twice)
	}
	if n := one[int](w, `SELECT count(*) FROM outbox WHERE state <> 'sent'`); n != 0 {
		t.Errorf("%d rows did not end as sent", n)
	}
}
