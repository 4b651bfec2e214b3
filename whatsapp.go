package main

import (
	"fmt"
	"os"

	"github.com/kabar-prokus/kabar/channels/twilio"
	"github.com/kabar-prokus/kabar/scheduler"
)

// loadTemplates reads which approved templates stand for our texts (TWILIO_TEMPLATES).
func (p *program) loadTemplates(file string) error {
	if file == "" {
		return nil
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("TWILIO_TEMPLATES: %w", err)
	}
	all, err := twilio.LoadTemplates(b, func(text, lang, name string) bool { return p.texts.Has(text) && p.texts.Fills(text, lang, name) })
	if err != nil {
		return fmt.Errorf("TWILIO_TEMPLATES:\n%w", err)
	}
	p.whatsApp = map[string]scheduler.Approved{}
	for _, t := range all {
		p.whatsApp[t.Text+" "+t.Lang] = scheduler.Approved{ID: t.SID, Fill: t.Values}
	}
	return nil
}

// approved finds a template; a language without one takes the Indonesian.
func (p *program) approved(channel, key, lang string) (scheduler.Approved, bool) {
	if p.twilio == nil || channel != p.twilio.Name() {
		return scheduler.Approved{}, false
	}
	if a, ok := p.whatsApp[key+" "+lang]; ok {
		return a, true
	}
	a, ok := p.whatsApp[key+" id"]
	return a, ok
}

// whatsAppRoad names the sender of WhatsApp; empty where there is none.
func (p *program) whatsAppRoad() string {
	if p.twilio != nil && p.cfg.Twilio.WhatsAppFrom != "" {
		return p.twilio.Name()
	}
	return ""
}
