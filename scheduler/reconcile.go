package scheduler

import (
	"context"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

// doubts is how many sends in doubt one sweep looks at.
const doubts = 200

// reconcile ends sends in doubt: after a crash or an ambiguous answer nobody knows whether a message left. Where the
// provider can be asked, it is asked; else the class of the message decides (decisions.md, Sending).
func (s *Scheduler) reconcile(ctx context.Context, now time.Time) error {
	rows, err := s.Store.Doubtful(ctx, now, doubts)
	if err != nil {
		return fmt.Errorf("reconcile: %w", err)
	}
	for _, d := range rows {
		if err := s.settleDoubt(ctx, d, now); err != nil {
			return fmt.Errorf("reconcile: %w", err)
		}
	}
	return nil
}

func (s *Scheduler) settleDoubt(ctx context.Context, d Doubt, now time.Time) error {
	if finder, ok := s.senders[d.Channel].(channels.Finder); ok {
		call, cancel := context.WithTimeout(ctx, sendTime)
		sent, found, err := s.find(call, finder, d.Out)
		cancel()
		switch {
		case err != nil:
			// Not to be asked at the moment: ask again with the next sweep, for as long as it is worth it.
			s.Log.Warn("a provider cannot be asked about a message", "id", d.ID, "channel", d.Channel)
			if now.Sub(d.Out.At) < doubtPatience {
				return nil
			}
		case found:
			return s.Store.MarkSent(ctx, d.ID, sent, s.opening(d.Opens), now)
		default:
			return s.Store.Settled(ctx, d, d.Attempt < temporaryTries, false, now)
		}
	}
	again, flagged := d.Kind.RepeatAmbiguous()
	if flagged && d.Flagged || d.Attempt >= repliesInDoubt {
		again = false // it was repeated already
	}
	return s.Store.Settled(ctx, d, again, flagged, now)
}

// repliesInDoubt is how often an answer may be sent without anybody knowing whether it arrived: she may have each of them.
const repliesInDoubt = 3

// doubtPatience is how long a provider that does not answer is asked.
const doubtPatience = 30 * time.Minute
