package bot

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// The worklist in a chat: a card a case, one after the other, and the way to go (J7-TG-01).

func cardVerbs() []verb {
	card := []string{"penerima", "orang", "kode", "desa", "hp", "kasus", "tgl", "nomor", "n", "case", "dari", "alamat", "rincian", "jualan", "petugas"}
	return []verb{
		{flows.Verb{Name: "case.next", Outcomes: []string{"shown", "none"}, Gives: card}, caseNext},
		{flows.Verb{Name: "case.note", Outcomes: []string{"noted"}, Gives: card}, caseNote},
		{flows.Verb{Name: "case.undo", Outcomes: []string{"reopened", "gone"}, Gives: card}, caseUndo},
		{flows.Verb{Name: "case.route", Outcomes: []string{"some", "none"}, Gives: []string{"n", "rute", "tgl", "petugas", linksVar}, Says: []string{"worklist.stop", "worklist.stop_person", "button.open_map", "button.print"}}, caseRoute},
		{flows.Verb{Name: "officer.people", Outcomes: []string{"shown"}, Gives: []string{"n", "x", "y", "rentang", "petugas"}}, officerPeople},
	}
}

// salesShown are the newest figures on a card.
const salesShown = 3

// card adds what only a chat has room for.
func (t *turn) card(vars flows.Vars, i prokus.WorkItem) (err error) {
	if vars["dari"], err = t.workOf(); err != nil {
		return err
	}
	vars["alamat"] = text.Str(strings.TrimSpace("Ds " + i.Person.Village + " " + i.Person.RT))
	parts := []text.Arg{caseWords(i.Case, "long")}
	if i.Case.Detail.When != "" {
		parts = append(parts, text.Key("help.time."+i.Case.Detail.When, nil))
	}
	if i.Case.Detail.Answer != "" {
		parts = append(parts, answered(i.Case))
	}
	vars["rincian"] = text.List(parts...)
	if i.Case.Note != "" && !i.Case.Confidential {
		vars["rincian"] = text.ListBy(". ", text.List(parts...), text.Key("worklist.quoted", text.Args{"catatan": text.Quote(i.Case.Note)}))
	}
	latest, err := t.Latest(t.ctx, i.Person.ID, salesShown)
	if err != nil {
		return fmt.Errorf("card: %w", err)
	}
	vars["jualan"] = text.Key("worklist.no_sales", nil)
	if len(latest) > 0 {
		var figures []text.Arg
		for k := len(latest) - 1; k > 0; k-- {
			figures = append(figures, text.Str(bahasa.Number(latest[k].Amount/1000)))
		}
		vars["jualan"] = text.List(append(figures, text.Thousands(latest[0].Amount))...)
	}
	return nil
}

// workOf is the largest number of today's list.
func (t *turn) workOf() (text.Arg, error) {
	n, err := t.WorkNumbers(t.ctx, t.who.staff.ID, t.now)
	return text.Str(fmt.Sprint(n)), err
}

func namesArg(items []prokus.WorkItem) text.Arg {
	var out []text.Arg
	for _, i := range items {
		out = append(out, text.Key("worklist.just_name", text.Args{"penerima": text.Name(i.Person.First())}))
	}
	return text.List(out...)
}

// caseNext shows the next open case after a number.
func caseNext(t *turn, v flows.Vars) (flows.Outcome, error) {
	after := integer(v, "n")
	if str(v, "after") == "0" {
		after = 0
	} else if n, err := fmt.Sscan(str(v, "n"), &after); err != nil && n == 0 {
		after = integer(v, "n")
	}
	items, err := t.worklist()
	if err != nil {
		return flows.Outcome{}, err
	}
	for _, i := range items {
		if int64(i.N) > after {
			return caseShow(t, flows.Vars{"n": i.N})
		}
	}
	return outcome("none", flows.Vars{"tgl": text.Date(t.now)})
}

// caseNote keeps what the TKSK writes about a case.
func caseNote(t *turn, v flows.Vars) (flows.Outcome, error) {
	c, ok, err := t.CaseByID(t.ctx, integer(v, "case"))
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("note: %w", err)
	}
	if ok {
		if err := t.SaveCase(t.ctx, c, acts.CaseEvent{At: t.now, Staff: t.who.staff.ID, What: "told", Note: str(v, "text")}); err != nil {
			return flows.Outcome{}, fmt.Errorf("note: %w", err)
		}
	}
	return outcome("noted", nil)
}

// caseUndo takes back what closed, watched or forwarded a case, as long as it is still the TKSK's to take back.
func caseUndo(t *turn, v flows.Vars) (flows.Outcome, error) {
	by := t.by()
	by.Staff = t.who.staff
	ok, err := acts.Reopen(t.ctx, t.Tx, by, integer(v, "case"))
	if err != nil {
		return flows.Outcome{}, err
	}
	if !ok {
		return outcome("gone", nil)
	}
	return outcome("reopened", flows.Vars{"letter": nil, "note": nil})
}

// notMet says whether a note means that nobody was at home.
func notMet(note string) bool {
	n := bahasa.Normalise(note)
	for _, w := range []string{"tidak ketemu", "tdk ketemu", "ga ketemu", "gak ketemu", "nggak ketemu", "tidak bertemu", "rumah kosong", "tidak ada di rumah"} {
		if strings.HasPrefix(n, w) {
			return true
		}
	}
	return false
}

// caseRoute lists the day's people by village, the most urgent village first.
func caseRoute(t *turn, _ flows.Vars) (flows.Outcome, error) {
	items, err := t.worklist()
	if err != nil {
		return flows.Outcome{}, err
	}
	if len(items) == 0 {
		return outcome("none", flows.Vars{"tgl": text.Date(t.now)})
	}
	var villages []string
	stops := map[string][]text.Arg{}
	for _, i := range items {
		v := i.Person.Village
		if stops[v] == nil {
			villages = append(villages, v)
		}
		stops[v] = append(stops[v], text.Key("worklist.stop_person", text.Args{"penerima": text.Name(i.Person.First()), "kasuspendek": caseWords(i.Case, "short")}))
	}
	var lines []text.Arg
	for _, v := range villages {
		lines = append(lines, text.Key("worklist.stop", text.Args{"desa": text.Str(v), "orangorang": text.List(stops[v]...)}))
	}
	links, err := t.routeLinks(items[0].Person.Area, villages)
	return flows.Outcome{Name: "some", Vars: flows.Vars{"n": text.Num(int64(len(villages))), "rute": text.ListBy("\n", lines...), linksVar: links}}, err
}

// routeLinks are the map of where to go, and the day's list as a page to print. The map is told places only, never people: the
// village, or the kecamatan of several.
func (t *turn) routeLinks(area string, villages []string) ([]buttonLink, error) {
	var place []string
	if len(villages) == 1 {
		place = append(place, villages[0])
	}
	for _, code := range []string{area, area[:max(strings.LastIndex(area, "."), 0)]} { // the kecamatan and its kabupaten
		name, err := t.AreaName(t.ctx, code)
		if err != nil {
			return nil, fmt.Errorf("map: %w", err)
		}
		if name != "" {
			place = append(place, name)
		}
	}
	var links []buttonLink
	if len(place) > 0 {
		links = append(links, buttonLink{"button.open_map", "https://www.openstreetmap.org/search?" + url.Values{"query": {strings.Join(place, ", ")}}.Encode()})
	}
	if t.PublicURL != "" {
		links = append(links, buttonLink{"button.print", t.PublicURL + "/kasus"})
	}
	return links, nil
}

// officerPeople says how the TKSK's people stand.
func officerPeople(t *turn, _ flows.Vars) (flows.Outcome, error) {
	areas, err := t.AreasOf(t.ctx, t.who.staff.ID, t.now)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("people: %w", err)
	}
	w := t.dueWeek()
	reported, due, err := t.ReportedIn(t.ctx, areas, w)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("people: %w", err)
	}
	_, all, err := t.SearchPeople(t.ctx, areas, "", 1)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("people: %w", err)
	}
	return outcome("shown", flows.Vars{"n": text.Num(int64(all)), "x": text.Num(int64(reported)), "y": text.Num(int64(due)), "rentang": weekArg(w)})
}
