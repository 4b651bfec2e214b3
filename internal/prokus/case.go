package prokus

// Reason is why a case was opened (journeys.md 4.7 and decisions.md).
type Reason string

// Reasons of cases.
const (
	Visit       Reason = "KUNJUNG"
	Disaster    Reason = "BENCANA"
	Sick        Reason = "SAKIT"
	OutOfMoney  Reason = "MODAL_HABIS"
	TwoZeros    Reason = "NOL2"
	Falling     Reason = "TURUN"
	Silent      Reason = "DIAM2"
	NeverBegan  Reason = "BELUM_MULAI"
	NoShow      Reason = "MANGKIR"
	DeadNumber  Reason = "NOMOR_MATI"
	NoReceipts  Reason = "LPJ"
	Stuck       Reason = "MACET"
	HelpReport  Reason = "BANTU_LAPOR"
	HelpJoin    Reason = "BANTU_DAFTAR"
	WrongNumber Reason = "NOMOR_SALAH"
	Disputed    Reason = "SENGKETA"
	Locked      Reason = "TERKUNCI"
	OtherHelp   Reason = "BANTUAN_LAIN"
	Deduction   Reason = "POTONGAN"
	Violence    Reason = "KEKERASAN"
	CheckData   Reason = "CEK_DATA"   // somebody died or moved: the district checks it
	EraseData   Reason = "HAPUS_DATA" // she wants her data erased: 72 hours
)

// CaseRule is how a reason is handled. Priority, days and Stays are settings of an area (Rules.Case); the rest is the same
// everywhere.
type CaseRule struct {
	Reason       Reason
	Priority     int
	RemindDays   int  // working days until the TKSK is reminded
	EscalateDays int  // working days until the coordinator gets it
	ToDistrict   bool // goes to the coordinator at once, never to the TKSK
	Confidential bool // hidden from TKSK, village and mentor
	Urgent       bool // told at once between 07:00 and 20:00, not with the next digest
	AskHer       bool // a closing question goes to her at 17:30
	Stays        bool // it does not close by itself when its cause is gone
}

// CaseRuleFor is the rule of a reason as it ships.
func CaseRuleFor(r Reason) CaseRule {
	c := CaseRule{Reason: r, Priority: 50, RemindDays: 2, EscalateDays: 3}
	switch r {
	case Visit:
		c.Priority, c.RemindDays, c.EscalateDays, c.AskHer = 100, 1, 2, true
	case Disaster:
		c.Priority, c.Urgent, c.AskHer = 90, true, true
	case Sick:
		c.Priority, c.Urgent, c.AskHer = 80, true, true
	case OutOfMoney, OtherHelp:
		c.Priority, c.AskHer = 80, true
	case TwoZeros:
		c.Priority = 70
	case Falling:
		c.Priority = 60
	case Silent:
		c.Priority = 50
	case DeadNumber, WrongNumber:
		c.Priority = 45
	case NeverBegan, NoShow, HelpJoin, HelpReport:
		c.Priority = 40
	case NoReceipts:
		c.Priority = 35
	case Stuck:
		c.Priority, c.ToDistrict = 30, true
	case Disputed, Locked:
		c.Priority, c.ToDistrict = 70, r == Disputed
	case CheckData:
		c.Priority, c.ToDistrict = 60, true
	case EraseData:
		c.Priority, c.ToDistrict = 90, true
	case Deduction, Violence:
		c.Priority, c.ToDistrict, c.Confidential = 100, true, true
	}
	return c
}

// CaseStatus is where a case stands.
type CaseStatus string

// Case statuses. Asked means that the closing question is with her.
const (
	CaseOpen    CaseStatus = "buka"
	CaseSnoozed CaseStatus = "tunda"
	CaseWatched CaseStatus = "pantau"
	CaseAsked   CaseStatus = "ditanya"
	CaseClosed  CaseStatus = "selesai"
)

// Priority of a case among others (journeys.md 4.7): age 60 and more +10, disability +10, +5 for every week open, and
// +10 for every further week of silence.
func Priority(base, age int, disability bool, weeksOpen, furtherWeeks int) int {
	p := base
	if age >= 60 {
		p += 10
	}
	if disability {
		p += 10
	}
	return p + 5*weeksOpen + 10*furtherWeeks
}
