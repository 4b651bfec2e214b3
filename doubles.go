package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/kabar-prokus/kabar/channels/gateway"
	"github.com/kabar-prokus/kabar/internal/config"
	"github.com/kabar-prokus/kabar/internal/fake"
)

// Numbers of ours at the doubles. Nobody has them.
const (
	twilioNumber   = "+6281100000000"
	whatsAppNumber = "+6281100000009"
	simTelkomsel   = "+6281100000001"
	simXL          = "+6281700000002"
	gatewayNumber  = "+6281100000022" // as in the shipped example
	shortCode      = "93456"
)

// startDoubles runs every provider that the configuration leaves out as a local server and points its channel there. What they
// take and how to write through them is at /doubles.
func startDoubles(o *outside, cfg *config.Config) (desk *fake.Desk, stop func(), err error) {
	desk = &fake.Desk{Base: "http://" + reachable(cfg.Addr)}
	var stops []func()
	stop = func() {
		for _, f := range stops {
			f()
		}
	}
	dir, err := os.MkdirTemp("", "kabar-doubles")
	if err != nil {
		return nil, stop, fmt.Errorf("doubles: %w", err)
	}
	stops = append(stops, func() { _ = os.RemoveAll(dir) })
	for _, start := range []func(*outside, *config.Config, *fake.Desk, string) (func(), error){twilioDouble, telegramDouble, phonesDouble, aggregatorDouble, smscDouble} {
		end, err := start(o, cfg, desk, dir)
		if err != nil {
			stop()
			return nil, func() {}, fmt.Errorf("doubles: %w", err)
		}
		if end != nil {
			stops = append(stops, end)
		}
	}
	return desk, stop, nil
}

func twilioDouble(_ *outside, cfg *config.Config, desk *fake.Desk, dir string) (func(), error) {
	if cfg.Twilio.On() {
		return nil, nil
	}
	const sid, token = "ACdemo00000000000000000000000000000", "demotoken0000000000000000000000"
	t := fake.NewTwilio(sid, token)
	t.Auto("sent", "delivered")
	var list strings.Builder
	list.WriteString("templates:\n")
	for name, key := range map[string]string{"undangan_v1": "invite.first", "tanya_minggu_v1": "prompt.week", "ingat_v1": "remind.first"} {
		fmt.Fprintf(&list, "  - {text: %s, lang: id, sid: %s, values: [text]}\n", key, t.Approve(name, "Kabar ProKUS: {{1}} Balas pesan ini."))
	}
	file := filepath.Join(dir, "templates.yaml")
	if err := os.WriteFile(file, []byte(list.String()), 0o600); err != nil {
		return nil, err
	}
	cfg.Twilio = config.Twilio{AccountSID: sid, AuthToken: token, From: twilioNumber, WhatsAppFrom: whatsAppNumber, BaseURL: t.URL(), TemplatesFile: file}
	desk.Twilio, desk.Number, desk.WhatsApp = t, twilioNumber, whatsAppNumber
	return t.Close, nil
}

func telegramDouble(_ *outside, cfg *config.Config, desk *fake.Desk, _ string) (func(), error) {
	if cfg.Telegram.On() {
		return nil, nil
	}
	const token = "1000000001:demo-token-of-the-local-double"
	t := fake.NewTelegram(token)
	cfg.Telegram = config.Telegram{Token: token, BaseURL: t.URL}
	desk.Telegram = t
	return t.Close, nil
}

func phonesDouble(_ *outside, cfg *config.Config, desk *fake.Desk, _ string) (func(), error) {
	if cfg.SMSGatePhones != "" {
		return nil, nil
	}
	const login, password, key = "kabar", "demo-password", "demo-webhook-key"
	g := fake.NewSMSGate(fake.SMSGatePhone{Device: "hp1", Login: login, Password: password, Key: key, SIMs: []string{simTelkomsel}},
		fake.SMSGatePhone{Device: "hp2", Login: login, Password: password, Key: key, SIMs: []string{simXL}})
	g.Auto(desk.Base+"/channels/smsgate", "sms:sent", "sms:delivered")
	phone := func(device, sim, operator string) map[string]any {
		return map[string]any{"name": device, "device": device, "url": g.URL(device), "login": login, "password": password, "key": key,
			"sims": []map[string]any{{"number": 1, "phone": sim, "operators": []string{operator}}}}
	}
	list, err := json.Marshal([]any{phone("hp1", simTelkomsel, "telkomsel"), phone("hp2", simXL, "xl")})
	if err != nil {
		return g.Close, err
	}
	cfg.SMSGatePhones = string(list)
	desk.SMSGate, desk.Device = g, "hp1"
	return g.Close, nil
}

// aggregatorDouble speaks the shipped example of the POST kind; only its address is another.
func aggregatorDouble(o *outside, cfg *config.Config, desk *fake.Desk, dir string) (func(), error) {
	if cfg.GatewayFile != "" {
		return nil, nil
	}
	const token, secret = "demo-aggregator-token", "demo-aggregator-secret"
	b, err := fs.ReadFile(gateway.Examples(), "post.yaml")
	if err != nil {
		return nil, err
	}
	a := fake.NewAggregator(fake.AggregatorPOST, fake.AggregatorAccount{Key: token, Sender: gatewayNumber, Secret: secret})
	file := filepath.Join(dir, "gateway.yaml")
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(string(b), "https://api.aggregator-dua.example/v1/messages", a.URL())), 0o600); err != nil {
		a.Close()
		return nil, err
	}
	environment := o.getenv
	o.getenv = func(name string) string {
		if v, ok := map[string]string{"GATEWAY_DUA_TOKEN": token, "GATEWAY_DUA_SECRET": secret}[name]; ok {
			return v
		}
		return environment(name)
	}
	cfg.GatewayFile = file
	desk.Aggregator, desk.Gateway, desk.Own = a, "contoh-post", gatewayNumber
	return a.Close, nil
}

func smscDouble(_ *outside, cfg *config.Config, desk *fake.Desk, _ string) (func(), error) {
	if cfg.SMPP.On() {
		return nil, nil
	}
	c := fake.NewSMSC("kabar", "demosmpp")
	c.AutoReceipt("DELIVRD", false)
	cfg.SMPP = config.SMPP{Addr: c.Addr(), SystemID: "kabar", Password: "demosmpp", Source: shortCode}
	desk.SMSC, desk.ShortCode = c, shortCode
	return c.Close, nil
}
