package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/scheduler"
)

// mailTime bounds one alarm by mail.
const mailTime = 15 * time.Second

// teller is how the operator is told (KABAR_ALARM_TO): by mail to one or several addresses, or in a Telegram chat; nil where
// nobody is to be told.
func (p *program) teller() (func(context.Context, string) error, error) {
	to := p.cfg.AlarmTo
	if to == "" {
		return nil, nil
	}
	if chat, ok := strings.CutPrefix(to, "telegram:"); ok {
		if p.telegram == nil {
			return nil, errors.New("KABAR_ALARM_TO names a Telegram chat, and TELEGRAM_BOT_TOKEN is not set")
		}
		return func(ctx context.Context, words string) error {
			_, err := p.telegram.Send(ctx, channels.Outbound{To: chat, Via: channels.Telegram, Kind: "alarm", Text: words})
			return err
		}, nil
	}
	post, err := p.post()
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, words string) error { return post(ctx, strings.Split(to, ","), words) }, nil
}

// post reads KABAR_SMTP_URL: smtp://user:password@host:587?from=kabar@example.go.id, or smtps:// for TLS from the first byte.
// A server that offers STARTTLS is spoken to in TLS; ?tls=must refuses one that does not.
func (p *program) post() (func(ctx context.Context, to []string, words string) error, error) {
	u, err := url.Parse(p.cfg.SMTPURL)
	if err != nil || u.Hostname() == "" {
		return nil, errors.New("KABAR_SMTP_URL is needed for KABAR_ALARM_TO: smtp://user:password@host:587?from=kabar@example.go.id")
	}
	from := u.Query().Get("from")
	if from == "" {
		from = "kabar@" + u.Hostname()
	}
	options := []mail.Option{mail.WithTimeout(mailTime), mail.WithTLSPortPolicy(mail.TLSOpportunistic)}
	if u.Query().Get("tls") == "must" {
		options = append(options, mail.WithTLSPortPolicy(mail.TLSMandatory))
	}
	if u.Scheme == "smtps" {
		options = append(options, mail.WithSSLPort(false))
	}
	if port := u.Port(); port != "" {
		n, err := strconv.Atoi(port)
		if err != nil {
			return nil, fmt.Errorf("KABAR_SMTP_URL: port: %w", err)
		}
		options = append(options, mail.WithPort(n))
	}
	if u.User != nil {
		password, _ := u.User.Password()
		auth := mail.SMTPAuthAutoDiscover
		if ip := net.ParseIP(u.Hostname()); u.Hostname() == "localhost" || ip != nil && ip.IsLoopback() {
			auth = mail.SMTPAuthPlain // a relay on this machine has no TLS, and without TLS nothing is discovered
		}
		options = append(options, mail.WithSMTPAuth(auth), mail.WithUsername(u.User.Username()), mail.WithPassword(password))
	}
	client, err := mail.NewClient(u.Hostname(), options...)
	if err != nil {
		return nil, fmt.Errorf("KABAR_SMTP_URL: %w", err)
	}
	return func(ctx context.Context, to []string, words string) error {
		m := mail.NewMsg()
		if err := m.From(from); err != nil {
			return fmt.Errorf("KABAR_SMTP_URL: from: %w", err)
		}
		if err := m.To(to...); err != nil {
			return fmt.Errorf("KABAR_ALARM_TO: %w", err)
		}
		m.Subject(words)
		m.SetBodyString(mail.TypeTextPlain, words+"\n\n"+p.publicURL()+"/saluran\n")
		call, cancel := context.WithTimeout(ctx, mailTime)
		defer cancel()
		if err := client.DialAndSendWithContext(call, m); err != nil {
			return fmt.Errorf("mail: %w", err)
		}
		return nil
	}, nil
}

// lines tells of the connections by which people are heard: Telegram's poll and the bind at a message centre. A replica that
// stands by has nothing against a line, and knows nothing for it either.
func (p *program) lines() func(time.Time) []scheduler.Line {
	seen := map[string]time.Time{} // one watch at a time
	began := p.clock.Now()
	one := func(name string, health error, now time.Time) scheduler.Line {
		l := scheduler.Line{Channel: name, Why: scheduler.LineBroken}
		var refused *channels.SendError
		switch {
		case health == nil:
			seen[name], l.Why = now, ""
		case errors.As(health, &refused) && refused.Kind == channels.Misconfig:
			l.Why = scheduler.LineBarred
		case errors.As(health, &refused) && refused.Code == "409":
			l.Why = scheduler.LineTaken
		}
		if l.SeenAt = seen[name]; l.SeenAt.IsZero() {
			l.SeenAt = began
		}
		return l
	}
	return func(now time.Time) (all []scheduler.Line) {
		if p.telegram != nil {
			all = append(all, one(p.telegram.Name(), p.telegram.Health(), now))
		}
		if p.smpp != nil {
			all = append(all, one(p.smpp.Name(), p.smpp.Health(), now))
		}
		return all
	}
}

// phones are those of SMSGate as this process heard of them, in the programme's time.
func (p *program) phones() (all []scheduler.Phone) {
	if p.smsgate == nil {
		return nil
	}
	shift := p.clock.Now().Sub(p.now())
	for _, h := range p.smsgate.Health() {
		all = append(all, scheduler.Phone{
			Channel: p.smsgate.Name(), Name: h.Phone, Numbers: p.simNumbers[h.Phone], SeenAt: h.SeenAt.Add(shift), Battery: h.Battery, Charging: h.Charging,
		})
	}
	return all
}
