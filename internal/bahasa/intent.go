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
	Progress   Intent = "KEMAJUAN"   // KEMAJUAN
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

// own reports whether an intent is a keyword of ours, which ReadIntent must not
// return.
func (i Intent) own() bool {
	switch i {
	case Tips, Reschedule, Visit, Register, Enough, History, Progress, Leave, SeeData, EraseData, More, Search, Wrong, NotMe, Join, Aid:
		return true
	}
	return false
}

// IntentReading is what a message was understood as.
type IntentReading struct {
	Intent Intent
	Sure   bool   // the whole message is a known phrase
	Rest   string // what follows a leading keyword, in the writer's own case
	Reason string // of CLOSED and SICK: sakit, hajatan, modal, sepi, libur, lainnya
	Lang   string // id, su or jv when the message is clearly in that language, else ""
}
