package acts

import (
	"context"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// AskLater asks her for a week's figure once more, at the time that she was promised; a second "nanti" of the day moves
// nothing. The door cancels it when she has reported meanwhile.
func AskLater(ctx context.Context, s Store, by By, p prokus.Person, w prokus.Week, at time.Time) error {
	a := person(p).with(args{"rentang": week(w)})
	_, err := s.Enqueue(ctx, by.Now, prokus.Message{
		Key: fmt.Sprintf("later:%d:%s", p.ID, at.Format(time.DateOnly)), Person: p.ID, Kind: prokus.KindReminder, Lang: p.Lang, Text: "report.later",
		Args: a.json(), Opens: "report#ask", OpensVars: args{"week": w.String()}.json(), NotBefore: at, NotAfter: at.Add(12 * time.Hour),
	})
	if err != nil {
		return fmt.Errorf("ask later: %w", err)
	}
	return nil
}
