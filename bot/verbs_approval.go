package bot

import (
	"fmt"
	"strings"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/bahasa"
)

// A broadcast that waits, in the chat of whoever may approve it (J9-TG-01). Approving itself is done in the console only.
func approvalVerbs() []verb {
	return []verb{
		{flows.Verb{Name: "approval.read", Outcomes: []string{"shown", "gone"}, Gives: []string{"n", "x", "isisiaran", linksVar}, Says: []string{"button.approve"}}, approvalRead},
		{flows.Verb{Name: "approval.may", Outcomes: []string{"ask", "gone"}}, approvalMay},
		{flows.Verb{Name: "approval.refuse", Outcomes: []string{"refused", "gone", "ask"}}, approvalRefuse},
	}
}

// longestRefusal is how much of a reason is kept, as in the console.
const longestRefusal = 300

func approvalRead(t *turn, v flows.Vars) (flows.Outcome, error) {
	id := integer(v, "broadcast")
	said, ok, err := t.TextsToApprove(t.ctx, *t.who.staff, id)
	if err != nil || !ok {
		return flows.Outcome{Name: "gone"}, err
	}
	most := 1
	var words []text.Arg
	for _, s := range said {
		parts, _, _ := bahasa.Segments(s)
		most = max(most, parts)
		words = append(words, text.Str(s))
	}
	vars := flows.Vars{"n": text.Num(int64(len(said))), "x": text.Num(int64(most)), "isisiaran": text.ListBy("\n\n", words...)}
	if t.PublicURL != "" {
		vars[linksVar] = []buttonLink{{"button.approve", fmt.Sprintf("%s/siaran/%d", t.PublicURL, id)}}
	}
	return outcome("shown", vars)
}

func approvalMay(t *turn, v flows.Vars) (flows.Outcome, error) {
	_, ok, err := t.TextsToApprove(t.ctx, *t.who.staff, integer(v, "broadcast"))
	if err != nil || !ok {
		return flows.Outcome{Name: "gone"}, err
	}
	return outcome("ask", nil)
}

func approvalRefuse(t *turn, v flows.Vars) (flows.Outcome, error) {
	reason := []rune(strings.TrimSpace(str(v, "text")))
	if len(reason) == 0 {
		return outcome("ask", nil)
	}
	ok, err := t.RefuseBroadcast(t.ctx, *t.who.staff, integer(v, "broadcast"), string(reason[:min(len(reason), longestRefusal)]), t.now)
	if err != nil || !ok {
		return flows.Outcome{Name: "gone"}, err
	}
	return outcome("refused", nil)
}
