package roster

import (
	"context"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Store is what imports need of the database.
type Store interface {
	// Import runs f in one transaction that holds the lock of a district (area "" or "ID", and a province, hold the whole
	// country's). With noWait a lock that is taken is ErrBusy. An error of f undoes everything.
	Import(ctx context.Context, area string, noWait bool, f func(Tx) error) error
}

// Tx is one import's transaction.
type Tx interface {
	PeopleTx
	StaffTx
	GrantsTx
	SessionsTx
	// Enqueue writes messages to the outbox; one whose key exists is dropped.
	Enqueue(ctx context.Context, now time.Time, msgs ...prokus.Message) ([]string, error)
}

// PeopleTx reads and writes people and their numbers, many at a time.
type PeopleTx interface {
	// KnownPeople finds everyone whom one of the keys may mean.
	KnownPeople(ctx context.Context, k PeopleKeys) ([]KnownPerson, error)
	// PhoneHolders finds who answers on the numbers.
	PhoneHolders(ctx context.Context, phones []prokus.Phone) ([]PhoneHolder, error)
	// CountPeople and UsedCodes help to find codes that are free.
	CountPeople(ctx context.Context) (int, error)
	UsedCodes(ctx context.Context, codes []string) ([]string, error)
	// SavePeople inserts those without ID and updates the others; it returns the ids in the same order.
	SavePeople(ctx context.Context, now time.Time, by int64, people []PersonRow) ([]int64, error)
	// TKSKOf names the TKSK who has each kecamatan, as "Pak Dedi"; a vacant one is missing.
	TKSKOf(ctx context.Context, kecamatan []string) (map[string]string, error)
}

// PeopleKeys are the keys of a chunk of rows. Names and Areas go together, in lower case.
type PeopleKeys struct {
	NIK   [][]byte
	Codes []string
	Names []string
	Areas []string // kecamatan
}

// KnownPerson is somebody who is in the programme already.
type KnownPerson struct {
	prokus.Person
	NIK       []byte
	BatchName string
	Phones    []KnownPhone
}

// KnownPhone is one of her numbers, of any standing.
type KnownPhone struct {
	Number  prokus.Phone
	Status  prokus.AddressStatus
	Primary bool
}

// PhoneHolder is somebody who answers on a number.
type PhoneHolder struct {
	Number prokus.Phone
	Person int64
	Name   string
	Area   string
}

// PersonRow is what is to be kept of one row: the whole person as she shall be. The NIK is only its HMAC.
type PersonRow struct {
	ID         int64 // 0: new
	Code       string
	Name       string
	Salutation string
	BirthYear  int
	NIK        []byte // nil: none
	NIKLast4   string
	Area       string
	Zone       string
	Village    string
	RT         string
	Business   string
	Cluster    string
	Lang       prokus.Lang
	Batch      string // created where it does not exist
	Incubator  string
	Disability bool
	AgreedAt   time.Time // set: consent was recorded with the list
	Invited    bool      // the invitation leaves with this import
	Silent     bool      // she said STOP: nothing is sent to her
	Phone      prokus.Phone
	PhoneState prokus.AddressStatus // of Phone, when Phone is set; a pending number is not hers yet
}

// StaffTx reads and writes staff.
type StaffTx interface {
	KnownStaff(ctx context.Context) ([]KnownStaff, error)
	// SaveStaff inserts those without ID and updates the others; areas are added, never taken away.
	SaveStaff(ctx context.Context, now time.Time, staff []StaffRow) error
}

// KnownStaff is a member of staff with the phone numbers.
type KnownStaff struct {
	prokus.Staff
	Phones []prokus.Phone
}

// StaffRow is what is to be kept of one member of staff.
type StaffRow struct {
	prokus.Staff
	Phone prokus.Phone // empty: none, or unchanged
}

// GrantsTx reads and writes grants.
type GrantsTx interface {
	// GrantsOf finds people by their codes, with what is known of their grant.
	GrantsOf(ctx context.Context, codes []string) ([]KnownGrant, error)
	SaveGrants(ctx context.Context, now time.Time, by int64, grants []GrantRow) error
	// TellGrant says a change once: it replaces what was to be said and has not left yet, and takes it back when the grant
	// stands again where she was last told.
	TellGrant(ctx context.Context, now time.Time, tell []GrantNews) error
}

// SessionsTx reads and writes mentoring sessions.
type SessionsTx interface {
	KnownSessions(ctx context.Context, from, to time.Time) ([]KnownSession, error)
	KnownStaff(ctx context.Context) ([]KnownStaff, error)
	// SaveSessions inserts and updates sessions, and invites the kecamatan's agreed people to new ones up to the capacity.
	SaveSessions(ctx context.Context, now time.Time, sessions []SessionRow) error
}

// ExportStore is what exports need of the database: the rows of a list, in order, one at a time.
type ExportStore interface {
	ExportRows(ctx context.Context, what string, o ExportOptions, row func([]any) error) error
}
