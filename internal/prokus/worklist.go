package prokus

import "time"

// Case is one piece of work for a person: an alert when a rule opened it, a ticket when she did (decisions.md).
type Case struct {
	ID           int64
	Ticket       int
	Person       int64
	Area         string // kecamatan when it was opened
	Reason       Reason
	Status       CaseStatus
	Priority     int   // base of its reason; see Priority for the rank on a day
	Owner        int64 // staff who must act; 0 if the post is vacant
	Confidential bool
	Detail       CaseDetail
	Note         string // what she wrote, masked
	Opened       time.Time
	Due          time.Time // what she was promised
	RemindAt     time.Time
	EscalateAt   time.Time
	Escalated    time.Time
	Acted        time.Time // first action H or K
	Wake         time.Time // snoozed or watched until
	Closed       time.Time
	Outcome      string
}

// CaseDetail is what the words about a case need besides its reason.
type CaseDetail struct {
	Weeks   int    `json:"weeks,omitempty"`   // DIAM2: closed weeks without a report
	Percent int    `json:"percent,omitempty"` // TURUN: how far below her median
	When    string `json:"when,omitempty"`    // KUNJUNG: pagi, siang, sore
	Topic   string `json:"topic,omitempty"`   // help menu: uang, sepi, modal, sakit, lain, kunjung
	Answer  string `json:"answer,omitempty"`  // belum, belum_tuntas: her answer to the closing question, when it was no
	Call    bool   `json:"call,omitempty"`    // she asked for a call, not a visit
}

// WorkItem is one line of a TKSK's worklist. N stands all day (decisions.md).
type WorkItem struct {
	N      int
	Rank   int // Priority on that day
	Case   Case
	Person Person
	Phone  Phone // empty if she has none
}
