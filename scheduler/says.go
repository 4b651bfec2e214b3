package scheduler

// Says is one text that the scheduler says outside the flows, and the step it opens, for `kabar check`.
type Says struct {
	Text  string   // text key
	Opens string   // flow#step, or ""
	Gives []string // placeholders that it brings
}

// Speaks lists all that the scheduler says by itself.
func Speaks() []Says {
	r := DefaultRefs()
	person := []string{"sapaan", "nama", "ibu", "tksk", "huruf"}
	week := append([]string{"rentang", "jumlah"}, person...)
	turnout := append([]string{"x", "y"}, week...)
	session := append([]string{"tgl", "jam", "tempat", "mentor", "session", "materi"}, person...)
	headcount := []string{"tgl", "jam", "tempat", "session", "diundang", "datang", "mungkin", "tidak", "ganti", "belum", "hadir", "kodepapan"}
	digest := []string{"items", "tgl", "n", "petugas", "x", "y", "p", "daftar", "daftar3", "lain", "namanama", "laporanlalu"}
	overdue := []string{"petugas", "penerima", "nomor", "n", "tgl", "koordinator"}
	many := []string{"petugas", "n", "sisanama", "lain", "tgl", "koordinator"}
	district := []string{"n", "kecamatan", "lewat", "lain"}
	trouble := []string{"saluran", "tgl", "jam", "n", "p", "sisa", "habis"}
	return []Says{
		{"alarm.began", "", []string{"alarm"}}, {"alarm.lasts", "", []string{"alarm"}}, {"alarm.ended", "", []string{"alarm"}},
		{"alarm.about.down", "", trouble}, {"alarm.about.credentials", "", trouble}, {"alarm.about.silent", "", trouble}, {"alarm.about.battery", "", trouble},
		{"alarm.about.queue", "", trouble}, {"alarm.about.sweep", "", trouble}, {"alarm.about.budget_day", "", trouble}, {"alarm.about.budget_month", "", trouble},
		{"alarm.about.credit", "", trouble}, {"alarm.about.expiry", "", trouble}, {"alarm.about.filtered", "", trouble}, {"alarm.about.halted", "", trouble},
		{"alarm.about.deaf", "", trouble}, {"alarm.about.taken", "", trouble}, {"alarm.about.barred", "", trouble},
		{"prompt.week_vacant", r.Ask, week}, {"prompt.addition_vacant", r.Addition, week}, {"remind.first_vacant", r.Ask, turnout},
		{"prompt.week", r.Ask, week}, {"prompt.week_shared", r.Ask, week},
		{"prompt.bracket", r.Bracket, week}, {"prompt.addition", r.Addition, week}, {"prompt.addition_shared", r.Addition, week},
		{"remind.first", r.Ask, turnout}, {"remind.first_many", r.Ask, turnout}, {"remind.first_shared", r.Ask, turnout},
		{"remind.second", r.Ask, turnout}, {"remind.second_shared", r.Ask, turnout},
		{"invite.second", r.Invited, person}, {"companion.new", "", person}, {"companion.new_shared", "", person}, {"batch.closed", "", person}, {"batch.closed_shared", "", person}, {"invite.second_shared", r.Invited, person},
		{"mentoring.eve_shared", r.RSVP, session}, {"mentoring.morning_shared", r.Morning, session}, {"mentoring.morning_ask_shared", r.Morning, session},
		{"mentoring.morning_homework_shared", r.Morning, append([]string{"tugas"}, session...)},
		{"mentoring.missed_shared", r.Missed, session}, {"mentoring.missed_plain_shared", "", session},
		{"mentoring.eve", r.RSVP, session}, {"mentoring.morning", r.Morning, session}, {"mentoring.morning_ask", r.Morning, session},
		{"mentoring.morning_homework", r.Morning, append([]string{"tugas"}, session...)}, {"mentoring.about", "", []string{"topik"}},
		{"mentoring.missed", r.Missed, session}, {"mentoring.missed_plain", "", session},
		{"mentor.card", r.Headcount, headcount}, {"mentor.card_maybe", r.Headcount, headcount}, {"mentor.nudge_n", "", headcount},
		{"mentor.morning", "", headcount}, {"mentor.who_came", r.Attendance, headcount},
		{"digest.list", r.Worklist, digest}, {"digest.list_more", r.Worklist, digest}, {"digest.monday", "", digest}, {"digest.turnout", "", []string{"x", "y", "p"}},
		{"worklist.assisted", "", []string{"kecamatan", "rentang", "n", "dampingan"}},
		{"worklist.assisted_more", "", []string{"kecamatan", "rentang", "n", "dampingan", "lain"}},
		{"office.weekly", "", []string{"kab", "rentang", "masuk", "wajib", "p", "geser", "tengah", "perhatian", "lewatn", "lewatkec"}},
		{"office.shift.up", "", []string{"n"}}, {"office.shift.down", "", []string{"n"}}, {"office.shift.same", "", nil},
		{"office.median.known", "", []string{"jumlah"}}, {"office.median.few", "", nil},
		{"case.remind", "", overdue}, {"case.escalated", "", overdue},
		{"case.remind_many", "", many}, {"case.remind_many_more", "", many}, {"case.escalated_many", "", many}, {"case.escalated_many_more", "", many},
		{"case.escalated_district", "", district}, {"case.escalated_district_more", "", district},
		{"case.escalated_line", "", []string{"penerima", "kode", "kasus", "n"}}, {"case.silent_weeks", "", []string{"n"}},
		{"chat.lost", "", append([]string{"tgl", "tgl2"}, person...)}, {"staff.someone", "", nil}, {"staff.some_mentor", "", nil}, {"keyboard.share_phone", "", nil}, {"keyboard.hint", "", nil},
		{"button.tasks", "", nil}, {"button.route", "", nil}, {"button.people", "", nil}, {"button.later", "", nil}, {"button.holiday", "", nil}, {"button.call", "", nil},
	}
}
