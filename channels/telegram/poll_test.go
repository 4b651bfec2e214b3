package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/fake"
)

func texts(all []channels.Inbound) (got []string) {
	for _, in := range all {
		got = append(got, in.Text)
	}
	return got
}

func TestPollTakesUpdates(t *testing.T) {
	w := newWorld(t)
	w.turns.answer = func(in channels.Inbound) (channels.Reply, error) {
		if in.Kind == channels.Choice {
			return channels.Reply{Toast: "Baik", EditText: "Tercatat"}, nil
		}
		return channels.Reply{}, nil
	}
	w.polled(t)
	w.tg.SendText(siti, "jual 750rb")
	w.turns.wait(t, 1)
	if _, err := w.Send(t.Context(), channels.Outbound{To: "4711", Text: "Benar?", Buttons: [][]channels.Button{{{Label: "Ya", Data: "y"}}}}); err != nil {
		t.Fatal(err)
	}
	w.tg.PressLabel(siti, "Ya")
	w.tg.GroupText(-100200, siti, "halo")
	if err := w.tg.Wait(within(t), func() bool {
		return w.tg.Pending() == 0 && len(w.tg.Toasts(siti)) == 1 && w.tg.FromBot(siti)[0].Text == "Tercatat" && len(w.tg.Left()) == 1
	}); err != nil {
		t.Fatal(err)
	}
	if got := w.turns.seen(); len(got) != 2 || got[1].Kind != channels.Choice {
		t.Errorf("%+v", got)
	}
}

// The offset moves only when the turns are kept: what failed is asked for again.
func TestPollConfirmsOnlyWhatIsKept(t *testing.T) {
	w := newWorld(t)
	var mu sync.Mutex
	down := true
	w.turns.answer = func(in channels.Inbound) (channels.Reply, error) {
		mu.Lock()
		defer mu.Unlock()
		if down && in.From == "4711" {
			return channels.Reply{}, errors.New("no database")
		}
		return channels.Reply{}, nil
	}
	w.tg.SendText(ani, "satu")
	w.tg.SendText(siti, "dua")
	w.tg.SendText(siti, "tiga")
	w.tg.SendText(ani, "empat")
	w.polled(t)
	w.turns.wait(t, 8) // at least two rounds
	if n := w.tg.Pending(); n != 3 {
		t.Errorf("%d updates wait, want the failed one and all behind it", n)
	}
	mu.Lock()
	down = false
	mu.Unlock()
	if err := w.tg.WaitTaken(within(t)); err != nil {
		t.Fatal(err)
	}
	// The order within a chat holds over all failures: "tiga" never came before "dua" was kept.
	var got []string
	for _, in := range w.turns.seen() {
		if in.From == "4711" && (len(got) == 0 || got[len(got)-1] != in.Text) {
			got = append(got, in.Text)
		}
	}
	if !reflect.DeepEqual(got, []string{"dua", "tiga"}) {
		t.Errorf("%q", got)
	}
}

// An ended context leaves unconfirmed what was not kept.
func TestPollEndsWithoutLoss(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.WebhookSecret = "" })
	ctx, cancel := context.WithCancel(t.Context())
	w.turns.answer = func(channels.Inbound) (channels.Reply, error) { cancel(); return channels.Reply{}, ctx.Err() }
	w.tg.SendText(siti, "jual 750rb")
	if err := w.Poll(ctx); err != nil {
		t.Fatal(err)
	}
	if w.tg.Pending() != 1 {
		t.Error("the update is lost")
	}
}

func TestPollKeepsTheOrderOfAChat(t *testing.T) {
	w := newWorld(t)
	want := map[string][]string{}
	for i := range 60 {
		chat := int64(1000 + i%6)
		text := fmt.Sprintf("%d", i)
		w.tg.SendText(chat, text)
		want[fmt.Sprint(chat)] = append(want[fmt.Sprint(chat)], text)
	}
	w.polled(t)
	if err := w.tg.WaitTaken(within(t)); err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	for _, in := range w.turns.seen() {
		got[in.From] = append(got[in.From], in.Text)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
}

// update_id starts anywhere after a silent week; a poller that keeps its offset would throw the new ones away (E1).
func TestE1AfterASilentWeek(t *testing.T) {
	w := newWorld(t)
	w.pollFor = 0 // an empty answer comes at once
	w.polled(t)
	w.tg.SendText(siti, "sebelum")
	w.turns.wait(t, 1)
	if err := w.tg.WaitTaken(within(t)); err != nil {
		t.Fatal(err)
	}
	calls := w.tg.Calls("getUpdates")
	if err := w.tg.Wait(within(t), func() bool { return w.tg.Calls("getUpdates") > calls+2 }); err != nil {
		t.Fatal(err)
	}
	w.tg.RestartIDs(6)
	w.tg.SendText(siti, "sesudah")
	if got := texts(w.turns.wait(t, 2)); !reflect.DeepEqual(got, []string{"sebelum", "sesudah"}) {
		t.Errorf("%q", got)
	}
}

// A webhook, or another process with our token: an alarm and patience, no busy loop (E2).
func TestE2PollBesideAWebhook(t *testing.T) {
	w := newWorld(t).hooked(t)
	w.backoff = [2]time.Duration{50 * time.Millisecond, 50 * time.Millisecond}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	begun := time.Now()
	go func() { done <- w.Poll(ctx) }()
	if err := w.tg.Wait(within(t), func() bool { return w.tg.Calls("getUpdates") >= 4 }); err != nil {
		t.Fatal(err)
	}
	if d := time.Since(begun); d < 150*time.Millisecond {
		t.Errorf("4 calls in %v", d)
	}
	if err := w.Health(); err == nil || !strings.Contains(err.Error(), "409") {
		t.Errorf("health %v", err)
	}
	if _, err := w.bot.DeleteWebhook(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	w.tg.SendText(siti, "halo")
	w.turns.wait(t, 1)
	if err := w.Health(); err != nil {
		t.Errorf("health after the webhook is gone: %v", err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestPollOutlivesFaults(t *testing.T) {
	w := newWorld(t)
	for _, f := range []fake.TelegramFault{
		{Status: 500}, {Status: 502, HTML: true}, {Reset: true}, {Status: 401, Description: "Unauthorized"},
		{Status: 409, Description: "Conflict: terminated by other getUpdates request"}, {Status: 200, HTML: true},
	} {
		f.Method = "getUpdates"
		w.tg.Fail(f)
	}
	w.tg.SendText(siti, "halo")
	w.polled(t)
	w.turns.wait(t, 1)
	if err := w.tg.WaitTaken(within(t)); err != nil {
		t.Fatal(err)
	}
	if err := w.Health(); err != nil {
		t.Errorf("health %v", err)
	}
}

// One update whose turn always fails holds back its chat, and in the end is given up while others get through.
func TestPollGivesUpAPoisonedUpdate(t *testing.T) {
	w := newWorld(t)
	w.backoff = [2]time.Duration{time.Microsecond, time.Microsecond}
	w.turns.answer = func(in channels.Inbound) (channels.Reply, error) {
		if in.Text == "racun" {
			panic("poisoned")
		}
		return channels.Reply{}, nil
	}
	w.tg.SendText(siti, "racun")
	w.tg.SendText(siti, "halo")
	w.tg.SendText(ani, "apa kabar")
	w.polled(t)
	if err := w.tg.WaitTaken(within(t)); err != nil {
		t.Fatal(err)
	}
	got := texts(w.turns.seen())
	tries := 0
	for _, text := range got {
		if text == "racun" {
			tries++
		}
	}
	if tries != givenUp || !slices.Contains(got, "halo") {
		t.Errorf("given up after %d tries; %q", tries, got)
	}
	if !strings.Contains(w.logs.String(), "given up") {
		t.Error("nobody is told")
	}
}

// While nothing gets through (the database is down), nothing is given up.
func TestPollGivesUpNothingWhileAllFails(t *testing.T) {
	w := newWorld(t)
	w.backoff = [2]time.Duration{time.Microsecond, time.Microsecond}
	w.turns.answer = func(channels.Inbound) (channels.Reply, error) { return channels.Reply{}, errors.New("no database") }
	w.tg.SendText(siti, "halo")
	w.tg.Update(-5, "poll", map[string]any{"id": "1"})
	w.tg.GroupText(-100200, siti, "x")
	w.polled(t)
	w.turns.wait(t, 3*givenUp)
	if w.tg.Pending() == 0 {
		t.Error("the update is lost")
	}
}

// Several thousands of updates in batches, with failures now and then: each is kept, and none is confirmed before.
func TestPollLosesNothing(t *testing.T) {
	w := newWorld(t)
	var mu sync.Mutex
	kept := map[string]bool{}
	n := 0
	w.turns.answer = func(in channels.Inbound) (channels.Reply, error) {
		mu.Lock()
		defer mu.Unlock()
		if n++; n%37 == 0 {
			return channels.Reply{}, errors.New("deadlock")
		}
		kept[in.ID] = true
		return channels.Reply{}, nil
	}
	for i := range 1000 {
		w.tg.SendText(int64(1000+i%50), "x")
	}
	w.polled(t)
	if err := w.tg.WaitTaken(within(t)); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(kept) != 1000 {
		t.Errorf("%d of 1000 kept", len(kept))
	}
}

func TestPollPassesTheUnreadable(t *testing.T) {
	w := newWorld(t)
	batch := w.decodeBatch([]json.RawMessage{json.RawMessage(`{"update_id":7,"message":"x"}`), json.RawMessage(`"x"`), json.RawMessage(`{"update_id":8}`)})
	if len(batch) != 2 || next(batch, nil) != 9 || next(batch, []int64{8}) != 8 || next(nil, nil) != 0 {
		t.Errorf("%+v", batch)
	}
}

func TestLongPollFitsTheClient(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.HTTP = &http.Client{Timeout: 10 * time.Second} })
	if w.pollFor != 5*time.Second {
		t.Errorf("%v", w.pollFor)
	}
}
