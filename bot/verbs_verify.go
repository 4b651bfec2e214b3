package bot

import (
	"fmt"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// The rules for a number that was silent for sixty days: its holder says who she is, or that she is somebody else.
func verifyVerbs() []verb {
	return []verb{
		{flows.Verb{Name: "verify.begin", Outcomes: []string{"ask", "locked"}, Gives: []string{"pending"}}, verifyBegin},
		{flows.Verb{Name: "verify.check", Outcomes: []string{"read_on", "done", "several", "again", "locked"}, Knows: true, Gives: []string{"pending"}}, verifyCheck},
		{flows.Verb{Name: "verify.stop", Outcomes: []string{"stopped"}}, verifyStop},
		{flows.Verb{Name: "verify.wrong", Outcomes: []string{"released"}}, verifyWrong},
	}
}

// verifySecret names the year of birth of a number's holder among the secrets that are tried.
const verifySecret = "nomor"

// verifyBegin keeps what she wrote until we know that it is her.
func verifyBegin(t *turn, _ flows.Vars) (flows.Outcome, error) {
	n, err := t.Tries(t.ctx, t.in.From, verifySecret, t.now)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("verify: %w", err)
	}
	if n.locked() {
		return outcome("locked", nil)
	}
	return outcome("ask", flows.Vars{"pending": t.text})
}

// verifyCheck takes the year of birth, or the code, of anybody who answers on the number. What she wrote before is read now.
func verifyCheck(t *turn, v flows.Vars) (flows.Outcome, error) {
	people := t.who.doubted
	year := integer(v, "year")
	if code := str(v, "code"); code != "" {
		year = 0
		for _, p := range people {
			if p.Code == code {
				people, year = []prokus.Person{p}, int64(p.BirthYear)
				if year == 0 { // nobody has told us her year: the code alone is all that she can know
					return t.trusted(v)
				}
			}
		}
	}
	_, verdict, err := t.prove(verifySecret, people, year)
	if err != nil {
		return flows.Outcome{}, err
	}
	if verdict == locked {
		for _, p := range t.who.doubted {
			if _, err := acts.OpenCase(t.ctx, t.Tx, t.by(), p, prokus.WrongNumber, prokus.CaseDetail{}, prokus.Phone(t.in.From).Tail()); err != nil {
				return flows.Outcome{}, err
			}
		}
	}
	if verdict != proven {
		return outcome(verdict, nil)
	}
	return t.trusted(v)
}

// trusted ends the doubt; she is who she was.
func (t *turn) trusted(v flows.Vars) (flows.Outcome, error) {
	if err := t.TrustNumber(t.ctx, t.in.From); err != nil {
		return flows.Outcome{}, fmt.Errorf("verify: %w", err)
	}
	pending := str(v, "pending")
	t.in.Text = pending // its letter, on a shared number, is read with it
	if err := t.findWho(); err != nil {
		return flows.Outcome{}, err
	}
	t.aside = false
	if t.who.person != nil {
		if err := t.Seen(t.ctx, t.who.person.ID, t.now); err != nil {
			return flows.Outcome{}, fmt.Errorf("verify: %w", err)
		}
	}
	switch {
	case pending != "":
		t.resume = t.text
		return outcome("read_on", flows.Vars{"pending": nil})
	case t.who.person == nil:
		return outcome("several", nil)
	}
	return outcome("done", nil)
}

// verifyStop: whoever has the number now wants no messages, and is told nothing about anybody.
func verifyStop(t *turn, _ flows.Vars) (flows.Outcome, error) {
	for _, p := range t.who.doubted {
		if err := acts.Stop(t.ctx, t.Tx, t.by(), p); err != nil {
			return flows.Outcome{}, err
		}
	}
	return outcome("stopped", nil)
}

// verifyWrong: the number is somebody else's. It is let go at once, and the TKSK looks for the new one (faults.md H1).
func verifyWrong(t *turn, _ flows.Vars) (flows.Outcome, error) {
	for _, p := range t.who.doubted {
		if err := acts.WrongNumber(t.ctx, t.Tx, t.by(), p, t.in.From); err != nil {
			return flows.Outcome{}, err
		}
	}
	return outcome("released", nil)
}
