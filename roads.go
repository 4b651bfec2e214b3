package main

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/config"
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
