package demo_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/demo"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

var key = []byte("a key for tests only, 32 bytes..")

func invent(t *testing.T, now time.Time) *demo.World {
	t.Helper()
	w, err := demo.Invent(now, key, true)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// moments are those at which the demo is likely to be started: the eve of the Sunday question, that evening, a Monday, Lebaran,
// the turn of a year.
var moments = []string{"2026-06-07T18:29:00+07:00", "2026-06-07T19:30:00+07:00", "2026-06-08T09:00:00+07:00", "2026-03-21T08:00:00+07:00",
	"2027-01-01T00:30:00+07:00", "2026-11-23T16:43:50+07:00", "2026-06-10T10:00:00+07:00"}

func TestEveryWorldHoldsTogether(t *testing.T) {
	for _, m := range moments {
		now, err := time.Parse(time.RFC3339, m)
		if err != nil {
			t.Fatal(err)
		}
		w := invent(t, now)
		codes, phones := map[string]bool{}, map[prokus.Phone]bool{}
		for _, p := range w.People {
			if !prokus.ValidCode(p.Code) || codes[p.Code] {
				t.Errorf("%s: code %s of %s", m, p.Code, p.Name)
			}
			if p.Phone != "" && phones[p.Phone] {
				t.Errorf("%s: %s has somebody's number", m, p.Name)
			}
			codes[p.Code], phones[p.Phone] = true, true
			if p.LastSeen.After(now) || p.ConsentAt.After(now) || p.Created.After(now) {
				t.Errorf("%s: %s lives ahead of her time", m, p.Name)
			}
		}
		if n := len(w.People); n < 55 || n > 75 {
			t.Errorf("%s: %d people", m, n)
		}
		for _, r := range w.Reports {
			if r.At.After(now) || r.Amount < 0 || r.Amount > prokus.MaxReport {
				t.Errorf("%s: report %+v", m, r.Report)
			}
		}
		for _, o := range w.Out {
			if o.At.After(now) || o.Said == "" || o.Via == "sms" && o.Segments != 1 {
				t.Errorf("%s: message %s: %d segments: %q at %s", m, o.Text, o.Segments, o.Said, o.At)
			}
		}
		stages, reasons, planned := map[prokus.Stage]bool{}, map[prokus.Reason]bool{}, 0
		for _, g := range w.Grants {
			stages[g.Stage] = true
			for i, s := range g.Steps {
				if i > 0 && s.Since.Before(g.Steps[i-1].Since) {
					t.Errorf("%s: grant of %d goes back in time", m, g.Person)
				}
			}
		}
		for _, r := range prokus.DefaultStages() {
			if !stages[r.Code] {
				t.Errorf("%s: nobody's grant is at %s", m, r.Code)
			}
		}
		for _, c := range w.Cases {
			reasons[c.Reason] = true
			if c.Owner == 0 || c.Opened.After(now) || c.Closed.After(now) || c.Acted.After(now) {
				t.Errorf("%s: case %+v", m, c.Case)
			}
		}
		if len(reasons) < 5 || len(w.Cases) < 10 {
			t.Errorf("%s: %d cases of %d reasons", m, len(w.Cases), len(reasons))
		}
		for _, s := range w.Sessions {
			if s.At.After(now) {
				planned++
			}
			if (s.Status == "rencana") != s.At.After(now) {
				t.Errorf("%s: session at %s is %s", m, s.At, s.Status)
			}
		}
		if planned < 10 {
			t.Errorf("%s: %d sessions to come", m, planned)
		}
	}
}

func TestTheSameMomentIsTheSameWorld(t *testing.T) {
	now := time.Date(2026, 6, 7, 11, 30, 0, 0, time.UTC)
	a, err := json.Marshal(invent(t, now))
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(invent(t, now))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, b) {
		t.Error("two worlds of one moment differ")
	}
}

func TestTheCastIsAsTheTranscriptsHaveIt(t *testing.T) {
	w := invent(t, time.Date(2026, 6, 7, 18, 29, 0, 0, prokus.Zone("Asia/Jakarta")))
	siti := w.People[0]
	if siti.Code != "482919" || siti.Name != "Siti Aminah" || siti.Phone != "+6281234567417" || siti.BirthYear != 1968 || siti.Village != "Cengal" ||
		siti.Area != "32.10.06" || siti.Consent != prokus.Agreed || siti.InvitedAt.Format("2006-01-02 15:04") != "2026-05-04 09:00" {
		t.Errorf("Siti is %+v", siti.Person)
	}
	got := map[string]int64{}
	for _, r := range w.Reports {
		if r.Person == siti.ID {
			got[r.Week.String()] = r.Amount
		}
	}
	want := map[string]int64{"2026-W19": 600_000, "2026-W20": 610_000, "2026-W21": 640_000, "2026-W22": 670_000}
	if len(got) != len(want) {
		t.Errorf("Siti's weeks: %v", got)
	}
	for week, amount := range want {
		if got[week] != amount {
			t.Errorf("%s: %d, want %d", week, got[week], amount)
		}
	}
	g := w.Grants[0]
	if g.Stage != prokus.AtBank || g.Since.Format(time.DateOnly) != "2026-06-02" || g.ExpectFrom.Format(time.DateOnly) != "2026-06-15" {
		t.Errorf("Siti's grant: %+v", g.Grant)
	}
	for _, c := range w.Cases {
		if c.Person == siti.ID && c.Status != prokus.CaseClosed {
			t.Errorf("Siti has an open case: %+v", c.Case)
		}
	}
	for i, code := range []string{"482919", "173609", "550210", "608471", "310557"} {
		if w.People[i].Code != code {
			t.Errorf("person %d has code %s, want %s", i+1, w.People[i].Code, code)
		}
	}
	if w.Staff[0].Called() != "Pak Dedi" || w.Staff[0].Phone != demo.DediPhone {
		t.Errorf("the TKSK of Maja is %s, %s", w.Staff[0].Called(), w.Staff[0].Phone)
	}
	for phone, called := range map[prokus.Phone]string{demo.RinaPhone: "Bu Rina", demo.NaniPhone: "Bu Nani"} {
		found := false
		for _, s := range w.Staff {
			found = found || s.Phone == phone && s.Called() == called
		}
		if !found {
			t.Errorf("%s is not at %s", called, phone)
		}
	}
}

// With a real bot nobody invented has a chat: her messages go to her number.
func TestNoChatsBesideARealBot(t *testing.T) {
	now, err := time.Parse(time.RFC3339, moments[0])
	if err != nil {
		t.Fatal(err)
	}
	w, err := demo.Invent(now, key, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range w.People {
		if p.Telegram != "" {
			t.Errorf("%s has the chat %q", p.Name, p.Telegram)
		}
	}
	for _, o := range w.Out {
		if o.Via == "telegram" {
			t.Errorf("%q went to a chat", o.Said)
		}
	}
}
