// Package console is the coordinators' web: plain pages that work without JavaScript, one file a page.
//
// Every page is a row of the route table with the roles that may open it; every read goes through a Store that is told
// whose areas it may look into, so that a foreign record does not exist for the page that asks for it.
package console

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/kabar-prokus/kabar/flows/text"
)

// Config is what a console needs.
type Config struct {
	Store     Store
	Texts     Texts
	Planner   Planner          // rehearses the coming days; nil: the pages that show them say that they cannot
	Now       func() time.Time // the programme's clock
	Wall      func() time.Time // real time, for sessions and links; nil: Now. In a demo the programme's clock jumps.
	Log       *slog.Logger
	Secure    bool             // served over HTTPS: Secure cookies and HSTS
	Demo      bool             // the landing page offers one-click log-in and the simulator
	Telegram  func() string    // the name of our bot there; nil or empty: Telegram is off
	Fetch     Fetch            // gets photos and voice notes from the providers; nil: none are shown
	Channels  func() []Channel // as they are configured; nil: none
	Tariff    Tariff           // what a broadcast costs by road; nil: the usual price
	PublicURL string           // how people reach the console, "https://kabar.example.go.id"; empty: as the request says
}

// Texts says what a message that has not left yet will say.
type Texts interface {
	Render(key, lang string, args text.Args, r text.Route) (text.Rendered, error)
}

// console holds what every page needs.
type console struct {
	Config
	pages pages
	words words
	plans plans
}

// New is the console's handler. It answers at "/" and expects the other doors (/sim, /channels, /healthz) to be mounted
// beside it on a more specific pattern.
func New(cfg Config) (http.Handler, error) {
	if cfg.Store == nil || cfg.Texts == nil || cfg.Now == nil {
		return nil, errors.New("console: Store, Texts and Now are required")
	}
	if cfg.Wall == nil {
		cfg.Wall = cfg.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	c := &console{Config: cfg}
	var err error
	if c.words, err = loadWords(); err != nil {
		return nil, fmt.Errorf("console: %w", err)
	}
	if c.pages, err = loadPages(c.words); err != nil {
		return nil, fmt.Errorf("console: %w", err)
	}
	mux := http.NewServeMux()
	for _, r := range c.routes() {
		if !r.open && len(r.roles) == 0 {
			return nil, fmt.Errorf("console: route %q says neither that it is open nor who may use it", r.pattern)
		}
		mux.Handle(r.pattern, c.guard(r))
	}
	return c.protect(mux)
}
