package main

import (
	"errors"
	"fmt"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/channels/telegram"
	"github.com/kabar-prokus/kabar/channels/twilio"
	"github.com/kabar-prokus/kabar/channels/ussd"
)

// channels makes the adapters that are configured, and tells the faults of all of them at once.
func (p *program) channels() (senders []channels.Sender, err error) {
	handler := p.metrics.turns(p.bot)
	var faults []error
	add := func(s channels.Sender, err error) {
		if err != nil {
			faults = append(faults, err)
			return
		}
		senders = append(senders, p.metrics.sends(p.journaled(p.inProviderTime(s))))
	}
	if p.cfg.Twilio.On() {
		add(p.twilioChannel(handler))
	}
	p.smsChannels(handler, add)
	if p.cfg.Telegram.On() {
		add(p.telegramChannel(handler))
	}
	if p.cfg.USSD.On() {
		if err := p.ussdChannel(handler); err != nil {
			faults = append(faults, err)
		}
	}
	return senders, errors.Join(faults...)
}

func (p *program) twilioChannel(h channels.Handler) (_ channels.Sender, err error) {
	t := p.cfg.Twilio
	p.twilio, err = twilio.New(twilio.Config{
		AccountSID: t.AccountSID, AuthToken: t.AuthToken, From: t.From, MessagingServiceSID: t.MessagingServiceSID, WhatsAppFrom: t.WhatsAppFrom,
		PublicURL: p.publicURL(), BaseURL: t.BaseURL, Log: p.log, Now: p.now,
	}, h, statuses{p})
	if err != nil {
		return nil, fmt.Errorf("twilio: %w", err)
	}
	p.mux.Handle(twilio.MessagesPath, p.twilio.Messages())
	p.mux.Handle(twilio.StatusPath, p.twilio.Status())
	return p.twilio, p.loadTemplates(t.TemplatesFile)
}

func (p *program) telegramChannel(h channels.Handler) (_ channels.Sender, err error) {
	t := p.cfg.Telegram
	p.telegram, err = telegram.New(telegram.Config{
		Token: t.Token, WebhookSecret: t.WebhookSecret, BaseURL: t.BaseURL, PublicURL: p.publicURL(), Log: p.log, Now: p.now, Menus: p.menus(), RoleMenu: p.commands,
	}, h)
	if err != nil {
		return nil, fmt.Errorf("telegram: %w", err)
	}
	p.mux.Handle(telegram.Path, p.telegram.Webhook())
	return p.telegram, nil
}

func (p *program) ussdChannel(h channels.Handler) (err error) {
	say := func(key string) func() string {
		return func() string { return p.texts.Label(key, "id", nil) }
	}
	u := p.cfg.USSD
	p.ussd, err = ussd.New(ussd.Config{Secret: u.Secret, ServiceCode: u.Code, Busy: say("ussd.busy"), Help: say("ussd.error"), Log: p.log, Now: p.now}, h)
	if err != nil {
		return fmt.Errorf("ussd: %w", err)
	}
	p.cleanup = append(p.cleanup, p.ussd.Close)
	p.mux.Handle(ussd.Path, p.ussd.Handler())
	return nil
}
