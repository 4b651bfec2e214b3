package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"github.com/kabar-prokus/kabar/bot"
	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/internal/config"
	"github.com/kabar-prokus/kabar/internal/embedded"
	"github.com/kabar-prokus/kabar/internal/postgres"
	"github.com/kabar-prokus/kabar/internal/roster"
	"github.com/kabar-prokus/kabar/scheduler"
)

type checkCmd struct{ dataFlag }

// faults counts what is wrong, and tells each as it is found.
type faults struct {
	*outside
	n int
}

func (f *faults) add(format string, args ...any) {
	f.n++
	fmt.Fprintf(f.out, format+"\n", args...)
}

// Run tells every fault at once: flows and texts, the configuration, the database, and the channels.
func (c *checkCmd) Run(o *outside) error {
	found := &faults{outside: o}
	book, texts, err := content()
	if err != nil {
		found.add("%v", err)
	} else {
		for _, f := range flows.Check(book, bot.Verbs(), texts, opens()) {
			found.add("%s:%d: %s", f.File, f.Line, f.Problem)
		}
	}
	cfg, err := config.Load(o.getenv)
	if err != nil {
		found.add("configuration: %v", err)
	}
	c.database(found, cfg)
	if texts != nil {
		p := &program{outside: o, cfg: cfg, demo: true, texts: texts, metrics: newMetrics(), mux: http.NewServeMux()}
		p.check(found)
	}
	fmt.Fprint(o.out, cfg.Print())
	if found.n > 0 {
		fmt.Fprintf(o.out, "%d faults\n", found.n)
		return exit(1)
	}
	fmt.Fprintln(o.out, "no faults")
	return nil
}

// check tries what `serve` would make of the configuration: channels, their terms, and how the operator is alarmed.
func (p *program) check(found *faults) {
	var err error
	if p.roads, err = config.LoadRoads(p.cfg.RoadsFile); err != nil {
		found.add("channels: %v", err)
	}
	if _, err := p.channels(); err != nil {
		found.add("channels: %v", err)
	} else if _, err := p.terms(); err != nil {
		found.add("channels: %v", err)
	}
	if _, err := p.teller(); err != nil {
		found.add("alarms: %v", err)
	}
}

// database looks at the schema of DATABASE_URL, or of the data directory where there is one; a demo brings its own up when it
// starts, so an old one there is no fault.
func (c *checkCmd) database(found *faults, cfg config.Config) {
	url := cfg.DatabaseURL
	if url == "" {
		if _, err := os.Stat(filepath.Join(c.Data, embedded.LockFile)); err != nil {
			return
		}
		server, err := startEmbedded(found.ctx, found.outside, c.Data)
		if err != nil {
			found.add("%v", err)
			return
		}
		defer server.Close()
		url = server.URL(embedded.Database)
	}
	switch have, want, err := postgres.Pending(found.ctx, url); {
	case err != nil:
		found.add("database: %v", err)
	case have > want:
		found.add("database: schema version %d, this program knows %d only: use the newer program", have, want)
	case have < want && cfg.DatabaseURL != "":
		found.add("database: schema version %d, this program needs %d: run `kabar migrate`", have, want)
	}
}

// opens are all texts that are said outside the flows, by room.
func opens() []flows.Open {
	all := append(bot.Opens(), flows.Open{By: "the menus of chat apps", Says: "command.*"})
	all = append(all, schedulerOpens()...)
	return append(all, rosterOpens()...)
}

func schedulerOpens() (out []flows.Open) {
	for _, s := range scheduler.Speaks() {
		out = append(out, flows.Open{By: "the scheduler", Ref: s.Opens, Says: s.Text, Gives: s.Gives})
	}
	return out
}

func rosterOpens() (out []flows.Open) {
	for _, s := range roster.Says() {
		out = append(out, flows.Open{By: "an import", Ref: s.Opens, Says: s.Text, Gives: s.Gives})
	}
	return out
}
