package prokus

import "time"

// KeepWords is how long what people wrote and what we said is kept in words (R27, faults.md S8).
const KeepWords = 90 * 24 * time.Hour

// Kind is what a message is for, as the simulator and the console show it.
type Kind string

// Kinds of message.
const (
	KindReply      Kind = "reply"
	KindInvitation Kind = "invitation"
	KindPrompt     Kind = "prompt"
	KindReminder   Kind = "reminder"
	KindNotice     Kind = "notice"
	KindMentoring  Kind = "mentoring"
	KindAlert      Kind = "alert"
	KindDigest     Kind = "digest"
	KindEscalation Kind = "escalation"
	KindBroadcast  Kind = "broadcast"
	KindReceipt    Kind = "receipt"
)

// Lane orders delivery: replies before alerts before prompts before broadcasts (1 is first). It is River's priority.
func (k Kind) Lane() int {
	switch k {
	case KindReply, KindReceipt:
		return 1
	case KindAlert, KindNotice, KindDigest, KindEscalation:
		return 2
	case KindBroadcast:
		return 4
	}
	return 3
}

// Unsolicited says whether quiet hours, consent and caps apply: nobody asked for it just now.
func (k Kind) Unsolicited() bool {
	switch k {
	case KindReply, KindReceipt:
		return false
	}
	return true
}

// NeedsConsent says whether only people who said YA may get it. Invitations, notices about one's own data and grant, and
// whatever goes to staff do not.
func (k Kind) NeedsConsent() bool {
	switch k {
	case KindPrompt, KindReminder, KindBroadcast, KindMentoring:
		return true
	}
	return false
}

// Patience is how long a message waits for the road it would take first before it takes another one.
func (k Kind) Patience() time.Duration {
	switch k {
	case KindReply, KindReceipt:
		return time.Minute // somebody looks at her phone
	case KindAlert, KindEscalation:
		return 5 * time.Minute
	case KindBroadcast:
		return 6 * time.Hour
	case KindPrompt, KindReminder, KindInvitation:
		return 2 * time.Hour
	}
	return 30 * time.Minute
}

// RepeatAmbiguous says what becomes of a send whose outcome is unknown (decisions.md, Sending): a reply or menu is sent
// again; a prompt, reminder or broadcast never; notices and alerts once, after reconciliation, flagged.
func (k Kind) RepeatAmbiguous() (repeat, flagged bool) {
	switch k {
	case KindReply, KindReceipt:
		return true, false
	case KindNotice, KindAlert, KindDigest, KindEscalation:
		return true, true
	}
	return false, false
}

// Quiet hours (R07): nothing unsolicited from 20:00 to 07:00. They are defaults of the rules table.
const (
	QuietFrom = 20
	QuietTo   = 7
)

// Quiet says whether t, in the person's zone, lies in quiet hours.
func Quiet(t time.Time) bool {
	h := t.Hour()
	return h >= QuietFrom || h < QuietTo
}

// AfterQuiet is t itself outside quiet hours, else the next 07:00.
func AfterQuiet(t time.Time) time.Time {
	if !Quiet(t) {
		return t
	}
	y, m, d := t.Date()
	if t.Hour() >= QuietFrom {
		d++
	}
	return time.Date(y, m, d, QuietTo, 0, 0, 0, t.Location())
}

// Caps of unsolicited messages a person and week (R07).
const (
	CapExtras = 3 // broadcasts, tips, extra nudges
	CapAll    = 8
)

// SegmentPrice is the default price of one outbound SMS segment, rupiah (console.md 4.9).
const SegmentPrice int64 = 350
