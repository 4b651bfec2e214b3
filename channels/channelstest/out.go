package channelstest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

func runOut(t *testing.T, c Case) {
	t.Run("B accepted", func(t *testing.T) { accepted(t, c) })
	for _, f := range []struct {
		row   string
		fault Fault
		want  channels.ErrorKind
	}{
		{"B6", Throttle, channels.Throttled},
		{"B12", Block, channels.BlockedBy},
		{"B9", BadNumber, channels.Invalid},
		{"B10", Unreachable, channels.OutOfReach},
		{"B4", Unavailable, channels.Temporary},
		{"B20", BadCredentials, channels.Misconfig},
		{"B3", LostAnswer, channels.Ambiguous},
		{"B5", NoAnswer, channels.Ambiguous},
		{"B4", Down, channels.Temporary},
	} {
		t.Run(f.row+" "+string(f.fault), func(t *testing.T) { classed(t, c, f.fault, f.want) })
	}
	t.Run("C7 a cancelled context sends nothing", func(t *testing.T) { cancelled(t, c) })
	t.Run("B2 what became of a lost message", func(t *testing.T) { reconciled(t, c) })
}

// patience is how long one call against a local double may take; a sender that outlasts it ignores its context.
const patience = 5 * time.Second

// nth is the case's message with an id and a text of its own.
func nth(c Case, n int) channels.Outbound {
	m := c.Out.Message
	m.ID = fmt.Sprintf("00000000-0000-4000-8000-%012d", n)
	m.Text = fmt.Sprintf("%s (%d)", m.Text, n)
	return m
}

func accepted(t *testing.T, c Case) {
	sender, p := c.Out.Start(t)
	if sender.Name() != c.Name {
		t.Errorf("its name is %q", sender.Name())
	}
	const parallel = 20
	var wg sync.WaitGroup
	ids, errs := make([]string, parallel), make([]error, parallel)
	for i := range parallel {
		wg.Go(func() {
			s, err := sender.Send(t.Context(), nth(c, i))
			ids[i], errs[i] = s.ProviderID, err
		})
	}
	wg.Wait()
	seen := map[string]bool{}
	for i := range parallel {
		if errs[i] != nil || ids[i] == "" || seen[ids[i]] {
			t.Errorf("message %d: id %q, %v", i, ids[i], errs[i])
		}
		seen[ids[i]] = true
		if n := p.Accepted(nth(c, i)); n != 1 {
			t.Errorf("message %d was accepted %d times", i, n)
		}
	}
	if n := p.Calls(); n != parallel {
		t.Errorf("%d calls for %d messages", n, parallel)
	}
}

func classed(t *testing.T, c Case, f Fault, want channels.ErrorKind) {
	sender, p := c.Out.Start(t)
	// One good message first, so that the fault also meets a connection that is open already.
	if _, err := sender.Send(t.Context(), nth(c, 1)); err != nil {
		t.Fatal(err)
	}
	before := p.Calls()
	if !p.Play(t, f) {
		return // this provider has no such answer
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	m := nth(c, 2)
	failed := make(chan error, 1)
	go func() { _, err := sender.Send(ctx, m); failed <- err }()
	if f == NoAnswer { // the caller gives up when the provider has the call
		reached(t, p, before)
		cancel()
	}
	var err error
	select {
	case err = <-failed:
	case <-time.After(patience):
		t.Fatalf("still sending after %s, its context has long ended", patience)
	}
	var se *channels.SendError
	if !errors.As(err, &se) {
		t.Fatalf("%v is no SendError", err)
	}
	if se.Kind != want {
		t.Errorf("classed as %s, want %s: %v", se.Kind, want, err)
	}
	if text := err.Error(); strings.Contains(text, strings.TrimPrefix(m.To, "+")) || strings.Contains(text, m.Text) {
		t.Errorf("the error, which is logged, tells number or text: %s", text)
	}
	if f == Throttle && se.RetryAfter != RetryAfter {
		t.Errorf("wait %s, the provider said %s", se.RetryAfter, RetryAfter)
	}
	calls := 1
	if f == Down {
		calls = 0
	}
	if n := p.Calls() - before; n > calls {
		t.Errorf("%d calls for one message", n)
	}
	taken := 0
	if f == LostAnswer {
		taken = 1
	}
	if n := p.Accepted(m); n != taken {
		t.Errorf("accepted %d times, want %d", n, taken)
	}
	if f == Down || f == BadCredentials {
		return
	}
	if _, err := sender.Send(t.Context(), nth(c, 3)); err != nil {
		t.Errorf("the next message: %v", err)
	}
}

// reached waits until one more call than before has come to the provider.
func reached(t *testing.T, p Provider, before int) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for limit := time.After(time.Minute); p.Calls() == before; {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatal("the call does not reach the provider")
		}
	}
}

func cancelled(t *testing.T, c Case) {
	sender, p := c.Out.Start(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := sender.Send(ctx, nth(c, 1))
	if kind, _ := channels.KindOf(err); err == nil || kind != channels.Temporary {
		t.Errorf("classed as %s: %v", kind, err)
	}
	if n := p.Calls(); n != 0 {
		t.Errorf("%d calls", n)
	}
}

func reconciled(t *testing.T, c Case) {
	sender, p := c.Out.Start(t)
	finder, ok := sender.(channels.Finder)
	if !ok || !p.Play(t, LostAnswer) {
		return // this provider cannot be asked
	}
	lost, never := nth(c, 1), nth(c, 2)
	if _, err := sender.Send(t.Context(), lost); err == nil {
		t.Fatal("the answer was not lost")
	}
	if s, found, err := finder.Find(t.Context(), lost); err != nil || !found || s.ProviderID == "" {
		t.Errorf("the lost message: %+v, found %v, %v", s, found, err)
	}
	if _, found, err := finder.Find(t.Context(), never); err != nil || found {
		t.Errorf("a message that was never sent: found %v, %v", found, err)
	}
	if p.Play(t, Down) {
		if _, found, err := finder.Find(t.Context(), lost); err == nil {
			t.Errorf("nobody answered, and that is taken for proof: found %v", found)
		}
	}
}
