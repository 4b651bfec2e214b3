package console

import (
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// A message without words says why: gone after ninety days, a menu that was dialled, not yet put together, never sent.
func TestWhyAMessageHasNoWords(t *testing.T) {
	now := time.Date(2026, 9, 30, 10, 0, 0, 0, prokus.Zone(""))
	lately, long := now.Add(-time.Hour), now.Add(-prokus.KeepWords-time.Minute)
	for _, tt := range []struct {
		said Said
		want string
	}{
		{Said{In: true, Kind: "text", Via: "sms", At: long}, "unsaid.gone"},
		{Said{State: "delivered", At: long}, "unsaid.gone"},
		{Said{In: true, Kind: "text", Via: "ussd", At: lately}, "unsaid.dialled"},
		{Said{In: true, Kind: "text", Via: "sms", At: lately}, "inkind.text"},
		{Said{In: true, Kind: "media", Via: "telegram", At: lately}, "inkind.media"},
		{Said{State: "queued", At: lately}, "unsaid.queued"},
		{Said{State: "cancelled", At: lately}, "unsaid.never"},
	} {
		if got := tt.said.Unsaid(now); got != tt.want {
			t.Errorf("%+v: %s, want %s", tt.said, got, tt.want)
		}
	}
}

// Nobody is told off for weeks before they said YA.
func TestWeeksBeforeSheJoined(t *testing.T) {
	now := time.Date(2026, 6, 10, 10, 0, 0, 0, prokus.Zone(""))
	week := prokus.WeekOf(now)
	early := func(p prokus.Person) (n int) {
		for _, w := range reportWeeks(nil, week-1, joined(p, now), 4) {
			if w.Early {
				n++
			}
		}
		return n
	}
	for _, tt := range []struct {
		name string
		p    prokus.Person
		want int
	}{
		{"said YA in the week before last", prokus.Person{Consent: prokus.Agreed, ConsentAt: now.AddDate(0, 0, -14)}, 2},
		{"said YA a year ago", prokus.Person{Consent: prokus.Agreed, ConsentAt: now.AddDate(-1, 0, 0)}, 0},
		{"has not answered", prokus.Person{Consent: prokus.Invited}, 4},
		{"stopped: she was asked before", prokus.Person{Consent: prokus.Stopped, ConsentAt: now}, 0},
	} {
		if got := early(tt.p); got != tt.want {
			t.Errorf("%s: %d weeks early, want %d", tt.name, got, tt.want)
		}
	}
}

// A session whose hour has come waits for its list.
func TestSessionsWaitForTheirList(t *testing.T) {
	at := time.Date(2026, 6, 10, 10, 0, 0, 0, prokus.Zone(""))
	for _, tt := range []struct {
		status prokus.SessionStatus
		now    time.Time
		want   string
	}{
		{prokus.SessionPlanned, at.Add(-time.Hour), "rencana"},
		{prokus.SessionPlanned, at.Add(time.Hour), "lewat"},
		{prokus.SessionHeld, at.Add(time.Hour), "selesai"},
		{prokus.SessionCancelled, at.Add(time.Hour), "batal"},
	} {
		m := Meeting{Session: prokus.Session{Starts: at, Status: tt.status}}
		if got := m.StateAt(tt.now); got != tt.want {
			t.Errorf("%s at %s: %s, want %s", tt.status, tt.now, got, tt.want)
		}
	}
}
