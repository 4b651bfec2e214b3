package scheduler

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// How long what is kept (R27, faults.md S8, A2).
const (
	// KeepWords is how long what people wrote and what we said is kept in words.
	KeepWords = prokus.KeepWords
	// KeepKeys is how long a message is kept without its words: by its key a repeat is known, by its row the costs of the year.
	KeepKeys = 400 * 24 * time.Hour
	// eraseAhead is how long before the moment that she was promised her data go: never after it.
	eraseAhead = time.Hour
)

const (
	tidyEvery   = 5 * time.Minute
	tidyBatch   = 5000
	tidyRounds  = 100 // of a batch for each kind: what is left waits for the next time
	eraseAtOnce = 20
)

// Retention takes away what need not be kept. Each call is one short transaction under the lock of its kind, handles the oldest
// rows that are due and finds them by their index; n tells how many, and fewer than limit that nothing more is due. A kind that
// another replica is at has nothing due.
type Retention interface {
	// Redact takes the words out of what is older than a moment.
	Redact(ctx context.Context, what Words, before time.Time, limit int) (n int, err error)
	// Purge deletes what has served its time.
	Purge(ctx context.Context, what Remains, before time.Time, limit int) (n int, err error)
	// Erase takes everything personal away of people whose wish to be forgotten is due by a moment.
	Erase(ctx context.Context, by, now time.Time, limit int) (n int, err error)
}

// Words is a kind of content: its rows stay, as sums and keys.
type Words string

// Content that is taken out after KeepWords.
const (
	WordsIn      Words = "inbox"         // what arrived
	WordsOut     Words = "outbox"        // what was said
	WordsReports Words = "report_change" // how a figure was written
	WordsCases   Words = "cases"         // notes of cases, from the day on which they were closed
)

// Remains is a kind of row that is deleted as a whole.
type Remains string

// Rows that are deleted, in this order: what refers to a row goes before it.
const (
	OldEvents   Remains = "outbox_event"
	OldOut      Remains = "outbox"
	OldIn       Remains = "inbox"
	OldSkips    Remains = "slot_skipped"
	OldLinks    Remains = "link"
	OldTries    Remains = "link_try"
	OldNotices  Remains = "link_notice"
	OldLogins   Remains = "login"
	OldScreens  Remains = "ussd_session"
	OldWorklist Remains = "worklist"
)

// terms say how long each kind of row is kept after it was last of use.
var terms = []struct {
	what Remains
	keep time.Duration
}{
	{OldEvents, KeepKeys}, {OldOut, KeepKeys}, {OldIn, KeepKeys}, {OldSkips, KeepKeys},
	{OldLinks, 7 * 24 * time.Hour},
	{OldTries, 7 * 24 * time.Hour},    // locks last a day
	{OldNotices, 30 * 24 * time.Hour}, // BUKAN works for seven days
	{OldLogins, 2 * 24 * time.Hour},   // a session ends after half a day
	{OldScreens, 2 * 24 * time.Hour},  // a dropped session resumes for ten minutes
	{OldWorklist, KeepWords},
}

// Tidy takes away what need not be kept any longer: words, then rows, and all of people who asked to be forgotten. It does a
// bounded amount of work; an error of one kind does not stop the others.
func (s *Scheduler) Tidy(ctx context.Context, now time.Time) error {
	var errs []error
	rounds := func(what string, limit int, step func() (int, error)) {
		for range tidyRounds {
			n, err := step()
			if err != nil {
				errs = append(errs, fmt.Errorf("tidy %s: %w", what, err))
				return
			}
			if n < limit {
				return
			}
		}
	}
	rounds("erasures", eraseAtOnce, func() (int, error) { return s.Store.Erase(ctx, now.Add(eraseAhead), now, eraseAtOnce) })
	for _, w := range []Words{WordsIn, WordsOut, WordsReports, WordsCases} {
		rounds(string(w), tidyBatch, func() (int, error) { return s.Store.Redact(ctx, w, now.Add(-KeepWords), tidyBatch) })
	}
	for _, t := range terms {
		rounds(string(t.what), tidyBatch, func() (int, error) { return s.Store.Purge(ctx, t.what, now.Add(-t.keep), tidyBatch) })
	}
	return errors.Join(errs...)
}

// TidyArgs is the job that tidies. Jobs that are done are taken away by River itself, after a day.
type TidyArgs struct{}

// Kind names the job for River.
func (TidyArgs) Kind() string { return "tidy" }

// InsertOpts: the last lane, and like a tick.
func (TidyArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 1, Priority: 4} }

type tidyWorker struct {
	river.WorkerDefaults[TidyArgs]
	s *Scheduler
}

// Timeout leaves room for a big day.
func (w *tidyWorker) Timeout(*river.Job[TidyArgs]) time.Duration { return sweepTimeout }

func (w *tidyWorker) Work(ctx context.Context, _ *river.Job[TidyArgs]) error {
	return w.s.Tidy(ctx, w.s.Clock.Now())
}
