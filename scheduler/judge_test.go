package scheduler

import (
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

var wib = prokus.Zone("Asia/Jakarta")

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, wib)
	if err != nil {
		panic(err)
	}
	return t
}

// facts of an active person who agreed, about a row of a kind.
func facts(k prokus.Kind, change func(*Facts)) Facts {
	f := Facts{Row: Row{ID: "x", Person: 1, Kind: k}, Status: prokus.Active, Consent: prokus.Agreed, Zone: wib}
	if change != nil {
		change(&f)
	}
	return f
}

func TestTheDoor(t *testing.T) {
	noon := at("2026-06-08 12:30")
	for _, c := range []struct {
		what    string
		now     time.Time
		f       Facts
		verdict Verdict
		until   string
		why     string
	}{
		{"a reminder at noon", noon, facts(prokus.KindReminder, nil), Send, "", ""},
		{"a reply at night", at("2026-06-08 21:10"), facts(prokus.KindReply, nil), Send, "", ""},
		{"a reply to somebody who stopped", noon, facts(prokus.KindReply, func(f *Facts) { f.Consent = prokus.Stopped }), Send, "", ""},
		{"a prompt at night", at("2026-06-07 20:00"), facts(prokus.KindPrompt, nil), Wait, "2026-06-08 07:00", whyQuiet},
		{"a prompt at dawn", at("2026-06-08 06:59"), facts(prokus.KindPrompt, nil), Wait, "2026-06-08 07:00", whyQuiet},
		{"an alert to a TKSK at night", at("2026-06-07 22:00"), Facts{Row: Row{Staff: 1, Kind: prokus.KindAlert}, Zone: wib}, Wait, "2026-06-08 07:00", whyQuiet},
		{"the echo of an act at night", at("2026-06-07 22:00"), facts(prokus.KindNotice, func(f *Facts) { f.Caused = true }), Send, "", ""},
		{"a grant notice at night", at("2026-06-07 22:00"), facts(prokus.KindNotice, nil), Wait, "2026-06-08 07:00", whyQuiet},
		{"quiet hours outlast it", at("2026-06-07 22:00"), facts(prokus.KindPrompt, func(f *Facts) { f.NotAfter = at("2026-06-08 06:00") }), Skip, "", whyExpired},
		{"after maghrib", at("2026-06-08 17:45"), facts(prokus.KindBroadcast, nil), Wait, "", whyQuiet},
		{"the weekly question is after maghrib is over", at("2026-06-07 18:30"), facts(prokus.KindPrompt, nil), Send, "", ""},
		{"Idul Fitri", noon, facts(prokus.KindPrompt, func(f *Facts) { f.Silence = true }), Wait, "2026-06-09 07:00", whyQuiet},
		{"Idul Fitri, but an alert", noon, facts(prokus.KindAlert, func(f *Facts) { f.Silence = true }), Send, "", ""},
		{"expired", noon, facts(prokus.KindMentoring, func(f *Facts) { f.NotAfter = noon }), Skip, "", whyExpired},
		{"she died", noon, facts(prokus.KindNotice, func(f *Facts) { f.Status = prokus.Deceased }), Cancel, "", whyGone},
		{"she stopped", noon, facts(prokus.KindNotice, func(f *Facts) { f.Consent = prokus.Stopped }), Cancel, "", whyStopped},
		{"she has not agreed yet", noon, facts(prokus.KindPrompt, func(f *Facts) { f.Consent = prokus.Invited }), Cancel, "", whyConsent},
		{"the invitation needs no consent", noon, facts(prokus.KindInvitation, func(f *Facts) { f.Consent = prokus.Invited }), Send, "", ""},
		{"she agreed meanwhile", noon, facts(prokus.KindInvitation, nil), Cancel, "", whyConsent},
		{"she reported meanwhile", noon, facts(prokus.KindReminder, func(f *Facts) { f.Reported = true }), Cancel, "", whyReported},
		{"a provisional week gets no reminder", noon, facts(prokus.KindReminder, func(f *Facts) { f.Provisional = true }), Cancel, "", whyReported},
		{"but the question for the addition", noon, facts(prokus.KindPrompt, func(f *Facts) { f.Provisional = true }), Send, "", ""},
		{"leave was noted meanwhile", noon, facts(prokus.KindPrompt, func(f *Facts) { f.Exempt = true }), Cancel, "", whyExempt},
		{"the session was called off", noon, facts(prokus.KindMentoring, func(f *Facts) { f.SessionOff = true }), Cancel, "", whySession},
		{"the TKSK acted before the reminder", noon, facts(prokus.KindAlert, func(f *Facts) { f.Acted, f.Rule = true, ruleRemind }), Cancel, "", whyCase},
		{"a paused broadcast", noon, facts(prokus.KindBroadcast, func(f *Facts) { f.Halted = "dijeda" }), Wait, "2026-06-08 12:35", whyHalted},
		{"a cancelled broadcast", noon, facts(prokus.KindBroadcast, func(f *Facts) { f.Halted = "dibatalkan" }), Cancel, "", whyHalted},
		{"the third broadcast", noon, facts(prokus.KindBroadcast, func(f *Facts) { f.Extras, f.Unsolicited = 2, 5 }), Send, "", ""},
		{"the fourth broadcast", noon, facts(prokus.KindBroadcast, func(f *Facts) { f.Extras, f.Unsolicited = 3, 5 }), Skip, "", whyCap},
		{"the eighth message", noon, facts(prokus.KindMentoring, func(f *Facts) { f.Unsolicited = 7 }), Send, "", ""},
		{"the ninth message", noon, facts(prokus.KindMentoring, func(f *Facts) { f.Unsolicited = 8 }), Skip, "", whyCap},
		{"grant notices are exempt", noon, facts(prokus.KindNotice, func(f *Facts) { f.Unsolicited = 20 }), Send, "", ""},
		{"R2 gives way to what is still to come", at("2026-06-09 17:00"), facts(prokus.KindReminder, func(f *Facts) { f.Rule, f.Unsolicited, f.Pending = ruleSecond, 5, 3 }), Skip, "", whyCap},
		{"a reminder on the heels of a late question", noon, facts(prokus.KindReminder, func(f *Facts) { f.LastAsked = at("2026-06-08 12:00") }), Skip, "", whyAsked},
		{"R1 does not", noon, facts(prokus.KindReminder, func(f *Facts) { f.Rule, f.Unsolicited, f.Pending = ruleFirst, 5, 3 }), Send, "", ""},
		{"a question after a question", noon, facts(prokus.KindMentoring, func(f *Facts) { f.Opens, f.LastQuestion = "a#b", at("2026-06-08 12:10") }), Wait, "2026-06-08 12:40", whyQuestion},
		{"a question after her answer", noon, facts(prokus.KindMentoring, func(f *Facts) {
			f.Opens, f.LastQuestion, f.LastSeen = "a#b", at("2026-06-08 12:10"), at("2026-06-08 12:11")
		}), Send, "", ""},
		{"a notice after a question", noon, facts(prokus.KindNotice, func(f *Facts) { f.LastQuestion = at("2026-06-08 12:10") }), Send, "", ""},
		{"half an hour later", noon, facts(prokus.KindMentoring, func(f *Facts) { f.Opens, f.LastQuestion = "a#b", at("2026-06-08 12:00") }), Send, "", ""},
	} {
		v, until, why := Judge(c.f, c.now)
		if v != c.verdict || why != c.why || c.until != "" && !until.Equal(at(c.until)) {
			t.Errorf("%s: got %s until %s (%s), want %s until %s (%s)", c.what, v, until, why, c.verdict, c.until, c.why)
		}
	}
}

// Quiet hours are hers, whatever zone the server lives in (faults.md D4).
func TestD4QuietHoursInEveryZone(t *testing.T) {
	for _, zone := range []string{"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"} {
		loc := prokus.Zone(zone)
		for h := range 24 {
			now := time.Date(2026, 6, 8, h, 0, 0, 0, loc).UTC()
			v, _, _ := Judge(facts(prokus.KindPrompt, func(f *Facts) { f.Zone = loc }), now)
			_, maghrib := afterMaghrib(now.In(loc), 15*time.Minute)
			quiet := h >= 20 || h < 7 || maghrib
			if (v == Wait) != quiet {
				t.Errorf("%s %02d:00: %s", zone, h, v)
			}
		}
	}
}

func TestMaghribIsPlausible(t *testing.T) {
	for day := at("2026-01-01 12:00"); day.Year() == 2026; day = day.AddDate(0, 0, 1) {
		s, ok := maghrib(day)
		if !ok || s.Format("15:04") < "17:25" || s.Format("15:04") > "18:15" || s.Format("2006-01-02") != day.Format("2006-01-02") {
			t.Fatalf("sunset on %s: %s", day.Format(time.DateOnly), s)
		}
	}
}
