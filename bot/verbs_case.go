package bot

import (
	"fmt"
	"strings"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// listed at once in one message; LAGI brings the next (J7-SMS-02).
const (
	listAll  = 4 // a list that fits whole
	listSome = 3 // of a longer one
	shortest = 8 // letters of a name on a screen or in a list
)

func caseVerbs() []verb {
	item := []string{"penerima", "kode", "desa", "hp", "kasus", "tgl", "nomor", "catatan", "n", "daftar", "case", "orang", "kecamatan", "kecpendek", "petugas", "huruf", "x", "daftar3", "sisanama", "dari", "alamat", "rincian", "jualan", "jam", "namanama"}
	says := []string{"case.short.*", "case.long.*", "worklist.item", "worklist.name", "worklist.no_phone", "worklist.answered", "case.answer.*", "worklist.quoted", "worklist.no_sales", "worklist.just_name", "worklist.nobody"}
	return []verb{
		{flows.Verb{
			Name: "case.list", Outcomes: []string{"some", "more", "none"}, Gives: append([]string{"items"}, item...), Says: says,
			Offers: []flows.Offer{{Var: "items", Label: "worklist.option", Max: listAll}},
		}, caseList},
		{flows.Verb{Name: "case.show", Outcomes: []string{"shown", "gone", "unknown"}, Gives: item, Says: says}, caseShow},
		{flows.Verb{
			Name: "case.act", Outcomes: []string{"contacted", "visited", "not_met", "snoozed", "watched", "forwarded", "done_asked", "done", "gone", "unknown"},
			Gives: item, Says: says,
		}, caseAct},
		{flows.Verb{Name: "case.why", Outcomes: []string{"noted"}}, caseWhy},
	}
}

// worklist is the TKSK's list of today.
func (t *turn) worklist() ([]prokus.WorkItem, error) {
	items, err := t.Worklist(t.ctx, t.who.staff.ID, t.now)
	if err != nil {
		return nil, fmt.Errorf("worklist: %w", err)
	}
	return items, nil
}

// caseWords name a case in a few words: "minta kunjung", "2mg diam", "turun 45%".
func caseWords(c prokus.Case, length string) text.Arg {
	k := "case." + length + "." + strings.ToLower(string(c.Reason))
	if c.Reason == prokus.Visit && c.Detail.Call {
		k += "_call"
	}
	return text.Key(k, text.Args{"n": text.Num(int64(max(c.Detail.Weeks, 2))), "p": text.Num(int64(c.Detail.Percent))})
}

func caseList(t *turn, v flows.Vars) (flows.Outcome, error) {
	items, err := t.worklist()
	if err != nil {
		return flows.Outcome{}, err
	}
	from := int(integer(v, "from"))
	if from >= len(items) {
		from = 0
	}
	if len(items) == 0 {
		return outcome("none", flows.Vars{"tgl": text.Date(t.now)})
	}
	size := listAll
	if len(items)-from > listAll {
		size = listSome
	}
	if t.in.Via == channels.USSD {
		return t.caseScreen(items, int(integer(v, str(v, "page"))))
	}
	page := items[from:min(from+size, len(items))]
	vars := flows.Vars{
		"tgl": text.Date(t.now), "n": text.Num(int64(len(items))), "daftar": itemsArg(page), "daftar3": itemsArg(page), "from": from + len(page),
		"items": itemOptions(page), "namanama": namesArg(items), "kecamatan": text.Str(bahasa.FitName(t.areaName(items), 14)), "x": text.Num(int64(len(items) - from - len(page))),
	}
	if from+len(page) < len(items) {
		return outcome("more", vars)
	}
	return outcome("some", vars)
}

// caseScreen is one page of the list on a screen: listAll lines are what 182 characters hold at the longest names. "from" is
// where the page begins, for coming back from a detail; "then" where 9 goes on. Both live in the session, LAGI has its own.
func (t *turn) caseScreen(items []prokus.WorkItem, from int) (flows.Outcome, error) {
	if from >= len(items) {
		from = 0
	}
	page := items[from:min(from+listAll, len(items))]
	options := itemOptions(page)
	for i := range options {
		if options[i].Key == "9" { // 9 goes on; the day's numbers stay what they are (J7-USSD-01)
			options[i].Key = "09"
		}
	}
	vars := flows.Vars{
		"n": text.Num(int64(len(items))), "kecpendek": text.Str(bahasa.FitName(t.areaName(items), 11)), "items": options,
		"from": from, "then": from + len(page),
	}
	if from+len(page) < len(items) {
		return outcome("more", vars)
	}
	return outcome("some", vars)
}

func (t *turn) areaName(items []prokus.WorkItem) string {
	for _, i := range items {
		if i.Person.Kecamatan != "" {
			return i.Person.Kecamatan
		}
	}
	return ""
}

// itemArgs are the words of one line of the list.
func itemArgs(i prokus.WorkItem) text.Args {
	return text.Args{
		"nomor": text.Num(int64(i.N)), "penerima": text.Name(i.Person.First()), "singkat": text.Str(bahasa.FitName(i.Person.First(), shortest)),
		"kasuspendek": caseWords(i.Case, "short"),
	}
}

// itemsArg is the list in a line: "1 Siti minta kunjung. 2 Ani 2mg diam."
func itemsArg(items []prokus.WorkItem) text.Arg {
	var out []text.Arg
	for _, i := range items {
		out = append(out, text.Key("worklist.item", itemArgs(i)))
	}
	return text.ListBy(" ", out...)
}

func itemOptions(items []prokus.WorkItem) []flows.Option {
	var out []flows.Option
	for _, i := range items {
		out = append(out, flows.Option{
			Key: fmt.Sprint(i.N), Value: fmt.Sprint(i.N), LabelKey: "worklist.option",
			LabelArgs: labelArgs(itemArgs(i)), Only: []string{"sms", "ussd"}, // a chat has cards
		})
	}
	return out
}

func labelArgs(a text.Args) map[string]any {
	out := make(map[string]any, len(a))
	for k, v := range a {
		out[k] = v
	}
	return out
}

// item finds a number of today's list. gone says that the case has left the list since.
func (t *turn) item(v flows.Vars) (i prokus.WorkItem, found bool, err error) {
	n := int(integer(v, "n"))
	if n == 0 {
		_, _ = fmt.Sscan(str(v, "n"), &n)
	}
	items, err := t.worklist()
	if err != nil {
		return i, false, err
	}
	for _, i := range items {
		if i.N == n || n == 0 && i.Case.ID == integer(v, "case") {
			return i, true, nil
		}
	}
	return i, false, nil
}

func itemVars(i prokus.WorkItem, t *turn) flows.Vars {
	vars := flows.Vars{
		"penerima": text.Name(i.Person.First()), "orang": text.Str(i.Person.Title() + " " + i.Person.First()), "kode": text.Str(i.Person.Code),
		"desa": text.Str(bahasa.FitName(i.Person.Village, 14)), "hp": text.Str(i.Phone.Local()), "kasus": caseWords(i.Case, "long"),
		"tgl": text.Date(i.Case.Due.In(t.now.Location())), "nomor": text.Str(fmt.Sprint(i.N)), "n": i.N, "case": i.Case.ID,
	}
	if i.Phone == "" {
		vars["hp"] = text.Key("worklist.no_phone", nil)
	}
	return vars
}

// caseShow is the detail of a number: who, where, which phone, what, until when.
func caseShow(t *turn, v flows.Vars) (flows.Outcome, error) {
	i, ok, err := t.item(v)
	if err != nil {
		return flows.Outcome{}, err
	}
	if !ok {
		return outcome("unknown", flows.Vars{"nomor": text.Str(fmt.Sprint(integer(v, "n")))})
	}
	if i.Case.Status == prokus.CaseClosed {
		return outcome("gone", itemVars(i, t))
	}
	vars := itemVars(i, t)
	if i.Person.RT != "" {
		vars["desa"] = text.Str(i.Person.RT + " Ds " + bahasa.FitName(i.Person.Village, 14))
	} else {
		vars["desa"] = text.Str("Ds " + bahasa.FitName(i.Person.Village, 14))
	}
	vars["penerima"] = text.Name(i.Person.Name)
	if t.in.Via == channels.USSD { // a screen is short: her first name, and the village before the house (J7-USSD-01)
		vars["penerima"] = text.Name(i.Person.First())
		vars["desa"] = text.Str(strings.TrimSpace("Ds " + bahasa.FitName(i.Person.Village, 14) + " " + i.Person.RT))
	}
	if err := t.card(vars, i); err != nil {
		return flows.Outcome{}, err
	}
	if d := i.Case.Detail; d.When != "" || d.Answer != "" || i.Case.Note != "" {
		vars["kasus"] = text.ListBy(", ", detailParts(i.Case)...)
	}
	return outcome("shown", vars)
}

func detailParts(c prokus.Case) []text.Arg {
	parts := []text.Arg{caseWords(c, "long")}
	if c.Detail.When != "" {
		parts = []text.Arg{text.ListBy(" ", parts[0], text.Key("help.time."+c.Detail.When, nil))}
	}
	if c.Detail.Answer != "" {
		parts = append(parts, answered(c))
	}
	if c.Note != "" && !c.Confidential {
		parts = append(parts, text.Quote(c.Note))
	}
	return parts
}

// answered says how she answered the closing question of a case that is open again: "dijawab BELUM".
func answered(c prokus.Case) text.Arg {
	said := "case.answer.no"
	if c.Detail.Answer == acts.PartlyHelped {
		said = "case.answer.partly"
	}
	return text.Key("worklist.answered", text.Args{"jawaban": text.Key(said, nil)})
}

// actions by their letter (J7-SMS-01).
var actions = map[string]acts.Action{
	"h": acts.Contacted, "k": acts.Visited, "t": acts.Snoozed, "s": acts.Done, "p": acts.Watched, "e": acts.Forwarded,
}

// caseAct does what the letter says to the numbered case, and says what is left of the day's list.
func caseAct(t *turn, v flows.Vars) (flows.Outcome, error) {
	i, ok, err := t.item(v)
	if err != nil {
		return flows.Outcome{}, err
	}
	a, known := actions[str(v, "letter")]
	if !ok || !known {
		return outcome("unknown", flows.Vars{"nomor": text.Str(fmt.Sprint(integer(v, "n")))})
	}
	vars := itemVars(i, t)
	by := t.by()
	by.Staff = t.who.staff
	if (a == acts.Contacted || a == acts.Visited) && notMet(str(v, "note")) {
		c, err := acts.NotMet(t.ctx, t.Tx, by, i.Case.ID, i.Person, str(v, "note"))
		vars["tgl"] = text.Date(c.Wake.In(t.now.Location()))
		return flows.Outcome{Name: "not_met", Vars: vars}, err
	}
	c, closed, err := acts.ActOn(t.ctx, t.Tx, by, i.Case.ID, a, i.Person, str(v, "note"))
	if err != nil {
		return flows.Outcome{}, err
	}
	if closed {
		return outcome("gone", vars)
	}
	rest, err := t.worklist()
	if err != nil {
		return flows.Outcome{}, err
	}
	var left []text.Arg
	n := 0
	for _, r := range rest {
		if r.Case.ID == c.ID || r.Case.Status != prokus.CaseOpen {
			continue
		}
		if n++; n <= listSome {
			left = append(left, text.Key("worklist.name", itemArgs(r)))
		}
	}
	if n == 0 {
		left = []text.Arg{text.Key("worklist.nobody", nil)}
	}
	vars["x"], vars["sisanama"] = text.Num(int64(n)), text.ListBy(" ", left...)
	vars["tgl"], vars["jam"] = text.Day(t.now), text.Clock(t.now)
	if vars["dari"], err = t.workOf(); err != nil {
		return flows.Outcome{}, err
	}
	name := string(a)
	switch {
	case a == acts.Snoozed, a == acts.Watched:
		vars["tgl"] = text.Date(c.Wake.In(t.now.Location()))
	case a == acts.Done && c.Status == prokus.CaseAsked:
		name = "done_asked"
	case a == acts.Done:
		name = "done"
	}
	return outcome(name, vars)
}

// caseWhy keeps why a case was put off.
func caseWhy(t *turn, v flows.Vars) (flows.Outcome, error) {
	c, ok, err := t.CaseByID(t.ctx, integer(v, "case"))
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("why: %w", err)
	}
	if ok && c.Status == prokus.CaseSnoozed {
		by := t.by()
		by.Staff = t.who.staff
		if err := t.SaveCase(t.ctx, c, acts.CaseEvent{At: t.now, Staff: t.who.staff.ID, What: "answered", Note: str(v, "why")}); err != nil {
			return flows.Outcome{}, fmt.Errorf("why: %w", err)
		}
	}
	return outcome("noted", nil)
}

// caseButton is an action pressed on a case's card. The case must stand in the presser's own list: a forwarded button of
// another kecamatan does nothing but say so (J7-TG-01).
func (t *turn) caseButton(id int64, act string) error {
	items, err := t.worklist()
	if err != nil {
		return err
	}
	for _, i := range items {
		if i.Case.ID == id {
			t.intent = "CASE:" + act
			if act == "show" {
				return t.route("SHOW", flows.Vars{"n": i.N})
			}
			return t.route("ACT", flows.Vars{"letter": act, "n": i.N})
		}
	}
	return t.toast("case.not_yours")
}
