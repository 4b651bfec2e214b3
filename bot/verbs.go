package bot

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// verb is a rule that flows may name: what it may answer, and the rule itself.
type verb struct {
	flows.Verb
	do func(*turn, flows.Vars) (flows.Outcome, error)
}

// subjects are all rules, a file a subject. They are listed by hand: what is not here does not exist.
func subjects() [][]verb {
	return [][]verb{
		consentVerbs(), reportVerbs(), zeroVerbs(), correctVerbs(), grantVerbs(), helpVerbs(), mentoringVerbs(), mentorVerbs(), caseVerbs(), sharedVerbs(),
		paidVerbs(), officerVerbs(), proxyVerbs(), disputeVerbs(), cardVerbs(), laterVerbs(), dataVerbs(), progressVerbs(), leaveVerbs(), linkVerbs(), chatVerbs(), verifyVerbs(),
		offerVerbs(), doorVerbs(), approvalVerbs(),
	}
}

// verbs are the rules by their names.
func verbs() map[string]verb {
	all := map[string]verb{}
	for _, of := range subjects() {
		for _, v := range of {
			all[v.Name] = v
		}
	}
	return all
}

// Verbs describes the rules for the checker.
func Verbs() []flows.Verb {
	var out []flows.Verb
	for _, of := range subjects() {
		for _, v := range of {
			out = append(out, v.Verb)
		}
	}
	return out
}

// Opens are the texts that acts and the turn itself say outside the flows, for the checker.
func Opens() []flows.Open {
	person := []string{"sapaan", "nama", "ibu", "tksk", "ussd", "huruf"} // the letter, where others answer on her number too
	return []flows.Open{
		{By: "an import's invitation", Ref: "invite#asked", Says: "invite.first", Gives: person},
		{By: "an import's invitation", Ref: "invite#asked", Says: "invite.first_shared", Gives: person},
		{By: "a number that an import changed", Ref: "number#confirm", Says: "number.confirm", Gives: append([]string{"akhirhp", "phone"}, person...)},
		{By: "a new number", Says: "number.now_yours"}, {By: "a linked number or chat", Says: "link.told_*"}, {By: "a number that is shared", Says: "shared.told"},
		{By: "a report on a shared number", Says: "report.*_shared"},
		{By: "a TKSK's report", Says: "proxy.told", Gives: append([]string{"petugas", "rentang", "jumlah"}, person...)},
		{By: "a TKSK's correction", Says: "proxy.corrected", Gives: append([]string{"petugas", "rentang", "lama", "baru"}, person...)},
		{By: "a TKSK's report on a shared number", Says: "proxy.told_shared", Gives: append([]string{"petugas", "huruf"}, person...)},
		{By: "what an officer saw", Says: "progress.noted", Gives: append([]string{"petugas", "amatan"}, person...)},
		{By: "what an officer saw", Says: "progress.taken_back", Gives: append([]string{"petugas", "amatan"}, person...)},
		{By: "what an officer saw, on a shared number", Says: "progress.noted_shared", Gives: append([]string{"petugas", "huruf"}, person...)},
		{By: "a number that is tried", Ref: "trial#asked", Says: "number.try", Gives: append([]string{"petugas"}, person...)},
		{By: "a number that is tried", Ref: "trial#asked", Says: "number.try_shared", Gives: append([]string{"petugas"}, person...)},
		{By: "a TKSK's leave", Says: "officer.stand_in", Gives: []string{"petugas", "kecamatan", "tgl", "tgl2"}},
		{By: "a TKSK whose district has nobody", Says: "officer.coordinator"},
		{By: "a disputed figure", Says: "dispute.told_staff", Gives: []string{"orang", "kode", "rentang", "no"}},
		{By: "a lost USSD session", Ref: "ussd#resume", Gives: append([]string{"rentang", "jumlah", "week", "pending"}, person...)},
		{By: "a promise to ask later", Ref: "report#ask", Says: "report.later", Gives: append([]string{"rentang", "jumlah"}, person...)},
		{By: "a promise to ask later", Ref: "report#ask", Says: "report.later_shared", Gives: append([]string{"rentang", "jumlah"}, person...)},
		{By: "a disaster", Says: "case.urgent_district", Gives: []string{"lengkap", "kode", "desa", "petugas", "kasus"}},
		{By: "a closed case", Ref: "case#helped", Says: "case.helped", Gives: append([]string{"no", "case"}, person...)},
		{By: "a closed case", Ref: "case#helped", Says: "case.helped_shared", Gives: append([]string{"no", "case"}, person...)},
		{By: "an urgent case", Says: "case.urgent", Gives: []string{"lengkap", "kode", "desa", "kasus", "hp", "nomor"}},
		{By: "an urgent case of somebody without a phone", Says: "case.urgent_no_phone", Gives: []string{"lengkap", "kode", "desa", "kasus", "nomor"}},
		{By: "an urgent case while the post is vacant", Says: "case.urgent_vacant", Gives: []string{"lengkap", "kode", "desa", "kasus", "hp"}},
		{By: "an urgent case while the post is vacant", Says: "case.urgent_no_phone_vacant", Gives: []string{"lengkap", "kode", "desa", "kasus"}},
		{By: "an urgent case", Says: "case.urgent.*"},
		{By: "a refusal on the day", Says: "mentor.declined", Gives: []string{"penerima", "tgl", "jam"}},
		{By: "a session that an import called off", Says: "mentor.office_off", Gives: []string{"tgl", "jam", "n"}},
		{By: "a session that an import moved", Says: "mentor.office_moved", Gives: []string{"tgl", "jam", "tgl2", "jam2", "tujuan", "n"}},
		{By: "a session that an office made", Says: "mentor.office_new", Gives: []string{"tgl", "jam", "tujuan", "n"}},
		{By: "a person whom an office moved", Says: "move.told", Gives: append([]string{"kecamatan"}, person...)},
		{By: "a person whom an office moved, on a shared number", Says: "move.told_shared", Gives: append([]string{"huruf"}, person...)},
		{By: "a person whom an office moved", Says: "officer.person_*", Gives: []string{"orang", "kode", "kecamatan", "petugas"}},
		{By: "two records made one", Says: "merge.told", Gives: append([]string{"kode"}, person...)},
		{By: "two records made one, on a shared number", Says: "merge.told_shared", Gives: append([]string{"huruf"}, person...)},
		{By: "a post that was given", Says: "officer.assigned", Gives: []string{"kecamatan"}},
		{By: "a closing question answered with no", Says: "officer.not_helped", Gives: []string{"no", "jawaban", "orang", "kode", "tgl"}},
		{By: "a closing question answered with no", Says: "officer.not_helped_yours", Gives: []string{"no", "jawaban", "orang", "kode", "tgl"}},
		{By: "a case that was taken over", Says: "officer.case_taken", Gives: []string{"orang", "no", "koordinator"}},
		{By: "a wish to be called", Says: "mentor.call", Gives: []string{"penerima", "kode", "hp", "tgl", "tgl2"}},
		{By: "a mentor's reminder", Ref: "mentoring#nudged", Says: "mentoring.nudge", Gives: append([]string{"tgl", "jam", "tempat", "mentor", "session"}, person...)},
		{By: "a mentor's reminder", Ref: "mentoring#nudged", Says: "mentoring.nudge_shared", Gives: append([]string{"tgl", "jam", "tempat", "mentor", "session"}, person...)},
		{By: "a mentor's list", Ref: "mentoring#rate", Says: "mentoring.present", Gives: append([]string{"mentor", "tgl", "ke", "dari", "session"}, person...)},
		{By: "a mentor's list", Ref: "mentoring#rate", Says: "mentoring.present_shared", Gives: append([]string{"mentor", "tgl", "ke", "dari", "session"}, person...)},
		{By: "a mentor's corrected list", Says: "mentoring.absent", Gives: append([]string{"mentor", "tgl"}, person...)},
		{By: "a mentor's corrected list", Says: "mentoring.absent_shared", Gives: append([]string{"mentor", "tgl"}, person...)},
		{By: "a session that was called off", Ref: "mentoring#replaced", Says: "session.off", Gives: append([]string{"tgl", "tgl2", "jam", "tempat", "sebab", "session"}, person...)},
		{By: "a session that was called off", Ref: "mentoring#replaced", Says: "session.off_shared", Gives: append([]string{"tgl", "tgl2", "jam", "tempat", "sebab", "session"}, person...)},
		{By: "a session that was called off", Says: "session.off_*", Gives: append([]string{"tgl", "tgl2", "jam", "sebab"}, person...)},
		{By: "why a session was called off", Says: "session.because.*", Gives: []string{"mentor"}},
		{By: "a session that was moved", Ref: "mentoring#moved", Says: "session.moved", Gives: append([]string{"tgl", "jam", "tgl2", "jam2", "tempat", "tujuan", "session"}, person...)},
		{By: "a session that was moved", Ref: "mentoring#moved", Says: "session.moved_shared", Gives: append([]string{"tgl", "jam", "tgl2", "jam2", "tempat", "tujuan", "session"}, person...)},
		{By: "a session that was moved", Says: "session.moved_*", Gives: append([]string{"tgl", "jam", "tgl2", "jam2", "tempat", "tujuan"}, person...)},
		{By: "a seat that is free again", Says: "offer.promoted", Gives: append([]string{"acara", "lapak", "urut", "kursi"}, person...)},
		{By: "a broadcast that offers seats", Ref: "broadcast#offered", Gives: append([]string{"broadcast"}, person...)},
		{By: "a broadcast that waits", Says: "approval.waiting", Gives: []string{"siaran", "petugas", "n", "x", "jumlah", "tgl", "jam"}},
		{By: "a broadcast that waits", Says: "approval.waiting_now", Gives: []string{"siaran", "petugas", "n", "x", "jumlah"}},
		{By: "a broadcast that waits", Says: "button.in_console"}, {By: "a broadcast that waits", Says: "approval.*_button"},
		{By: "a stale button", Says: "button.stale"},
		{By: "somebody else's button", Says: "case.not_yours"},
		{By: "a USSD session that broke", Says: "ussd.error"},
		{By: "a USSD answer that is late", Says: "ussd.busy"},
		{By: "a vacant post", Says: "person.companion"},
	}
}

func outcome(name string, vars flows.Vars) (flows.Outcome, error) {
	return flows.Outcome{Name: name, Vars: vars}, nil
}

// str and integer read variables that went through JSON.
func str(v flows.Vars, name string) string {
	s, _ := v[name].(string)
	return s
}

func integer(v flows.Vars, name string) int64 {
	switch n := v[name].(type) {
	case float64:
		return int64(n)
	case int:
		return int64(n)
	case int64:
		return n
	case json.Number:
		i, _ := n.Int64()
		return i
	}
	return 0
}

func amountOf(v flows.Vars, name string) (bahasa.Amount, bool) {
	if v[name] == nil {
		return bahasa.Amount{}, false
	}
	b, err := json.Marshal(v[name])
	if err != nil {
		return bahasa.Amount{}, false
	}
	var a bahasa.Amount
	if err := json.Unmarshal(b, &a); err != nil {
		return bahasa.Amount{}, false
	}
	return a, true
}

func weekVar(w prokus.Week) string { return w.String() }

func weekOfVar(v flows.Vars, name string) (prokus.Week, bool) {
	w, err := prokus.ParseWeek(str(v, name))
	return w, err == nil
}

func weekArg(w prokus.Week) text.Arg { return text.Week(w.Date()) }

// span writes a span of days: 15-19 Jun, 29 Jun-3 Jul.
func span(from, to time.Time) string {
	if from.Month() == to.Month() && from.Year() == to.Year() {
		return fmt.Sprintf("%d-%s", from.Day(), bahasa.DateShort(to))
	}
	return bahasa.DateShort(from) + "-" + bahasa.DateShort(to)
}

// person is whoever writes; verbs of beneficiary flows are only reached with one.
func (t *turn) person() prokus.Person {
	if t.who.person == nil {
		return prokus.Person{}
	}
	return *t.who.person
}
