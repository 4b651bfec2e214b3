package scheduler

import (
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Facts are what the one door judges a row by, read under the row's lock at the moment of sending.
type Facts struct {
	Row
	Roads   []Road          // to her addresses, the preferred one first; Channel: by which she last wrote
	Gates   map[string]Gate // of senders against which something is known
	Refused []string        // keys of roads that refused it
	Tried   time.Time       // its first attempt; zero: none yet
	// Left is what broadcasts may still cost in her kabupaten and in all, rupiah; negative: no cap. Fresh is when the tightest
	// cap begins anew.
	Left  int64
	Fresh time.Time

	// About the person; zero for staff and strangers.
	Status  prokus.PersonStatus
	Consent prokus.Consent
	Zone    *time.Location // of the recipient
	Area    string         // kecamatan of a person, the area of staff
	Fasting bool           // the day is in the Ramadan of her area, and she has not chosen the usual hours (R32)
	Rules   *prokus.Rules  // of her area; nil: the defaults

	Reported    bool   // her week (Row.Week) has a report that stands
	Provisional bool   // … that waits for its addition on Sunday
	Exempt      bool   // … or is a week of leave or a pause
	SessionOff  bool   // the session that it speaks of is over or called off, or she is no longer invited
	CaseClosed  bool   // the case that it speaks of is closed
	Acted       bool   // … or somebody has acted on it
	Halted      string // state of its broadcast when it is not running: "dijeda", "dibatalkan" …

	Extras       int       // broadcasts that she got this week
	Unsolicited  int       // everything unsolicited that she got this week and that counts (R07)
	Pending      int       // … and what else is queued for this week
	LastAsked    time.Time // the newest weekly question or reminder to her
	LastQuestion time.Time // the newest question that we put to her
	LastSeen     time.Time // her newest message to us
	Silence      bool      // Idul Fitri: nothing at all
}

// Row is an outbox row as delivery sees it.
type Row struct {
	ID        string
	Person    int64
	Staff     int64
	Kind      prokus.Kind
	Text      string
	Args      []byte
	Lang      string
	Literal   *string
	Buttons   []byte
	Keyboard  string
	Picture   []byte // what a picture shows; null: there is none
	EditRef   string // the provider's id of the message that this one replaces
	Opens     string
	OpensVars []byte
	Caused    bool // a turn said it
	Broadcast int64
	Rule      string // the part of its natural key before the first colon: "remind2"
	NotBefore time.Time
	NotAfter  time.Time
	Attempts  int
}

// Verdict is what becomes of a row at the door.
type Verdict string

// Verdicts.
const (
	Send   Verdict = "send"
	Wait   Verdict = "wait"   // queued again until Decision.Until
	Cancel Verdict = "cancel" // what it says is no longer true, or she does not want it
	Skip   Verdict = "skip"   // a cap, an expiry, nowhere to go
	Broken Verdict = "fail"   // it cannot be said
)

// Reasons, as the page that answers "why did she not get it?" shows them by their text keys.
const (
	whyGone     = "not_active"
	whyStopped  = "stopped"
	whyConsent  = "no_consent"
	whyExpired  = "expired"
	whyReported = "reported"
	whyExempt   = "exempt"
	whySession  = "session_over"
	whyCase     = "case_done"
	whyHalted   = "halted"
	whyCap      = "cap"
	whyNowhere  = "no_address"
	whyWindow   = "no_template"
	whyQuiet    = "quiet_hours"
	whyQuestion = "question_open"
	whyText     = "text"
	whyAsked    = "just_asked"
	whyDown     = "channel_down"
	whyRate     = "rate"
	whyBudget   = "budget"
)

// questionPause is how long no further question follows one that she has not answered (R03).
const questionPause = 30 * time.Minute

// Judge is the one door: it decides whether a row may leave at now. It knows no road and no text.
func Judge(f Facts, now time.Time) (Verdict, time.Time, string) {
	if !f.NotAfter.IsZero() && !now.Before(f.NotAfter) {
		return Skip, time.Time{}, whyExpired
	}
	if f.Kind.Unsolicited() && f.Person != 0 {
		if v, why := welcome(f); v != Send {
			return v, time.Time{}, why
		}
	}
	if why := stale(f); why != "" {
		return Cancel, time.Time{}, why
	}
	switch f.Halted {
	case "":
	case "dijeda":
		return Wait, now.Add(haltedPause), whyHalted
	default:
		return Cancel, time.Time{}, whyHalted
	}
	if !f.Kind.Unsolicited() || f.Caused && f.Kind == prokus.KindNotice {
		return Send, time.Time{}, "" // an answer, or the echo of an act: quiet hours and caps are not meant for it
	}
	if until, ok := quiet(f, now); ok && !atOnce(f, now) {
		return within(f, until, whyQuiet)
	}
	if f.Person == 0 {
		return Send, time.Time{}, ""
	}
	if capped(f) {
		return Skip, time.Time{}, whyCap
	}
	if f.Kind == prokus.KindReminder && now.Sub(f.LastAsked) < askedPause {
		return Skip, time.Time{}, whyAsked
	}
	if f.Opens != "" && f.LastQuestion.After(f.LastSeen) {
		if until := f.LastQuestion.Add(questionPause); now.Before(until) {
			return within(f, until, whyQuestion)
		}
	}
	return Send, time.Time{}, ""
}

// askedPause is how long a question must have stood before it is worth a reminder: after an outage both may be due at once.
const askedPause = 4 * time.Hour

// haltedPause is how often a paused broadcast's rows are looked at again.
const haltedPause = 5 * time.Minute

// within waits, unless the row would expire before.
func within(f Facts, until time.Time, why string) (Verdict, time.Time, string) {
	if !f.NotAfter.IsZero() && !until.Before(f.NotAfter) {
		return Skip, time.Time{}, whyExpired
	}
	return Wait, until, why
}

// welcome says whether she may be written to unasked.
func welcome(f Facts) (Verdict, string) {
	switch {
	case f.Status != prokus.Active:
		return Cancel, whyGone
	case f.Kind == prokus.KindNotice && f.Caused:
		return Send, "" // what was just done to her data is always told (R13)
	case f.Consent == prokus.Stopped:
		return Cancel, whyStopped
	case f.Kind.NeedsConsent() && f.Consent != prokus.Agreed:
		return Cancel, whyConsent
	case f.Kind == prokus.KindInvitation && f.Consent == prokus.Agreed:
		return Cancel, whyConsent
	}
	return Send, ""
}

// stale says why what the row says is no longer true.
func stale(f Facts) string {
	switch f.Kind {
	case prokus.KindPrompt, prokus.KindReminder:
		reminder := f.Kind == prokus.KindReminder
		switch {
		case f.Exempt:
			return whyExempt
		case f.Reported, reminder && f.Provisional:
			return whyReported
		}
	case prokus.KindMentoring:
		if f.SessionOff {
			return whySession
		}
	case prokus.KindEscalation, prokus.KindAlert:
		if f.CaseClosed || f.Rule == ruleRemind && f.Acted {
			return whyCase
		}
	}
	return ""
}

// quiet is until when nothing unsolicited may leave (R07). Nobody is spared Idul Fitri but for safety.
func quiet(f Facts, now time.Time) (time.Time, bool) {
	local, r := now.In(f.Zone), f.rules()
	if f.Silence && f.Kind != prokus.KindAlert {
		return clockOf(local, 1, r.QuietTo), true
	}
	if r.Quiet(local) {
		return r.AfterQuiet(local), true
	}
	if f.Person == 0 {
		return time.Time{}, false
	}
	if until, ok := outsideRamadan(f, r, local); ok {
		return until, true
	}
	if until := clockOf(local, 0, fridayTo); r.Friday && local.Weekday() == time.Friday && !local.Before(clockOf(local, 0, fridayFrom)) && local.Before(until) {
		return until, true
	}
	return afterMaghrib(local, r.Maghrib)
}

// atOnce is news about a session that begins within twelve hours (programme.md 1.3), and the mentor's head-count, which is
// due at 20:00 (J5-TG-01). Both would be useless in the morning.
func atOnce(f Facts, now time.Time) bool {
	if f.Rule == ruleCount {
		return true
	}
	change := f.Rule == "session.off" || f.Rule == "session.moved" || f.Rule == "session.mentor"
	return change && !f.NotAfter.IsZero() && f.NotAfter.Sub(now) <= prokus.ChangeAtOnce
}

// capped says whether the week's caps leave no room (R07). R2 gives way first: it yields to what is still queued.
func capped(f Facts) bool {
	if !counts(f.Kind) {
		return false
	}
	if f.Kind == prokus.KindBroadcast && f.Extras >= f.rules().CapExtras {
		return true
	}
	if f.Rule == ruleSecond {
		return f.Unsolicited+f.Pending >= f.rules().CapAll
	}
	return f.Unsolicited >= f.rules().CapAll
}

// counts says whether a kind counts for the caps: safety and grant messages are exempt.
func counts(k prokus.Kind) bool {
	switch k {
	case prokus.KindPrompt, prokus.KindReminder, prokus.KindInvitation, prokus.KindMentoring, prokus.KindBroadcast:
		return true
	}
	return false
}
