package scheduler

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/kabar-prokus/kabar/flows/text"
)

// quietNews is all that a number which several people share hears of money (R14).
const quietNews = "grant.changed.quietly"

// onShared turns a row that nobody asked for into what a number of several people may read: the wording with her letter
// where there is one, and of her grant no more than that there is news. What opened a question about money opens none.
func (s *Scheduler) onShared(f Facts, letter string) (Facts, error) {
	plain := strings.TrimSuffix(f.Text, "_vacant") // on a shared number nobody signs anyway
	switch {
	case f.Literal != nil || strings.HasSuffix(f.Text, "_shared"):
		return f, nil
	case s.Texts.Has(plain + "_shared"):
		f.Text = plain + "_shared"
	case strings.HasPrefix(f.Text, "grant."):
		f.Text, f.Opens, f.OpensVars = quietNews, "", nil
		return f, nil
	default:
		return f, nil
	}
	args := text.Args{}
	if len(f.Args) > 0 {
		if err := json.Unmarshal(f.Args, &args); err != nil {
			return f, fmt.Errorf("arguments: %w", err)
		}
	}
	args["huruf"] = text.Str(letter)
	var err error
	f.Args, err = json.Marshal(args)
	return f, err
}
