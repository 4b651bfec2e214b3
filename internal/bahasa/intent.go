package bahasa

// Intent is what a message wants, by the names of the labelled data.
type Intent string

const (
	Yes         Intent = "YES"
	No          Intent = "NO"
	NotNo       Intent = "NOT_NO"
	Maybe       Intent = "MAYBE"
	Stop        Intent = "STOP"
	NotStop     Intent = "NOT_STOP"
	Start       Intent = "START"
	Help        Intent = "HELP"
	CallMe      Intent = "CALL_ME"
	Menu        Intent = "MENU"
	Greeting    Intent = "GREETING"
	Thanks      Intent = "THANKS"
	NoSales     Intent = "NO_SALES"
	Closed      Intent = "CLOSED"
	Sick        Intent = "SICK"
	Bereaved    Intent = "BEREAVED"
	Disaster    Intent = "DISASTER"
	Later       Intent = "LATER"
	Status      Intent = "STATUS"
	Report      Intent = "REPORT"
	Schedule    Intent = "SCHEDULE"
	AttendYes   Intent = "ATTEND_YES"
	AttendNo    Intent = "ATTEND_NO"
	Correct     Intent = "CORRECT"
	Cancel      Intent = "CANCEL"
	WrongNumber Intent = "WRONG_NUMBER"
	Who         Intent = "WHO"
	Proxy       Intent = "PROXY"
	Complaint   Intent = "COMPLAINT"
	ScamFear    Intent = "SCAM_FEAR"
	Lang        Intent = "LANG"
	Data        Intent = "DATA"
	Abuse       Intent = "ABUSE"
	Violence    Intent = "VIOLENCE"
	None        Intent = "NONE"
)

// Our own keywords, which only ReadCommand returns.
const (
	Tips       Intent = "TIPS"       // TIPS, SARAN
	Reschedule Intent = "GANTI"      // GANTI alone
	Visit      Intent = "KUNJUNG"    // KUNJUNG, LONGOK, RAWUH
	Register   Intent = "DAFTAR"     // DAFTAR 482919
	Enough     Intent = "PAS"        // PAS
	History    Intent = "RIWAYAT"    // RIWAYAT
	Leave      Intent = "CUTI"       // CUTI 15-19 jun
	SeeData    Intent = "LIHAT_DATA" // LIHAT DATA
	EraseData  Intent = "HAPUS_DATA" // HAPUS DATA
	More       Intent = "LAGI"       // LAGI
	Search     Intent = "CARI"       // CARI SITI
	Wrong      Intent = "SALAH"      // SALAH alone
	NotMe      Intent = "BUKAN"      // BUKAN alone
	Join       Intent = "IKUT"       // IKUT
	Aid        Intent = "BANTUAN"    // BANTUAN alone: two meanings, a menu
)

// IntentReading is what a message was understood as.
type IntentReading struct {
	Intent Intent
	Sure   bool   // the whole message is a known phrase
	Rest   string // what follows a leading keyword, in the writer's own case
	Reason string // of CLOSED and SICK: sakit, hajatan, modal, sepi, libur, lainnya
	Lang   string // id, su or jv when the message is clearly in that language, else ""
}

// ReadIntent reads a message without context, as `kabar parse intent` prints it.
func ReadIntent(s string) IntentReading { return IntentReading{Intent: None} }

// ReadCommand reads a message that begins with one of our own keywords; it
// falls back on ReadIntent, whose names it also returns.
func ReadCommand(s string) IntentReading { return ReadIntent(s) }

// IsStop reports whether the whole message is a stop phrase (R05).
func IsStop(s string) bool { return Normalise(s) == "stop" }

// IsStart reports whether the whole message asks to be included again.
func IsStart(s string) bool { return Normalise(s) == "mulai" }

// Safety finds violence, disaster, a death or a complaint about an officer in a
// message; None when there is nothing of the kind (R04).
func Safety(s string) Intent { return None }

// ReadYesNo reads an answer to a yes/no question; ok is false when it is neither.
func ReadYesNo(s string) (yes bool, ok bool) {
	switch Normalise(s) {
	case "ya", "iya", "y":
		return true, true
	case "tidak", "ga", "gak":
		return false, true
	}
	return false, false
}

// ReadChoice reads an answer to a choice of 1..n (0 where offered): its digit or
// one of its labels; labels[i] are the words for option i+1.
func ReadChoice(s string, n int, labels [][]string) (option int, ok bool) {
	t := Normalise(s)
	if len(t) == 1 && t[0] >= '0' && int(t[0]-'0') <= n {
		return int(t[0] - '0'), true
	}
	for i, ws := range labels {
		for _, w := range ws {
			if Normalise(w) == t {
				return i + 1, true
			}
		}
	}
	return 0, false
}
