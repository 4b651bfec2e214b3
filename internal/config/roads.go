package config

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Roads are the terms of the senders (KABAR_ROADS, a YAML file; see docs/channels.md).
type Roads struct {
	// Senders in the order in which they are tried where they cost the same.
	Senders []Sender `yaml:"senders"`
	// Own are further numbers of ours, which are never answered.
	Own []string `yaml:"own"`
	// CreditLow is the rest of a SIM's prepaid credit at which the operator is alarmed, rupiah; 0: 20,000.
	CreditLow int64 `yaml:"credit_low"`
}

// Sender is one line of the file.
type Sender struct {
	Name      string           `yaml:"name"`      // twilio, smsgate, smpp, telegram, gateway-NAME
	Via       string           `yaml:"via"`       // sms, whatsapp, telegram; empty: what the name says
	Price     *int64           `yaml:"price"`     // of a segment, rupiah
	Prices    map[string]int64 `yaml:"prices"`    // by operator
	Operators []string         `yaml:"operators"` // whose numbers it serves; none: everybody's
	Rate      string           `yaml:"rate"`      // "29/s", "30/30m"; empty: no limit
	Burst     float64          `yaml:"burst"`     // how many at once
}

// LoadRoads reads the file; an empty path is an empty file. All faults are told at once.
func LoadRoads(path string) (Roads, error) {
	var r Roads
	if path == "" {
		return r, nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return r, fmt.Errorf("KABAR_ROADS cannot be read: %w", err)
	}
	if err := yaml.UnmarshalWithOptions(b, &r, yaml.Strict()); err != nil {
		return r, fmt.Errorf("KABAR_ROADS: %w", err)
	}
	return r, errors.Join(r.faults()...)
}

func (r Roads) faults() (faults []error) {
	seen := map[string]bool{}
	for i, s := range r.Senders {
		fault := func(format string, args ...any) {
			faults = append(faults, fmt.Errorf("KABAR_ROADS: sender %d (%s): "+format, append([]any{i + 1, s.Name}, args...)...))
		}
		if s.Name == "" {
			fault("it has no name")
		}
		if seen[s.Name+" "+s.Way()] {
			fault("it is there twice")
		}
		seen[s.Name+" "+s.Way()] = true
		if !slices.Contains([]string{"sms", "whatsapp", "telegram"}, s.Way()) {
			fault("via is sms, whatsapp or telegram")
		}
		if s.Price != nil && *s.Price < 0 {
			fault("a negative price")
		}
		for op, p := range s.Prices {
			if !isOperator(op) || p < 0 {
				fault("prices: %q is no operator, or its price is negative", op)
			}
		}
		for _, op := range s.Operators {
			if !isOperator(op) {
				fault("no operator is called %q", op)
			}
		}
		if _, _, err := s.PerSecond(); err != nil {
			fault("%w", err)
		}
	}
	for _, n := range r.Own {
		if !e164.MatchString(n) {
			faults = append(faults, errors.New("KABAR_ROADS: own numbers must be like +62…"))
		}
	}
	return faults
}

// Way is the kind of road that the sender takes.
func (s Sender) Way() string {
	switch {
	case s.Via != "":
		return s.Via
	case s.Name == "telegram":
		return "telegram"
	}
	return "sms"
}

var (
	e164     = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	rateForm = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?)/([0-9]*)(s|m|h)$`)
)

// PerSecond reads the rate; burst is how many may go at once: what the line says, else a quarter of a second's, at least
// one, and of rates below one a second half of what a period allows.
func (s Sender) PerSecond() (rate, burst float64, err error) {
	if s.Rate == "" {
		return 0, 0, nil
	}
	m := rateForm.FindStringSubmatch(s.Rate)
	if m == nil {
		return 0, 0, fmt.Errorf("the rate %q is not like 29/s or 30/30m", s.Rate)
	}
	n, _ := strconv.ParseFloat(m[1], 64)
	count := 1
	if m[2] != "" {
		count, _ = strconv.Atoi(m[2])
	}
	unit := map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour}[m[3]]
	if n <= 0 || count <= 0 || count > 24*60 || s.Burst < 0 {
		return 0, 0, fmt.Errorf("the rate %q lets nothing through", s.Rate)
	}
	rate, burst = n/(time.Duration(count)*unit).Seconds(), s.Burst
	if burst == 0 {
		if burst = rate / 4; rate < 1 {
			burst = n / 2
		}
	}
	return rate, max(burst, 1), nil
}

func isOperator(name string) bool {
	return slices.Contains(prokus.Operators(), prokus.Operator(strings.ToLower(name))) && name == strings.ToLower(name)
}
