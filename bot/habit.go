package bot

import (
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// habitAfter is how often she must have said YA to thousands before a bare figure is read so without asking.
const habitAfter = 2

// bare says whether a reading is a bare figure whose likely meaning is thousands: "500" for Rp500.000.
func bare(a bahasa.Amount) bool {
	return a.Verdict == bahasa.Ask && a.Kind == bahasa.KindSmall && len(a.Candidates) == 2 && a.Candidates[0] == 1000*a.Candidates[1] &&
		a.Candidates[0] <= prokus.MaxReport
}

// habit reads a bare figure as she has confirmed it before. It stays a figure like any other: what is not like her is still
// asked back (R10), and the receipt says how to change it.
func (t *turn) habit(a bahasa.Amount) (read bahasa.Amount, learned bool, err error) {
	if !bare(a) {
		return a, false, nil
	}
	n, err := t.Thousands(t.ctx, t.personID())
	if err != nil || n < habitAfter {
		return a, false, err
	}
	return bahasa.Amount{Verdict: bahasa.Value, Kind: bahasa.KindPlain, Rupiah: a.Candidates[0]}, true, nil
}
