package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/channels/sim"
	"github.com/kabar-prokus/kabar/internal/config"
	"github.com/kabar-prokus/kabar/internal/demo"
	"github.com/kabar-prokus/kabar/internal/fake"
	"github.com/kabar-prokus/kabar/internal/postgres"
	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

type demoCmd struct {
	dataFlag
	Addr    string    `help:"Where the pages answer; else KABAR_ADDR, else 127.0.0.1:8080."`
	Empty   bool      `help:"No invented people."`
	Clock   time.Time `help:"The programme's clock starts here (RFC 3339)." format:"2006-01-02T15:04:05Z07:00"`
	Doubles bool      `help:"Start local doubles of the providers and point the channels at them."`

	desk *fake.Desk
}

// demoSecret is the USSD path of the demo (interfaces: "in demo the secret is demo").
const demoSecret = "demo"

// Run starts everything in one process.
func (d *demoCmd) Run(o *outside) error {
	if o.getenv("KABAR_LOG") == "" {
		o.log = logger(o.err, slog.LevelError)
	}
	cfg, err := config.Load(o.getenv)
	if err != nil {
		return fmt.Errorf("configuration:\n%w", err)
	}
	d.Addr = cmp.Or(d.Addr, cfg.Addr)
	cfg.Addr = d.Addr
	if cfg.USSD.Secret == "" {
		cfg.USSD.Secret = demoSecret
	}
	// Whoever asks for a port that is taken hears it at once, before the database is touched.
	if l, err := net.Listen("tcp", d.Addr); err != nil {
		if errors.Is(err, syscall.EADDRINUSE) {
			return fmt.Errorf("%s is taken: stop what listens there, or choose another with --addr", d.Addr)
		}
		return fmt.Errorf("cannot listen at %s, give an address such as 127.0.0.1:8080: %w", d.Addr, err)
	} else if err := l.Close(); err != nil {
		return err
	}
	held, err := holdData(o.ctx, d.Data)
	if err != nil {
		return err
	}
	defer func() {
		_ = noteAddress(held, "") // whoever comes next finds nobody there, and is told so
		held.Close()
	}()
	if d.Doubles {
		desk, stop, err := startDoubles(o, &cfg)
		if err != nil {
			return err
		}
		defer stop()
		d.desk = desk
	}
	if cfg.DatabaseURL != "" { // a demo has its database to itself
		if err := postgres.Migrate(o.ctx, cfg.DatabaseURL); err != nil {
			return fmt.Errorf("database: %w", err)
		}
	}
	db, err := openDatabase(o.ctx, o, d.Data, poolSize)
	if err != nil {
		return err
	}
	defer db.close()
	secret, err := demoKey(cfg.Secret, filepath.Join(d.Data, secretKeyFile))
	if err != nil {
		return err
	}
	db.Seal(secret)
	if err := db.LoadReference(o.ctx); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	if err := d.setClock(o, db); err != nil {
		return err
	}
	p, err := d.program(o, cfg, db)
	if err != nil {
		return err
	}
	// Made in an empty demo too: lists that are imported beside it need it.
	key, err := demoKey(cfg.NIKKey, filepath.Join(d.Data, nikKeyFile))
	if err != nil {
		return err
	}
	if !d.Empty {
		if err := demo.Build(o.ctx, db, p.clock.Now(), key, p.telegram == nil); err != nil {
			return fmt.Errorf("demo people: %w", err)
		}
	}
	return p.run(o.ctx, func(addr string) {
		if err := noteAddress(held, reachable(addr)); err != nil {
			p.log.Error("note the address", "error", err)
		}
		d.tell(p, reachable(addr))
	})
}

// program wires the demo: everything that production has, and the simulator.
func (d *demoCmd) program(o *outside, cfg config.Config, db *database) (*program, error) {
	var phones *sim.Sim
	p, err := assemble(o.ctx, o, cfg, db, true, func(p *program) (senders []channels.Sender, err error) {
		phones, err = sim.New(sim.Config{
			Handler: p.metrics.turns(p.bot), Store: db.Sim(), Clock: p.clock, Mover: mover{p}, Settler: settler{p}, Log: o.log,
			IsBackwards: func(err error) bool { return errors.Is(err, scheduler.ErrBackwards) },
			USSDPath:    "/channels/ussd/" + cfg.USSD.Secret, USSDCode: cfg.USSD.Code, RealTelegram: p.telegram != nil,
		})
		if err != nil {
			return nil, err
		}
		senders = append(senders, p.metrics.sends(p.journaled(phones.SMS())))
		if p.telegram == nil { // the chat of the simulator stands in
			senders = append(senders, p.metrics.sends(p.journaled(phones.Chat())))
		}
		return senders, nil
	})
	if err != nil {
		return nil, err
	}
	p.mux.Handle("/sim", phones.Routes())
	p.mux.Handle("/sim/", phones.Routes())
	if d.desk != nil {
		d.desk.Public = p.publicURL()
		p.mux.Handle("/doubles", d.desk.Routes())
		p.mux.Handle("/doubles/", d.desk.Routes())
	}
	return p, nil
}

// mover and settler hand the simulator's wishes to the scheduler, which is made after it.
type mover struct{ p *program }

func (m mover) Advance(ctx context.Context, to time.Time) (int, error) {
	return m.p.sched.Advance(ctx, to)
}

type settler struct{ p *program }

func (s settler) Settle(ctx context.Context, inbox int64) error { return s.p.sched.Settle(ctx, inbox) }

// setClock starts the programme's clock where --clock says. A demo that ran before goes on from its own time, unless the
// flag names a later one.
func (d *demoCmd) setClock(o *outside, db *database) error {
	if d.Clock.IsZero() {
		return nil
	}
	started, err := db.StartClock(o.ctx, d.Clock)
	if err != nil {
		return fmt.Errorf("clock: %w", err)
	}
	if started {
		return nil
	}
	c, err := db.clock(o.ctx, o)
	if err != nil {
		return err
	}
	if err := c.Set(o.ctx, d.Clock); err != nil && !errors.Is(err, scheduler.ErrBackwards) {
		return fmt.Errorf("clock: %w", err)
	} else if err != nil {
		fmt.Fprintf(o.err, "The clock of %s is past that already: it goes on from %s.\n", d.Data, c.Now().In(prokus.Zone("")).Format("2 Jan 2006 15.04"))
	}
	return nil
}

// tell is what a newcomer reads when everything runs.
func (d *demoCmd) tell(p *program, addr string) {
	base := "http://" + addr
	fmt.Fprintf(p.out, "\nKABAR is running. The programme's clock: %s\n\n", p.clock.Now().In(prokus.Zone("")).Format("Mon 2 Jan 2006 15:04 MST"))
	fmt.Fprintf(p.out, "  Phones (simulator)   %s/sim\n", base)
	fmt.Fprintf(p.out, "  Console              %s/\n", base)
	staff, err := p.db.Console().DemoStaff(p.ctx)
	if err != nil {
		p.log.Error("log-in links", "error", err)
	}
	for _, s := range staff {
		token, err := p.db.Console().NewLoginLink(p.ctx, s.ID, p.now())
		if err != nil {
			p.log.Error("log-in link", "error", err)
			continue
		}
		fmt.Fprintf(p.out, "    log in as %-22s %s/masuk/%s\n", s.Called()+" ("+string(s.Role)+")", base, token)
	}
	fmt.Fprintf(p.out, "  USSD                 POST %s/channels/ussd/%s\n", base, p.cfg.USSD.Secret)
	p.tellChannels()
	if d.desk != nil {
		fmt.Fprintf(p.out, "  Doubles              %s/doubles (%s)\n", base, strings.Join(d.desk.Providers(), ", "))
		fmt.Fprintf(p.out, "    write through one  curl -d '{\"from\":\"+6281234567417\",\"text\":\"halo\"}' %s/doubles/api/%s\n", base, d.desk.Providers()[0])
	}
	fmt.Fprintf(p.out, "  Data                 %s\n\nStop with Ctrl-C.\n", mustAbs(d.Data))
}

func mustAbs(dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		return abs
	}
	return dir
}
