package bot

import (
	"fmt"
	"regexp"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// progressVerbs are how far she is: what she hears of it, and what her TKSK notes. She hears what is done and what comes
// next, never a figure: the score is for those who help her.
func progressVerbs() []verb {
	return []verb{
		{flows.Verb{
			Name: "progress.tell", Outcomes: []string{"told"}, Gives: []string{"sudah", "berikut"},
			Says: []string{"progress.done.*", "progress.next.*"},
		}, progressTell},
		{flows.Verb{
			Name: "officer.observe", Outcomes: []string{"noted", "taken_back", "known", "how", "wrong_code", "not_yours"},
			Gives: []string{"petugas", "penerima", "orang", "kode", "koordinator", "amatan", "kata"}, Says: []string{"progress.seen.*"},
		}, officerObserve},
	}
}

// closedWeek is the newest week whose reports are all late from now on (R06).
func (t *turn) closedWeek() prokus.Week {
	w := prokus.WeekOf(t.now) - 1
	if t.now.Before(w.Closes(t.now.Location())) {
		w--
	}
	return w
}

// progressTell says which parts are done, and the first that is not.
func progressTell(t *turn, _ flows.Vars) (flows.Outcome, error) {
	deeds, err := t.Deeds(t.ctx, []int64{t.personID()}, t.closedWeek())
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("progress: %w", err)
	}
	var done []text.Arg
	next := "progress.next.all"
	for _, p := range deeds[t.personID()].Score().Parts {
		switch {
		case p.Done():
			done = append(done, text.Key("progress.done."+p.Code, nil))
		case next == "progress.next.all":
			next = "progress.next." + p.Code
		}
	}
	if len(done) == 0 {
		done = append(done, text.Key("progress.done.joined", nil))
	}
	return outcome("told", flows.Vars{"sudah": text.List(done...), "berikut": text.Key(next, nil)})
}

// observed is what a TKSK notes about a business: AMATI 482919 BUKU, or TABUNGAN, and BATAL behind it.
var observed = regexp.MustCompile(`^amati[ ,.:]*([0-9]{6,9})?[ ,.:]*(buku|pembukuan|catatan|tabung|tabungan|nabung|izin|ijin|nib)?(?:[ ,.:]+(batal|tidak|belum|hapus))?$`)

// observation reads the words of AMATI.
func observation(norm string) (flows.Vars, bool) {
	m := observed.FindStringSubmatch(norm)
	if m == nil {
		return nil, false
	}
	v := flows.Vars{"code": m[1], "seen": "yes"}
	switch m[2] {
	case "":
	case "buku", "pembukuan", "catatan":
		v["what"] = prokus.SeenBook
	default:
		v["what"] = prokus.SeenSaving
	}
	if m[3] != "" {
		v["seen"] = "no"
	}
	return v, true
}

// officerObserve keeps what the TKSK saw of somebody's business; she is told.
func officerObserve(t *turn, v flows.Vars) (flows.Outcome, error) {
	what, seen := str(v, "what"), str(v, "seen") == "yes"
	if what == "" || str(v, "code") == "" {
		return outcome("how", flows.Vars{})
	}
	p, name, vars, err := t.charge(v)
	if name != "" || err != nil {
		return flows.Outcome{Name: name, Vars: vars}, err
	}
	vars["amatan"], vars["kata"] = text.Key("progress.seen."+what, nil), text.Str(map[string]string{prokus.SeenBook: "BUKU", prokus.SeenSaving: "TABUNGAN"}[what])
	changed, err := acts.Observe(t.ctx, t.Tx, t.by(), p, what, seen)
	switch {
	case err != nil:
		return flows.Outcome{}, err
	case !changed:
		return outcome("known", vars)
	case !seen:
		return outcome("taken_back", vars)
	}
	return outcome("noted", vars)
}
