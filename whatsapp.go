package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/kabar-prokus/kabar/channels/twilio"
	"github.com/kabar-prokus/kabar/internal/console"
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
	p.whatsApp, p.templates = map[string]scheduler.Approved{}, all
	for _, t := range all {
		p.whatsApp[t.Text+" "+t.Lang] = scheduler.Approved{ID: t.SID, Fill: t.Values}
	}
	return nil
}

// What WhatsApp says of our templates is asked at the start and every hour, and sooner while Twilio does not tell.
const (
	approvalsEvery = time.Hour
	approvalsRetry = time.Minute
)

// learnApprovals keeps asking what WhatsApp says of our templates, until the context ends.
func (p *program) learnApprovals(ctx context.Context) {
	for {
		wait := approvalsEvery
		if err := p.askApprovals(ctx); err != nil && ctx.Err() == nil {
			p.log.WarnContext(ctx, "what WhatsApp says of the templates is not known", "error", err)
			wait = approvalsRetry
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

func (p *program) askApprovals(ctx context.Context) error {
	said := map[string]string{}
	for _, t := range p.templates {
		state, err := p.twilio.Approval(ctx, t.SID)
		if err != nil {
			return err
		}
		if said[t.SID] = state; state != twilio.Approved {
			p.log.WarnContext(ctx, "a template may not be sent", "text", t.Text, "lang", t.Lang, "whatsapp", state)
		}
	}
	p.approvals.Store(&said)
	return nil
}

// refused are the templates that WhatsApp does not let us send, as far as it is known.
func (p *program) refused() (all []console.RefusedTemplate) {
	said := p.approvals.Load()
	if said == nil {
		return nil
	}
	for _, t := range p.templates {
		if state := (*said)[t.SID]; state != twilio.Approved {
			all = append(all, console.RefusedTemplate{Text: t.Text, Lang: t.Lang, State: state})
		}
	}
	return all
}

// sendable says whether a template may be sent; one of which nothing is known may be tried.
func (p *program) sendable(a scheduler.Approved) bool {
	said := p.approvals.Load()
	return said == nil || (*said)[a.ID] == twilio.Approved
}

// approved finds a template that WhatsApp lets us send; a language without one takes the Indonesian.
func (p *program) approved(channel, key, lang string) (scheduler.Approved, bool) {
	if p.twilio == nil || channel != p.twilio.Name() {
		return scheduler.Approved{}, false
	}
	if a, ok := p.whatsApp[key+" "+lang]; ok && p.sendable(a) {
		return a, true
	}
	a, ok := p.whatsApp[key+" id"]
	return a, ok && p.sendable(a)
}

// whatsAppRoad names the sender of WhatsApp; empty where there is none.
func (p *program) whatsAppRoad() string {
	if p.twilio != nil && p.cfg.Twilio.WhatsAppFrom != "" {
		return p.twilio.Name()
	}
	return ""
}
