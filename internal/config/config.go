// Package config reads the program's one struct of settings from the environment. All faults are told at once, secrets are
// masked when it is printed, and every setting may be read from a file: KABAR_SECRET_FILE stands for KABAR_SECRET.
package config

import (
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Config is everything that `serve` and `demo` are told from outside.
type Config struct {
	DatabaseURL string
	Addr        string // where the service listens
	AdminAddr   string // where metrics and health listen, if apart
	PublicURL   string // as the world sees us: provider signatures are computed over it
	Secret      string // 32 bytes or more
	NIKKey      string // the key of NIK fingerprints, apart from Secret so that either can be rotated
	SMTPURL     string
	AlarmTo     string

	Twilio   Twilio
	Telegram Telegram
	USSD     USSD
	SMPP     SMPP

	SMSGatePhones string // JSON list of Android phones; empty: the channel is off
	SMSGateOwn    string // further numbers of ours, separated by commas, which are never answered
	GatewayFile   string // descriptions of HTTP aggregators; empty: none
	RoadsFile     string // price, rate and order of the senders; empty: the usual ones
}

// SMPP is the account at an operator's message centre; it is off without an address.
type SMPP struct {
	Addr, SystemID, Password, SystemType, Source, TLS string

	Window, Enquire  string // submits without an answer at once; seconds between two tries of the link
	Long, ReceiptIDs string // udh, sar or payload; hex, dec or same
}

// On says whether the channel is configured.
func (s SMPP) On() bool { return s.Addr != "" }

// Twilio are the settings of the Twilio channel; it is off without an account.
type Twilio struct{ AccountSID, AuthToken, From, MessagingServiceSID, WhatsAppFrom, BaseURL, TemplatesFile string }

// On says whether the channel is configured.
func (t Twilio) On() bool { return t.AccountSID != "" }

// Telegram are the settings of the Telegram channel; without a webhook secret it polls.
type Telegram struct{ Token, WebhookSecret, BaseURL string }

// On says whether the channel is configured.
func (t Telegram) On() bool { return t.Token != "" }

// USSD are the settings of the USSD channel: the secret is part of its path.
type USSD struct{ Secret, Code string }

// On says whether the channel is configured.
func (u USSD) On() bool { return u.Secret != "" }

// setting is one variable of the environment.
type setting struct {
	name   string
	to     func(*Config) *string
	secret bool
	check  func(string) error
}

var alphanumeric = regexp.MustCompile(`^[A-Za-z0-9]+$`)

// settings are all of them, in the order in which they are printed.
func settings() []setting {
	return []setting{
		{"DATABASE_URL", func(c *Config) *string { return &c.DatabaseURL }, true, nil},
		{"KABAR_ADDR", func(c *Config) *string { return &c.Addr }, false, address},
		{"KABAR_ADMIN_ADDR", func(c *Config) *string { return &c.AdminAddr }, false, address},
		{"KABAR_PUBLIC_URL", func(c *Config) *string { return &c.PublicURL }, false, webURL},
		{"KABAR_SECRET", func(c *Config) *string { return &c.Secret }, true, atLeast32},
		{"KABAR_NIK_KEY", func(c *Config) *string { return &c.NIKKey }, true, atLeast32},
		{"KABAR_SMTP_URL", func(c *Config) *string { return &c.SMTPURL }, true, nil},
		{"KABAR_ALARM_TO", func(c *Config) *string { return &c.AlarmTo }, false, alarmTo},
		{"TWILIO_ACCOUNT_SID", func(c *Config) *string { return &c.Twilio.AccountSID }, false, plain},
		{"TWILIO_AUTH_TOKEN", func(c *Config) *string { return &c.Twilio.AuthToken }, true, plain},
		{"TWILIO_FROM", func(c *Config) *string { return &c.Twilio.From }, false, nil},
		{"TWILIO_MESSAGING_SERVICE_SID", func(c *Config) *string { return &c.Twilio.MessagingServiceSID }, false, plain},
		{"TWILIO_WHATSAPP_FROM", func(c *Config) *string { return &c.Twilio.WhatsAppFrom }, false, nil},
		{"TWILIO_TEMPLATES", func(c *Config) *string { return &c.Twilio.TemplatesFile }, false, nil},
		{"KABAR_TWILIO_URL", func(c *Config) *string { return &c.Twilio.BaseURL }, false, webURL},
		{"TELEGRAM_BOT_TOKEN", func(c *Config) *string { return &c.Telegram.Token }, true, nil},
		{"TELEGRAM_WEBHOOK_SECRET", func(c *Config) *string { return &c.Telegram.WebhookSecret }, true, nil},
		{"KABAR_TELEGRAM_URL", func(c *Config) *string { return &c.Telegram.BaseURL }, false, webURL},
		{"SMSGATE_PHONES", func(c *Config) *string { return &c.SMSGatePhones }, true, nil},
		{"SMSGATE_OWN", func(c *Config) *string { return &c.SMSGateOwn }, false, numbers},
		{"GATEWAY_CONFIG", func(c *Config) *string { return &c.GatewayFile }, false, nil},
		{"KABAR_ROADS", func(c *Config) *string { return &c.RoadsFile }, false, nil},
		{"SMPP_ADDR", func(c *Config) *string { return &c.SMPP.Addr }, false, address},
		{"SMPP_SYSTEM_ID", func(c *Config) *string { return &c.SMPP.SystemID }, false, nil},
		{"SMPP_PASSWORD", func(c *Config) *string { return &c.SMPP.Password }, true, nil},
		{"SMPP_SYSTEM_TYPE", func(c *Config) *string { return &c.SMPP.SystemType }, false, nil},
		{"SMPP_SOURCE", func(c *Config) *string { return &c.SMPP.Source }, false, nil},
		{"SMPP_TLS", func(c *Config) *string { return &c.SMPP.TLS }, false, yesNo},
		{"SMPP_WINDOW", func(c *Config) *string { return &c.SMPP.Window }, false, between(1, 1000)},
		{"SMPP_ENQUIRE", func(c *Config) *string { return &c.SMPP.Enquire }, false, between(1, 15)},
		{"SMPP_LONG", func(c *Config) *string { return &c.SMPP.Long }, false, oneOf("udh", "sar", "payload")},
		{"SMPP_RECEIPT_IDS", func(c *Config) *string { return &c.SMPP.ReceiptIDs }, false, oneOf("hex", "dec", "same")},
		{"KABAR_USSD_SECRET", func(c *Config) *string { return &c.USSD.Secret }, true, nil},
		{"KABAR_USSD_CODE", func(c *Config) *string { return &c.USSD.Code }, false, nil},
	}
}

// Load reads the environment. The error joins every fault, so that one run tells all of them.
func Load(getenv func(string) string) (Config, error) {
	var c Config
	var faults []error
	for _, s := range settings() {
		v := strings.TrimSpace(getenv(s.name))
		if file := strings.TrimSpace(getenv(s.name + "_FILE")); file != "" {
			if v != "" {
				faults = append(faults, fmt.Errorf("%s and %s_FILE are both set: keep one", s.name, s.name))
			}
			b, err := os.ReadFile(file)
			if err != nil {
				faults = append(faults, fmt.Errorf("%s_FILE cannot be read: %w", s.name, err))
				continue
			}
			v = strings.TrimSpace(string(b))
		}
		if v == "" {
			continue
		}
		if s.check != nil {
			if err := s.check(v); err != nil {
				faults = append(faults, fmt.Errorf("%s %w", s.name, err))
			}
		}
		*s.to(&c) = v
	}
	faults = append(faults, c.together()...)
	if c.Addr == "" {
		c.Addr = "127.0.0.1:8080"
	}
	if c.USSD.Code == "" {
		c.USSD.Code = "*123*77#"
	}
	return c, errors.Join(faults...)
}

// together are the faults of settings that need each other.
func (c Config) together() []error {
	var faults []error
	if t := c.Twilio; t.On() {
		if t.AuthToken == "" {
			faults = append(faults, errors.New("TWILIO_AUTH_TOKEN is missing: TWILIO_ACCOUNT_SID is set"))
		}
		if t.From == "" && t.MessagingServiceSID == "" && t.WhatsAppFrom == "" {
			faults = append(faults, errors.New("TWILIO_FROM or TWILIO_MESSAGING_SERVICE_SID is missing: TWILIO_ACCOUNT_SID is set"))
		}
	}
	if c.SMPP.On() && c.SMPP.SystemID == "" {
		faults = append(faults, errors.New("SMPP_SYSTEM_ID is missing: SMPP_ADDR is set"))
	}
	if c.Telegram.WebhookSecret != "" && c.PublicURL == "" {
		faults = append(faults, errors.New("KABAR_PUBLIC_URL is missing: TELEGRAM_WEBHOOK_SECRET asks for a webhook; leave the secret out for long polling"))
	}
	if strings.Contains(hostOf(c.PublicURL), "_") {
		faults = append(faults, errors.New("KABAR_PUBLIC_URL has an underscore in its host: providers refuse to call it"))
	}
	return faults
}

// needed are the settings without which there is no production.
var needed = []string{"DATABASE_URL", "KABAR_PUBLIC_URL", "KABAR_SECRET", "KABAR_NIK_KEY"}

// ForServe are the faults of a configuration that is to run in production.
func (c Config) ForServe() error {
	var faults []error
	for _, s := range settings() {
		if slices.Contains(needed, s.name) && *s.to(&c) == "" {
			faults = append(faults, fmt.Errorf("%s is missing", s.name))
		}
	}
	return errors.Join(faults...)
}

// Print lists the settings, secrets masked, unset ones as "-".
func (c Config) Print() string {
	var b strings.Builder
	for _, s := range settings() {
		v := *s.to(&c)
		switch {
		case v == "":
			v = "-"
		case s.secret:
			v = "(set)"
		}
		fmt.Fprintf(&b, "%-30s %s\n", s.name, v)
	}
	return b.String()
}

func atLeast32(v string) error {
	if len(v) < 32 {
		return fmt.Errorf("has %d bytes: 32 or more are needed, for example from `openssl rand -hex 32`", len(v))
	}
	return nil
}

func webURL(v string) error {
	u, err := url.Parse(v)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return errors.New("is not a web address such as https://kabar.example.go.id")
	}
	return nil
}

// address is host:port, as a listener or a caller takes it; the host may be left out.
func address(v string) error {
	_, port, err := net.SplitHostPort(v)
	if n, bad := strconv.Atoi(port); err != nil || bad != nil || n < 0 || n > 65535 {
		return errors.New("is no address such as 127.0.0.1:8080")
	}
	return nil
}

// alarmTo is one Telegram chat, or mail addresses with commas between them.
func alarmTo(v string) error {
	if chat, ok := strings.CutPrefix(v, "telegram:"); ok {
		if _, err := strconv.ParseInt(chat, 10, 64); err != nil {
			return errors.New("names no Telegram chat: telegram:123456789")
		}
		return nil
	}
	if _, err := mail.ParseAddressList(v); err != nil {
		return errors.New("is neither telegram:<chat id> nor a list of mail addresses")
	}
	return nil
}

func yesNo(v string) error {
	if v != "yes" && v != "no" {
		return errors.New("is neither yes nor no")
	}
	return nil
}

func between(least, most int) func(string) error {
	return func(v string) error {
		if n, err := strconv.Atoi(v); err != nil || n < least || n > most {
			return fmt.Errorf("is no number from %d to %d", least, most)
		}
		return nil
	}
}

func oneOf(words ...string) func(string) error {
	return func(v string) error {
		if !slices.Contains(words, v) {
			return fmt.Errorf("is none of %s", strings.Join(words, ", "))
		}
		return nil
	}
}

var number = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

func numbers(v string) error {
	for n := range strings.SplitSeq(v, ",") {
		if !number.MatchString(strings.TrimSpace(n)) {
			return errors.New("is no list of numbers like +62…, separated by commas")
		}
	}
	return nil
}

func plain(v string) error {
	if !alphanumeric.MatchString(v) {
		return errors.New("holds other characters than letters and digits")
	}
	return nil
}

func hostOf(v string) string {
	u, err := url.Parse(v)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
