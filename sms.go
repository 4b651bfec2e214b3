package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/channels/gateway"
	"github.com/kabar-prokus/kabar/channels/smpp"
	"github.com/kabar-prokus/kabar/channels/smsgate"
	"github.com/kabar-prokus/kabar/channels/twilio"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/config"
)

// smsChannels makes the roads to Indonesian phones that are configured: Android phones, HTTP aggregators, a message centre.
func (p *program) smsChannels(h channels.Handler, add func(channels.Sender, error)) {
	if p.cfg.SMSGatePhones != "" {
		add(p.smsgateChannel(h))
	}
	if p.cfg.GatewayFile != "" {
		p.gatewayChannels(h, add)
	}
	if p.cfg.SMPP.On() {
		add(p.smppChannel(h))
	}
}

func (p *program) smsgateChannel(h channels.Handler) (channels.Sender, error) {
	phones, err := smsgate.Phones(p.cfg.SMSGatePhones)
	if err != nil {
		return nil, err
	}
	p.simNumbers = map[string][]string{}
	for _, phone := range phones {
		for _, sim := range phone.SIMs {
			p.simNumbers[phone.Name] = append(p.simNumbers[phone.Name], sim.Phone)
		}
	}
	if p.smsgate, err = smsgate.New(smsgate.Config{Phones: phones, Own: append(listOf(p.cfg.SMSGateOwn), p.roads.Own...), Log: p.log, Now: p.now}, h, statuses{p}); err != nil {
		return nil, err
	}
	p.mux.Handle(smsgate.Path, p.smsgate.Webhook())
	return p.smsgate, nil
}

func (p *program) gatewayChannels(h channels.Handler, add func(channels.Sender, error)) {
	b, err := os.ReadFile(p.cfg.GatewayFile)
	if err != nil {
		add(nil, fmt.Errorf("GATEWAY_CONFIG: %w", err))
		return
	}
	all, err := gateway.Load(b, p.getenv)
	if err != nil {
		add(nil, err)
		return
	}
	for _, c := range all {
		g, err := gateway.New(c, gateway.Deps{Log: p.log, Now: p.now}, h, statuses{p})
		if err != nil {
			add(nil, err)
			continue
		}
		p.gateways = append(p.gateways, g)
		if g.Sends() {
			add(g, nil)
		}
		if g.Receives() {
			p.mux.Handle(g.Route(), g.Handler())
		}
	}
}

func (p *program) smppChannel(h channels.Handler) (_ channels.Sender, err error) {
	s := p.cfg.SMPP
	c := smppConfig(s)
	c.Log, c.Now = p.log, p.now
	if s.TLS == "yes" {
		host, _, _ := strings.Cut(s.Addr, ":")
		c.TLS = &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	}
	p.smpp, err = smpp.New(c, h, statuses{p})
	return p.smpp, err
}

// smppConfig is what the settings, which have been checked, say about the account at a message centre.
func smppConfig(s config.SMPP) smpp.Config {
	c := smpp.Config{Addr: s.Addr, SystemID: s.SystemID, Password: s.Password, SystemType: s.SystemType, SourceAddr: s.Source, Long: smpp.Long(s.Long)}
	c.ReceiptIDs = map[string]smpp.IDForm{"hex": smpp.IDsHex, "dec": smpp.IDsDecimal, "same": smpp.IDsSame}[s.ReceiptIDs]
	if n, err := strconv.Atoi(s.Window); err == nil {
		c.Window = n
	}
	if n, err := strconv.Atoi(s.Enquire); err == nil {
		c.EnquireEvery = time.Duration(n) * time.Second
	}
	return c
}

// listOf are the parts of a list that is separated by commas.
func listOf(s string) (out []string) {
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// startSMPP keeps the bind alive. The channel returned closes when it has been given back.
func (p *program) startSMPP(ctx context.Context) <-chan struct{} {
	done := make(chan struct{})
	if p.smpp == nil {
		close(done)
		return done
	}
	go func() {
		defer close(done)
		if err := p.smpp.Run(ctx); err != nil && ctx.Err() == nil {
			p.log.ErrorContext(ctx, "smpp stopped", "error", err)
		}
	}()
	return done
}

// smsSenders names the senders of text messages in the order in which they are tried where nobody says otherwise: an
// operator's own road before phones, phones before aggregators, these before Twilio, which cannot hear Indonesian numbers;
// the simulator where there is none.
func (p *program) smsSenders() (names []string) {
	if p.smpp != nil {
		names = append(names, p.smpp.Name())
	}
	if p.smsgate != nil {
		names = append(names, p.smsgate.Name())
	}
	for _, g := range p.gateways {
		if g.Sends() {
			names = append(names, g.Name())
		}
	}
	if t := p.cfg.Twilio; p.twilio != nil && (t.From != "" || t.MessagingServiceSID != "") {
		names = append(names, p.twilio.Name())
	}
	if len(names) == 0 && p.demo {
		names = []string{"sim"}
	}
	return names
}

// smsRoad is the first of them; empty where there is none.
func (p *program) smsRoad() string {
	if names := p.smsSenders(); len(names) > 0 {
		return names[0]
	}
	return ""
}

// textRoutes are the roads on which texts are written differently.
func (p *program) textRoutes() map[string]text.Route {
	out := map[string]text.Route{}
	for _, g := range p.gateways {
		if s := g.Style(); g.Sends() {
			out[g.Name()] = text.Route{Via: string(channels.SMS), Money: s.Money, Profile: s.Profile, MaxParts: s.MaxParts}
		}
	}
	return out
}

// reporting are the channels that say what became of a message.
func (p *program) reporting() []string {
	out := []string{"twilio", "smpp"} // phones report when they can; their silence says nothing
	for _, g := range p.gateways {
		if g.Reports() {
			out = append(out, g.Name())
		}
	}
	return out
}

// kindOfCode classes the error codes that arrive in status callbacks.
func (p *program) kindOfCode(channel, code string) (channels.ErrorKind, bool) {
	switch channel {
	case "twilio":
		return twilio.KindOfCode(code)
	case "smsgate":
		return smsgate.KindOfCode(code)
	}
	for _, g := range p.gateways {
		if g.Name() == channel {
			return g.KindOfCode(code)
		}
	}
	return "", false
}
