package bot

import (
	"fmt"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/acts"
)

func disputeVerbs() []verb {
	return []verb{
		{flows.Verb{
			Name: "correct.wrong", Outcomes: []string{"reverted", "taken_back", "not_disputed"}, Gives: []string{"rentang", "jumlah", "tgl", "no"},
		}, correctWrong},
	}
}

// correctWrong is SALAH alone: it disputes what an officer changed in the last seven days, else it means UBAH
// (decisions.md, J4-SMS-04).
func correctWrong(t *turn, v flows.Vars) (flows.Outcome, error) {
	if _, ok := amountOf(v, "amount"); ok { // "salah bu harusnya 570rb"
		return outcome("not_disputed", nil)
	}
	c, o, ok, err := acts.Dispute(t.ctx, t.Tx, t.by(), t.person())
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("wrong: %w", err)
	}
	if !ok {
		return outcome("not_disputed", nil)
	}
	vars := promise(o, t.now.Location())
	vars["rentang"] = weekArg(c.Week)
	if c.Old == nil {
		return outcome("taken_back", vars)
	}
	vars["jumlah"] = text.Rp(*c.Old)
	return outcome("reverted", vars)
}
