package prokus

import "time"

// Stage is where a grant stands. The codes are those of the files (decisions.md); sets are data of a batch.
type Stage string

// The default set: seven steps and five exceptions.
const (
	Proposed       Stage = "usul"
	Verified       Stage = "verif"
	Decreed        Stage = "tetap"
	AccountReady   Stage = "rekening"
	AtBank         Stage = "bank"
	Credited       Stage = "cair"
	Receipts       Stage = "lpj"
	Done           Stage = "selesai"
	NameMismatch   Stage = "gagal_nama"
	AccountDormant Stage = "gagal_rekening"
	OnHold         Stage = "tunda"
	Returned       Stage = "kembali_kas"
	Cancelled      Stage = "batal"
)

// StageRule is one stage of a batch's set: data, versioned with the batch (programme.md 1.2).
type StageRule struct {
	Code  Stage
	Step  int // 1-7; 0 for exceptions
	Norm  int // expected days in the stage
	Stuck int // days after which it is MACET
}

// DefaultStages is the set that a new batch gets.
func DefaultStages() []StageRule {
	return []StageRule{
		{Proposed, 1, 7, 21}, {Verified, 2, 14, 30}, {Decreed, 3, 14, 45}, {AccountReady, 4, 14, 30},
		{AtBank, 5, 7, 21}, {Credited, 6, 14, 30}, {Receipts, 7, 14, 30}, {Done, 7, 0, 0},
		{NameMismatch, 0, 7, 14}, {AccountDormant, 0, 7, 14}, {OnHold, 0, 14, 30}, {Returned, 0, 14, 30}, {Cancelled, 0, 0, 0},
	}
}

// Grant is one person's BSiMU in one batch.
type Grant struct {
	ID           int64
	Person       int64
	Batch        int64
	Stage        Stage
	Since        time.Time // when the stage began, by the file that said so (a date)
	Known        time.Time // when we were last told anything: the date of the information
	Amount       int64     // rupiah
	Spent        int64     // rupiah of receipts recorded
	Bank         string
	AccountLast4 string
	ExpectFrom   time.Time // zero if unknown
	ExpectTo     time.Time
	ReceiptsDue  time.Time
	Note         string
}

// StaleAfter is the age of the information from which a status says "per 2 Jun" (decisions.md, J2-SMS-02).
const StaleAfter = 14 * 24 * time.Hour

// Stale says whether the information about a grant is too old to be told as news.
func (g Grant) Stale(now time.Time) bool { return !g.Known.IsZero() && now.Sub(g.Known) > StaleAfter }
