package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"os"
	"strings"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/channels/gateway"
	"github.com/kabar-prokus/kabar/channels/smpp"
	"github.com/kabar-prokus/kabar/channels/smsgate"
	"github.com/kabar-prokus/kabar/channels/twilio"
	"github.com/kabar-prokus/kabar/flows/text"
)

// smsChannels makes the roads to Indonesian phones that are configured: Android phones, HTTP aggregators, a message centre.
func (p *program) smsChannels(h channels.Handler) (senders []channels.Sender, err error) {
	if list := p.cfg.SMSGatePhones; list != "" {
		phones, err := smsgate.Phones(list)
		if err != nil {
			return nil, err
		}
		if p.smsgate, err = smsgate.New(smsgate.Config{Phones: phones, Log: p.log, Now: p.now}, h, statuses{p}); err != nil {
			return nil, err
		}
		senders = append(senders, p.metrics.sends(p.journaled(p.inProviderTime(p.smsgate))))
		p.mux.Handle(smsgate.Path, p.smsgate.Webhook())
	}
	if file := p.cfg.GatewayFile; file != "" {
		b, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("GATEWAY_CONFIG: %w", err)
		}
		all, err := gateway.Load(b, p.getenv)
		if err != nil {
			return nil, err
		}
		for _, c := range all {
			g, err := gateway.New(c, gateway.Deps{Log: p.log, Now: p.now}, h, statuses{p})
			if err != nil {
				return nil, err
			}
			p.gateways = append(p.gateways, g)
			if g.Sends() {
				senders = append(senders, p.metrics.sends(p.journaled(p.inProviderTime(g))))
			}
			if g.Receives() {
				p.mux.Handle(g.Route(), g.Handler())
			}
		}
	}
	if s := p.cfg.SMPP; s.On() {
		c := smpp.Config{Addr: s.Addr, SystemID: s.SystemID, Password: s.Password, SystemType: s.SystemType, SourceAddr: s.Source, Log: p.log, Now: p.now}
		if s.TLS == "yes" {
			host, _, _ := strings.Cut(s.Addr, ":")
			c.TLS = &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
		}
		if p.smpp, err = smpp.New(c, h, statuses{p}); err != nil {
			return nil, err
		}
		senders = append(senders, p.metrics.sends(p.journaled(p.inProviderTime(p.smpp))))
	}
	return senders, nil
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
