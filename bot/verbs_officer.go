package bot

import (
	"fmt"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

func officerVerbs() []verb {
	return []verb{
		{flows.Verb{
			Name: "officer.search", Outcomes: []string{"some", "many", "none"}, Gives: []string{"petugas", "hasil", "x", "catatan", "found"}, Says: []string{"officer.result"},
			Offers: []flows.Offer{{Var: "found", Label: "officer.result_option", Max: searchShown}},
		}, officerSearch},
		{flows.Verb{
			Name: "officer.person", Outcomes: []string{"shown", "none"}, Gives: []string{"penerima", "kode", "desa", "hp", "rentang", "jumlah", "laporan", "tahap"},
			Says: []string{"officer.last_report", "officer.no_report", "worklist.no_phone"},
		}, officerPerson},
		{flows.Verb{
			Name: "officer.leave", Outcomes: []string{"ask", "district", "how"}, Gives: []string{"petugas", "masa", "kecamatan", "kecamatan2", "orang", "koordinator", "from", "to", "substitute"},
		}, officerLeave},
		{flows.Verb{Name: "officer.leave_sure", Outcomes: []string{"kept"}, Gives: []string{"petugas", "tgl"}}, officerLeaveSure},
		{flows.Verb{Name: "officer.new_number", Outcomes: []string{"changed", "bad_number", "unknown"}, Gives: []string{"penerima", "hp", "nomor"}}, officerNewNumber},
		{flows.Verb{Name: "officer.moved", Outcomes: []string{"died", "moved", "unknown"}, Gives: []string{"petugas", "penerima", "nomor"}}, officerMoved},
		{flows.Verb{Name: "number.tried", Outcomes: []string{"closed"}}, numberTried},
	}
}

// Searching: how many results a message holds, and how long a name is in it.
const (
	searchShown = 3
	searchName  = 16
	searchPlace = 10
)

// officerSearch is CARI: people of the TKSK's own kecamatan by a part of their name.
func officerSearch(t *turn, v flows.Vars) (flows.Outcome, error) {
	areas, err := t.AreasOf(t.ctx, t.who.staff.ID, t.now)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("search: %w", err)
	}
	name := str(v, "name")
	found, all, err := t.SearchPeople(t.ctx, areas, name, searchShown)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("search: %w", err)
	}
	if all == 0 {
		return outcome("none", flows.Vars{"catatan": text.Quote(name)})
	}
	kind := "some"
	if all > len(found) { // room for saying that there are more
		kind, found = "many", found[:min(len(found), searchShown-1)]
	}
	var items []text.Arg
	var options []flows.Option
	for i, p := range found {
		letter := string(rune('A' + i))
		a := text.Args{"huruf": text.Str(letter), "penerima": text.Str(bahasa.FitName(p.Name, searchName)), "kode": text.Str(p.Code), "desa": text.Str(bahasa.FitName(p.Village, searchPlace))}
		items = append(items, text.Key("officer.result", a))
		options = append(options, flows.Option{Key: letter, Value: p.Code, LabelKey: "officer.result_option", LabelArgs: labelArgs(a)})
	}
	return outcome(kind, flows.Vars{"hasil": text.ListBy(" ", items...), "x": text.Num(int64(all - len(found))), "found": options})
}

// officerPerson shows somebody whom the TKSK looks after.
func officerPerson(t *turn, v flows.Vars) (flows.Outcome, error) {
	p, name, vars, err := t.charge(v)
	if err != nil || name != "" {
		return flows.Outcome{Name: "none"}, err
	}
	phone, err := t.PhoneOf(t.ctx, p.ID)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("person: %w", err)
	}
	latest, err := t.Latest(t.ctx, p.ID, 1)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("person: %w", err)
	}
	vars["hp"], vars["desa"] = text.Str(phone.Local()), text.Str(strings.TrimSpace(p.RT+" Ds "+bahasa.FitName(p.Village, searchPlace)))
	if phone == "" {
		vars["hp"] = text.Key("worklist.no_phone", nil)
	}
	vars["laporan"] = text.Key("officer.no_report", nil)
	if len(latest) > 0 {
		vars["laporan"] = text.Key("officer.last_report", text.Args{"rentang": weekArg(latest[0].Week), "jumlah": text.Rp(latest[0].Amount)})
	}
	return outcome("shown", vars)
}

// longestLeave of a TKSK, in days: what is longer is a new appointment.
const longestLeave = 90

// officerLeave reads the days of a TKSK's leave and says who stands in; nothing is kept before the YA.
func officerLeave(t *turn, v flows.Vars) (flows.Outcome, error) {
	from, to, ok := bahasa.ReadDateRange(str(v, "said"), t.now)
	if !ok {
		if from, _, ok = bahasa.ReadDate(str(v, "said"), t.now); ok {
			to = from
		}
	}
	today := prokus.Day(t.now)
	if !ok || len(t.who.staff.Areas) == 0 || prokus.Day(to).Before(today) || to.Sub(from) > longestLeave*24*time.Hour || prokus.Day(from).Before(today.AddDate(0, 0, -1)) {
		return outcome("how", nil)
	}
	area := t.who.staff.Areas[0]
	vars := flows.Vars{"masa": text.Str(span(from, to)), "from": from.Format(time.DateOnly), "to": to.Format(time.DateOnly), "kecamatan": text.Str(t.kecamatan(area))}
	s, ok, err := t.SubstituteFor(t.ctx, t.who.staff.ID, area, from, to)
	if err != nil {
		return flows.Outcome{}, err
	}
	if ok && len(s.Areas) > 0 {
		vars["substitute"], vars["orang"], vars["kecamatan2"] = s.ID, text.Str(s.Called()), text.Str(t.kecamatan(s.Areas[0]))
		return outcome("ask", vars)
	}
	c, ok, err := t.CoordinatorFor(t.ctx, area)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("leave: %w", err)
	}
	if !ok {
		return outcome("how", nil)
	}
	vars["substitute"], vars["koordinator"] = c.ID, text.Str(c.Called())
	return outcome("district", vars)
}

// kecamatan is the name of an area; its code where it has none.
func (t *turn) kecamatan(area string) string {
	name, err := t.AreaName(t.ctx, area)
	if err != nil || name == "" {
		return area
	}
	return bahasa.FitName(name, 14)
}

func officerLeaveSure(t *turn, v flows.Vars) (flows.Outcome, error) {
	from, err := time.ParseInLocation(time.DateOnly, str(v, "from"), t.now.Location())
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("leave: %w", err)
	}
	to, err := time.ParseInLocation(time.DateOnly, str(v, "to"), t.now.Location())
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("leave: %w", err)
	}
	s, ok, err := t.StaffByID(t.ctx, integer(v, "substitute"))
	if err != nil || !ok {
		return flows.Outcome{}, fmt.Errorf("leave: substitute found %t: %w", ok, err)
	}
	by := t.by()
	by.Staff = t.who.staff
	if err := acts.StaffAway(t.ctx, t.Tx, by, s, t.kecamatan(t.who.staff.Areas[0]), from, to); err != nil {
		return flows.Outcome{}, err
	}
	holidays, err := t.Holidays(t.ctx, t.who.staff.Areas[0], to)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("leave: %w", err)
	}
	return outcome("kept", flows.Vars{"tgl": text.Date(prokus.NewCalendar(holidays).NextWorking(to.AddDate(0, 0, 1)))})
}

// officerNewNumber is N4 with the number that the TKSK found.
func officerNewNumber(t *turn, v flows.Vars) (flows.Outcome, error) {
	i, ok, err := t.item(v)
	if err != nil {
		return flows.Outcome{}, err
	}
	if !ok {
		return outcome("unknown", flows.Vars{"nomor": text.Str(fmt.Sprint(integer(v, "n")))})
	}
	number, verdict := bahasa.ReadPhone(str(v, "phone"))
	if verdict != bahasa.Value {
		return outcome("bad_number", nil)
	}
	by := t.by()
	by.Staff = t.who.staff
	if err := acts.NewNumber(t.ctx, t.Tx, by, i.Person, string(i.Phone), number, i.Case.ID); err != nil {
		return flows.Outcome{}, err
	}
	return outcome("changed", flows.Vars{"penerima": text.Name(i.Person.First()), "hp": text.Str(prokus.Phone(number).Local())})
}

// officerMoved is M4 with what became of her.
func officerMoved(t *turn, v flows.Vars) (flows.Outcome, error) {
	i, ok, err := t.item(v)
	if err != nil {
		return flows.Outcome{}, err
	}
	if !ok {
		return outcome("unknown", flows.Vars{"nomor": text.Str(fmt.Sprint(integer(v, "n")))})
	}
	by := t.by()
	by.Staff = t.who.staff
	died := str(v, "what") != "pindah"
	if err := acts.Gone(t.ctx, t.Tx, by, i.Person, i.Case.ID, died); err != nil {
		return flows.Outcome{}, err
	}
	name := "moved"
	if died {
		name = "died"
	}
	return outcome(name, flows.Vars{"penerima": text.Name(i.Person.First())})
}

// numberTried is her YA to the test message at her new number. It closes the task for which the TKSK found the number,
// whatever that was about, as was promised, and those that waited for a number.
func numberTried(t *turn, v flows.Vars) (flows.Outcome, error) {
	c, ok, err := t.CaseByID(t.ctx, integer(v, "case"))
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("number tried: %w", err)
	}
	if ok && c.Person == t.personID() && c.Status != prokus.CaseClosed {
		c.Status, c.Closed, c.Outcome = prokus.CaseClosed, t.now, "nomor baru"
		c.RemindAt, c.EscalateAt, c.Wake = time.Time{}, time.Time{}, time.Time{}
		if err := t.SaveCase(t.ctx, c, acts.CaseEvent{At: t.now, What: string(acts.Done), Note: "nomor baru"}); err != nil {
			return flows.Outcome{}, fmt.Errorf("number tried: %w", err)
		}
	}
	_, err = t.CloseCases(t.ctx, t.personID(), []prokus.Reason{prokus.DeadNumber, prokus.WrongNumber}, "nomor baru", t.now)
	return flows.Outcome{Name: "closed"}, err
}
