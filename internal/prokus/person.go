package prokus

import (
	"strings"
	"time"
)

// Lang is a language of the texts.
type Lang string

// The languages that Kabar speaks: Indonesian, Sundanese, Javanese krama, and English for staff.
const (
	ID Lang = "id"
	SU Lang = "su"
	JV Lang = "jv"
	EN Lang = "en"
)

// PersonStatus is where someone stands in the programme.
type PersonStatus string

// Person statuses; only Active people are asked for anything.
const (
	Active    PersonStatus = "aktif"
	Graduated PersonStatus = "lulus"
	Left      PersonStatus = "keluar"
	Deceased  PersonStatus = "meninggal"
	Duplicate PersonStatus = "ganda"
)

// Consent is what someone answered to the invitation. STOP and TIDAK are both Stopped (decisions.md).
type Consent string

// Consents. Unasked and Invited people may ask and report, but nothing unsolicited goes to them besides the invitation.
const (
	Unasked Consent = "belum"
	Invited Consent = "diundang"
	Agreed  Consent = "ya"
	Stopped Consent = "berhenti"
)

// Person is a beneficiary.
type Person struct {
	ID         int64
	Code       string // random digits and a Luhn check digit, 6 to 9 of them
	Name       string
	Salutation string // Ibu, Bapak or Mbak, as addressed: "Bu", "Pak", "Mbak" by Title
	BirthYear  int    // 0 if unknown
	NIKLast4   string
	Area       string // kecamatan, Kemendagri code "32.10.07"
	Kecamatan  string // "Maja"
	Kabupaten  string // "Majalengka"
	Village    string
	RT         string // "RT3/5"; empty if unknown
	Business   string
	Cluster    string
	Lang       Lang
	LangChosen bool // false: imported, a guess until she chooses
	Batch      int64
	Incubator  string
	Status     PersonStatus
	Consent    Consent
	ConsentAt  time.Time
	Bracket    bool // answers by bracket after two failed readings (R24)
	Disability bool
	InvitedAt  time.Time
	LastSeen   time.Time // last inbound on any channel
	Zone       string    // IANA zone of her kecamatan
}

// Location is her zone; people without one live in WIB.
func (p Person) Location() *time.Location { return Zone(p.Zone) }

// Title is the short form before a name: "Bu", "Pak", "Mbak".
func (p Person) Title() string { return Title(p.Salutation) }

// First is the name she is called by: the first word that is not an honorific.
func (p Person) First() string { return firstName(p.Name) }

func firstName(name string) string {
	words := strings.Fields(name)
	for i, w := range words {
		switch strings.ToLower(strings.TrimSuffix(w, ".")) {
		case "h", "hj", "mak", "mbok", "bu", "ibu", "pak", "bapak", "ny", "nyi", "mbak", "mas", "drs", "dra":
			if i < len(words)-1 {
				continue
			}
		}
		return w
	}
	return name
}

// Title shortens a salutation the way people speak.
func Title(salutation string) string {
	switch salutation {
	case "Bapak", "Pak":
		return "Pak"
	case "Mbak", "Mas":
		return salutation
	}
	return "Bu"
}

// Zone loads an IANA zone; unknown or empty names are WIB, where all pilot areas lie.
func Zone(name string) *time.Location {
	if name != "" {
		if l, err := time.LoadLocation(name); err == nil {
			return l
		}
	}
	l, err := time.LoadLocation("Asia/Jakarta")
	if err != nil {
		return time.FixedZone("WIB", 7*3600)
	}
	return l
}

// AddressStatus is the standing of one number or chat.
type AddressStatus string

// Address statuses. Released numbers still take BUKAN for seven days (J1-SMS-02).
const (
	AddressActive   AddressStatus = "aktif"
	AddressPending  AddressStatus = "menunggu" // changed by an import, not yet confirmed (decisions.md)
	AddressReleased AddressStatus = "dilepas"
	AddressWrong    AddressStatus = "salah_orang"
	AddressDead     AddressStatus = "mati"
	AddressBlocked  AddressStatus = "diblokir" // the chat blocked us
)

// Address is one way to reach a person or a member of staff.
type Address struct {
	ID      int64
	Person  int64  // 0 if Staff
	Staff   int64  // 0 if Person
	Kind    string // phone, telegram, whatsapp
	Value   string // E.164 or chat id
	Status  AddressStatus
	Primary bool
	Doubted bool   // a number that was silent for so long that it may be somebody else's
	Shared  bool   // more than one person answers on it (R14)
	Letter  string // A, B, C on a shared number
}

// Role is what a member of staff does.
type Role string

// Roles, as the staff list spells them in lower case.
const (
	TKSK        Role = "tksk"
	Mentor      Role = "mentor"
	Coordinator Role = "koordinator"
	Ministry    Role = "kementerian"
)

// Staff is someone who helps: a TKSK, a mentor, a coordinator or somebody at the ministry.
type Staff struct {
	ID          int64
	Role        Role
	Name        string
	Title       string // Pak, Bu
	Areas       []string
	Institution string
	Email       string
	Active      bool
	Lang        Lang
	Zone        string
}

// Called is how texts name them: "Pak Dedi" — title and first name.
func (s Staff) Called() string {
	if s.Title == "" {
		return firstName(s.Name)
	}
	return s.Title + " " + firstName(s.Name)
}

// Location is the zone of their area.
func (s Staff) Location() *time.Location { return Zone(s.Zone) }
