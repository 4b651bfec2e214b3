package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/kabar-prokus/kabar/bot"
	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/channels/gateway"
	"github.com/kabar-prokus/kabar/channels/smpp"
	"github.com/kabar-prokus/kabar/channels/smsgate"
	"github.com/kabar-prokus/kabar/channels/telegram"
	"github.com/kabar-prokus/kabar/channels/twilio"
	"github.com/kabar-prokus/kabar/channels/ussd"
	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/chart"
	"github.com/kabar-prokus/kabar/internal/config"
	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/scheduler"
)

// program is everything put together.
type program struct {
	*outside
	cfg   config.Config
	roads config.Roads
	demo  bool
	db    *database
	clock *scheduler.Clock
	book  *flows.Book
	texts *text.Catalogue
	bot   *bot.Bot
	sched *scheduler.Scheduler
	jobs  *river.Client[pgx.Tx]

	twilio   *twilio.Adapter
	whatsApp map[string]scheduler.Approved // templates, by text key and language
	// templates are those of the configuration, approvals what WhatsApp said of each, by SID, once it is known.
	templates []twilio.Template
	approvals atomic.Pointer[map[string]string]
	telegram  *telegram.Adapter
	ussd      *ussd.Adapter
	smsgate   *smsgate.Adapter
	// simNumbers are the numbers of the SIMs of SMSGate's phones, by phone.
	simNumbers map[string][]string
	gateways   []*gateway.Adapter
	smpp       *smpp.Adapter
	botName    atomic.Pointer[string] // of our Telegram bot, once it has told us
	metrics    *metrics
	mux        *http.ServeMux
	cleanup    []func()
}

// content reads the flows and texts that are built in.
func content() (*flows.Book, *text.Catalogue, error) {
	book, err := flows.Load(flows.Files)
	if err != nil {
		return nil, nil, fmt.Errorf("flows: %w", err)
	}
	texts, err := text.Load(text.Files)
	if err != nil {
		return nil, nil, fmt.Errorf("texts: %w", err)
	}
	return book, texts, nil
}

// assemble wires the rooms. more are senders besides the configured channels (the simulator's).
func assemble(ctx context.Context, o *outside, cfg config.Config, db *database, demo bool, more func(*program) ([]channels.Sender, error)) (*program, error) {
	p := &program{outside: o, cfg: cfg, demo: demo, db: db, mux: http.NewServeMux(), metrics: newMetrics()}
	var err error
	if p.roads, err = config.LoadRoads(cfg.RoadsFile); err != nil {
		return nil, err
	}
	if p.book, p.texts, err = content(); err != nil {
		return nil, err
	}
	if p.clock, err = db.clock(ctx, o); err != nil {
		return nil, err
	}
	p.bot = bot.New(bot.Config{Book: p.book, Texts: p.texts, Store: db, Now: p.clock.Now, Log: o.log, USSD: cfg.USSD.Code, Telegram: p.telegramBot, PublicURL: strings.TrimSuffix(cfg.PublicURL, "/")})
	senders, err := p.channels()
	if err != nil {
		return nil, err
	}
	if more != nil {
		others, err := more(p)
		if err != nil {
			return nil, err
		}
		senders = append(senders, others...)
	}
	terms, err := p.terms()
	if err != nil {
		return nil, err
	}
	tell, err := p.teller()
	if err != nil {
		return nil, err
	}
	limits := scheduler.DefaultLimits()
	if p.roads.CreditLow > 0 {
		limits.Credit = p.roads.CreditLow
	}
	p.sched, err = scheduler.New(scheduler.Config{
		Phones: p.phones, Lines: p.lines(), Tell: tell, Limits: limits,
		Store: db.Schedule(), Clock: p.clock, Texts: p.texts, Openings: p.opening, Draw: chart.Draw, Senders: senders, SMS: p.smsRoad(), WhatsApp: p.whatsAppRoad(), Terms: terms,
		Approved: p.approved,
		Routes:   p.textRoutes(), Receipts: p.reporting(), KindOfCode: p.kindOfCode, Log: o.log, At: crashAt(o.getenv("KABAR_CRASH_AT")), FanOut: db.Console().FanOut, PublicURL: strings.TrimSuffix(cfg.PublicURL, "/"),
	})
	if err != nil {
		return nil, err
	}
	if p.jobs, err = river.NewClient(riverpgxv5.New(db.Pool()), p.sched.RiverConfig()); err != nil {
		return nil, fmt.Errorf("jobs: %w", err)
	}
	return p, p.routes()
}

// publicURL is how the world reaches us; a demo without one is its own.
func (p *program) publicURL() string {
	if p.cfg.PublicURL == "" && p.demo {
		return "http://" + reachable(p.cfg.Addr)
	}
	return strings.TrimSuffix(p.cfg.PublicURL, "/")
}

// statuses hands callbacks on, see journal.go.
type statuses struct{ p *program }

// opening tells the scheduler what a step of the flows waits for: it must open the question that it asks.
func (p *program) opening(ref string) (scheduler.Opening, bool) {
	w, err := p.book.Open(ref, nil)
	if errors.Is(err, flows.ErrOptions) { // its options are made when it is answered; the place only remembers
		return scheduler.Opening{}, true
	}
	if err != nil {
		return scheduler.Opening{}, false
	}
	options, err := json.Marshal(w.Options)
	if err != nil {
		return scheduler.Opening{}, false
	}
	return scheduler.Opening{Choice: flows.Choice(w.Options, len(w.Ask) > 0), Typed: strings.Join(w.Ask, ","), Options: options, TTL: w.TTL}, true
}

// routes mounts what every program answers.
func (p *program) routes() error {
	site, err := console.New(console.Config{
		Planner: p.sched, Tariff: p.fare,
		Store: p.db.Console(), Channels: p.channelList, Texts: p.texts, Now: p.clock.Now, Wall: p.now, Log: p.log, Secure: strings.HasPrefix(p.cfg.PublicURL, "https:"),
		Demo: p.demo, PublicURL: p.cfg.PublicURL, Telegram: p.telegramBot, Fetch: p.file,
	})
	if err != nil {
		return err
	}
	p.mux.Handle("/", site)
	p.mux.HandleFunc("/channels/", http.NotFound) // a provider whose channel is off needs no page
	inner := p.mux
	if p.cfg.AdminAddr != "" {
		inner = http.NewServeMux()
		p.serveAdmin(inner)
	}
	inner.Handle("/healthz", readOnly(http.HandlerFunc(healthz)))
	inner.Handle("/readyz", readOnly(http.HandlerFunc(p.readyz)))
	inner.Handle("/metrics", readOnly(p.metrics.handler(p)))
	return nil
}

// run works until the context ends: jobs, polling, HTTP. Then it stops softly.
func (p *program) run(ctx context.Context, ready func(addr string)) error {
	if err := p.jobs.Start(ctx); err != nil {
		return fmt.Errorf("jobs: %w", err)
	}
	stopped, unbound := p.startTelegram(ctx), p.startSMPP(ctx)
	var loops sync.WaitGroup
	loops.Go(func() { p.sched.RunPump(ctx) })
	loops.Go(func() { p.sched.RunWatch(ctx) })
	if len(p.templates) > 0 {
		loops.Go(func() { p.learnApprovals(ctx) })
	}
	loops.Go(func() { p.sched.RunElection(ctx) })
	err := listen(ctx, p.cfg.Addr, p.mux, ready)
	soft, cancel := context.WithTimeout(context.WithoutCancel(ctx), softStop)
	defer cancel()
	_ = p.jobs.StopAndCancel(soft) // what is cut off is rescued
	<-stopped
	<-unbound
	loops.Wait()
	for _, f := range p.cleanup {
		f()
	}
	return err
}

// softStop is how long a stop waits for what is under way (faults.md C7).
const softStop = 10 * time.Second
