package console

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/flows/text"
)

type noStore struct{ Store }

type noTexts struct{}

func (noTexts) Render(string, string, text.Args, text.Route) (text.Rendered, error) {
	return text.Rendered{}, nil
}

// RouteTable gives the authorisation matrix the routes themselves, so that a new route is in it by being one.
func RouteTable(demo bool) []Route {
	c := &console{Config: Config{Demo: demo}}
	var out []Route
	for _, r := range c.routes() {
		method, path, ok := strings.Cut(r.pattern, " ")
		if !ok {
			method, path = "GET", r.pattern
		}
		out = append(out, Route{Method: method, Path: path, Open: r.open, Roles: r.roles})
	}
	return out
}

func TestEveryRouteHasAPolicy(t *testing.T) {
	for _, r := range RouteTable(true) {
		if r.Open == (len(r.Roles) > 0) {
			t.Errorf("%s %s: open %v with roles %v", r.Method, r.Path, r.Open, r.Roles)
		}
		if r.Method != "GET" && r.Method != "POST" {
			t.Errorf("%s %s: only pages and forms", r.Method, r.Path)
		}
	}
}

func TestNewRefusesAnIncompleteConfig(t *testing.T) {
	full := Config{Store: noStore{}, Texts: noTexts{}, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	if _, err := New(full); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Config){
		"store": func(c *Config) { c.Store = nil },
		"texts": func(c *Config) { c.Texts = nil },
		"clock": func(c *Config) { c.Now = nil },
		"url":   func(c *Config) { c.PublicURL = "not an address" },
	} {
		c := full
		change(&c)
		if _, err := New(c); err == nil {
			t.Errorf("a console without its %s starts", name)
		}
	}
}
