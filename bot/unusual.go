package bot

import (
	"fmt"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// unusual names the question for a figure that is not like her (R10).
func (t *turn) unusual(w prokus.Week, a bahasa.Amount, given flows.Vars) (string, error) {
	past, _, err := t.PastOf(t.ctx, t.personID(), w, 4)
	if err != nil {
		return "", fmt.Errorf("unusual: %w", err)
	}
	rules, err := t.Rules(t.ctx, t.person().Area, t.now)
	if err != nil {
		return "", fmt.Errorf("unusual: %w", err)
	}
	if !rules.Unusual(a.Rupiah, past) && !a.Low {
		return "", nil
	}
	if a.Rupiah == prokus.UsualGrant {
		return "unusual_grant", nil
	}
	m, ok := past.Median4()
	switch {
	case !rules.Unusual(a.Rupiah, past): // only the spelling was doubtful: accept and echo
		return "", nil
	case ok && a.Rupiah > m:
		given["kali"] = text.Num((a.Rupiah + m/2) / m)
		return "unusual_times", nil
	case ok || a.Rupiah < rules.AskBelow:
		return "unusual_low", nil
	}
	return "unusual_high", nil
}
