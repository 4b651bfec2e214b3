package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/config"
	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// telegramRate keeps a little below Telegram's thirty a second over all chats, so that the jitter of the network does not
// break it, and to its one a second in a chat.
var telegramRate = scheduler.Rate{PerSecond: 29, Burst: 7, PerChat: time.Second}

// terms are those of all senders: what KABAR_ROADS says of them first, in its order, the others after them at the usual price.
func (p *program) terms() ([]scheduler.Terms, error) {
	var all []scheduler.Terms
	for _, name := range p.smsSenders() {
		all = append(all, scheduler.Terms{Channel: name, Via: channels.SMS, Price: prokus.SegmentPrice})
	}
	if p.twilio != nil && p.cfg.Twilio.WhatsAppFrom != "" {
		all = append(all, scheduler.Terms{Channel: p.twilio.Name(), Via: channels.WhatsApp})
	}
	chat := scheduler.Terms{Channel: "telegram", Via: channels.Telegram}
	if p.telegram != nil { // the simulator's chat has no limits
		chat.Rate = telegramRate
	}
	all = append(all, chat)

	place := func(t scheduler.Terms) int {
		i := slices.IndexFunc(p.roads.Senders, func(s config.Sender) bool { return s.Name == t.Channel && s.Way() == string(t.Via) })
		if i < 0 {
			return len(p.roads.Senders)
		}
		return i
	}
	for _, s := range p.roads.Senders {
		i := slices.IndexFunc(all, func(t scheduler.Terms) bool { return s.Name == t.Channel && s.Way() == string(t.Via) })
		if i < 0 {
			return nil, fmt.Errorf("KABAR_ROADS names %s for %s, which is not configured", s.Name, s.Way())
		}
		t := &all[i]
		if s.Price != nil {
			t.Price = *s.Price
		}
		for op, price := range s.Prices {
			if t.Prices == nil {
				t.Prices = map[prokus.Operator]int64{}
			}
			t.Prices[prokus.Operator(op)] = price
		}
		for _, op := range s.Operators {
			t.Operators = append(t.Operators, prokus.Operator(op))
		}
		rate, burst, err := s.PerSecond()
		if err != nil {
			return nil, err
		}
		if rate > 0 {
			t.Rate.PerSecond, t.Rate.Burst = rate, burst
		}
	}
	slices.SortStableFunc(all, func(a, b scheduler.Terms) int { return cmp.Compare(place(a), place(b)) })
	return all, nil
}

// fare is on what terms a broadcast would reach somebody: on the road by which she last wrote, at the price of her operator.
func (p *program) fare(r console.Recipient) console.Fare {
	roads := []scheduler.Road{{Via: r.Via, To: r.To}}
	switch channels.Via(r.WroteBy) {
	case channels.SMS:
		roads[0].Channel = r.WroteTo
	case channels.WhatsApp:
		roads = append([]scheduler.Road{{Via: r.WroteBy, To: r.To}}, roads...)
	}
	way, ok := p.sched.Fare(roads, string(r.Lang), p.clock.Now())
	if !ok {
		return console.Fare{Via: r.Via} // it goes nowhere, and costs nothing
	}
	return console.Fare{Via: way.Via, Operator: way.Operator, Price: way.Price}
}

// channelList is what the console shows of the configuration: every channel, on or off, and the setting that is missing.
func (p *program) channelList() []console.Channel {
	terms, _ := p.terms() // its faults were told at the start
	all := []console.Channel{
		{Name: "smpp", Title: "Operator (SMPP)", On: p.smpp != nil, Missing: "SMPP_ADDR"}, {Name: "smsgate", Title: "HP Android (SMSGate)", On: p.smsgate != nil, Missing: "SMSGATE_PHONES"},
	}
	for _, g := range p.gateways {
		all = append(all, console.Channel{Name: g.Name(), Title: "Agregator " + strings.TrimPrefix(g.Name(), "gateway-"), On: true})
	}
	if len(p.gateways) == 0 {
		all = append(all, console.Channel{Name: "gateway", Title: "Agregator", Missing: "GATEWAY_CONFIG"})
	}
	all = append(all,
		console.Channel{Name: "twilio", Title: "Twilio", On: p.twilio != nil, Missing: "TWILIO_ACCOUNT_SID"},
		console.Channel{Name: "telegram", Title: "Telegram", On: p.telegram != nil || p.demo, Missing: "TELEGRAM_BOT_TOKEN"},
		console.Channel{Name: "ussd", Title: "USSD", On: p.ussd != nil, Missing: "KABAR_USSD_SECRET"})
	if p.demo {
		all = append(all, console.Channel{Name: "sim", Title: "Simulator", On: true})
	}
	for i := range all {
		if all[i].Name == "twilio" {
			all[i].Templates = p.refused()
		}
		at := slices.IndexFunc(terms, func(t scheduler.Terms) bool { return t.Channel == all[i].Name })
		if at < 0 || !all[i].On {
			continue
		}
		t := terms[at]
		all[i].Sends, all[i].Price, all[i].Order = true, t.Price, at+1
		for _, op := range prokus.Operators() {
			if price, ok := t.Prices[op]; ok {
				all[i].Prices = strings.TrimPrefix(fmt.Sprintf("%s, %s Rp%d", all[i].Prices, op, price), ", ")
			}
		}
		if t.Rate.PerSecond >= 1 {
			all[i].Rate = fmt.Sprintf("%.4g/detik", t.Rate.PerSecond)
		} else if t.Rate.PerSecond > 0 {
			all[i].Rate = fmt.Sprintf("%.4g/menit", t.Rate.PerSecond*60)
		}
	}
	return all
}
