package scheduler

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/robfig/cron/v3"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// River's settings for the figures of faults.md R8: jobs of a killed replica run elsewhere within 90 seconds.
const (
	JobTimeout    = 30 * time.Second
	RescueAfter   = 40 * time.Second
	FetchCooldown = 10 * time.Millisecond
	FetchPoll     = time.Second
	MaxWorkers    = 50
	sweepTimeout  = 10 * time.Minute
)

// TickArgs is the minute's tick.
type TickArgs struct{}

// Kind names the job for River.
func (TickArgs) Kind() string { return "tick" }

// InsertOpts: a tick that was missed costs nothing, so it is never tried again.
func (TickArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 1} }

// MendArgs is the short tick that mends what a killed replica left.
type MendArgs struct{}

// Kind names the job for River.
func (MendArgs) Kind() string { return "mend" }

// InsertOpts: like a tick.
func (MendArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 1} }

// mendEvery keeps a send in doubt, which is left alone for a minute, within the ninety seconds.
const mendEvery = 5 * time.Second

// RiverConfig is the configuration of the client that works: main adds nothing but a logger.
func (s *Scheduler) RiverConfig() *river.Config {
	return &river.Config{
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: MaxWorkers}},
		Workers:              s.Workers(),
		PeriodicJobs:         s.PeriodicJobs(),
		JobTimeout:           JobTimeout,
		RescueStuckJobsAfter: RescueAfter,
		FetchCooldown:        FetchCooldown,
		FetchPollInterval:    FetchPoll,
		MaxAttempts:          5,
		Logger:               s.Log,
	}
}

// Workers are those of delivery, of the ticks and of tidying.
func (s *Scheduler) Workers() *river.Workers {
	w := river.NewWorkers()
	river.AddWorker(w, &deliverWorker{s: s})
	river.AddWorker(w, &tickWorker{s: s})
	river.AddWorker(w, &mendWorker{s: s})
	river.AddWorker(w, &tidyWorker{s: s})
	return w
}

// PeriodicJobs are the minute's tick, the short one and the one that tidies. River's leader inserts them; what they do is kept by our own tables.
func (s *Scheduler) PeriodicJobs() []*river.PeriodicJob {
	minute, err := cron.ParseStandard("* * * * *")
	if err != nil {
		panic(err) // a constant
	}
	tick := func() (river.JobArgs, *river.InsertOpts) { return TickArgs{}, nil }
	mend := func() (river.JobArgs, *river.InsertOpts) { return MendArgs{}, nil }
	tidy := func() (river.JobArgs, *river.InsertOpts) { return TidyArgs{}, nil }
	return []*river.PeriodicJob{
		river.NewPeriodicJob(minute, tick, &river.PeriodicJobOpts{RunOnStart: true}),
		river.NewPeriodicJob(river.PeriodicInterval(mendEvery), mend, nil),
		river.NewPeriodicJob(river.PeriodicInterval(tidyEvery), tidy, nil),
	}
}

type deliverWorker struct {
	river.WorkerDefaults[prokus.DeliverArgs]
	s *Scheduler
}

func (w *deliverWorker) Work(ctx context.Context, job *river.Job[prokus.DeliverArgs]) error {
	return w.s.Deliver(ctx, job.Args.IDs)
}

type tickWorker struct {
	river.WorkerDefaults[TickArgs]
	s *Scheduler
}

// Timeout leaves room for a big sweep.
func (w *tickWorker) Timeout(*river.Job[TickArgs]) time.Duration { return sweepTimeout }

func (w *tickWorker) Work(ctx context.Context, _ *river.Job[TickArgs]) error {
	if err := w.s.Clock.Sync(ctx); err != nil {
		return fmt.Errorf("tick: %w", err)
	}
	return w.s.Sweep(ctx, w.s.Clock.Now())
}

type mendWorker struct {
	river.WorkerDefaults[MendArgs]
	s *Scheduler
}

func (w *mendWorker) Work(ctx context.Context, _ *river.Job[MendArgs]) error {
	now := w.s.Clock.Now()
	if err := w.s.reconcile(ctx, now); err != nil {
		return err
	}
	return w.s.makeJobs(ctx, now)
}
