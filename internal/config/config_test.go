package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func env(m map[string]string) func(string) string { return func(k string) string { return m[k] } }

func TestEveryFaultIsToldAtOnce(t *testing.T) {
	_, err := Load(env(map[string]string{
		"KABAR_SECRET": "short", "KABAR_PUBLIC_URL": "kabar", "TWILIO_ACCOUNT_SID": "AC-1", "TELEGRAM_WEBHOOK_SECRET": "s", "KABAR_NIK_KEY_FILE": "/does/not/exist",
		"SMPP_WINDOW": "0", "SMPP_ENQUIRE": "60", "SMPP_LONG": "concat", "SMPP_RECEIPT_IDS": "octal", "SMSGATE_OWN": "+6281100000001,0812",
		"KABAR_ADDR": "8080", "KABAR_ADMIN_ADDR": "127.0.0.1:99999", "SMPP_ADDR": "smsc", "KABAR_ALARM_TO": "pak admin",
	}))
	if err == nil {
		t.Fatal("no fault was found")
	}
	for _, want := range []string{"KABAR_SECRET has 5 bytes", "KABAR_PUBLIC_URL is not", "TWILIO_ACCOUNT_SID holds", "TWILIO_AUTH_TOKEN is missing", "TWILIO_FROM or", "KABAR_NIK_KEY_FILE",
		"SMPP_WINDOW is no number from 1 to 1000", "SMPP_ENQUIRE is no number", "SMPP_LONG is none of udh", "SMPP_RECEIPT_IDS is none", "SMSGATE_OWN is no list",
		"KABAR_ADDR is no address", "KABAR_ADMIN_ADDR is no address", "SMPP_ADDR is no address", "KABAR_ALARM_TO is neither"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not told in:\n%v", want, err)
		}
	}
}

func TestSecretsComeFromFilesAndAreMasked(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	secret := strings.Repeat("x", 40)
	if err := os.WriteFile(file, []byte(secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(env(map[string]string{"KABAR_SECRET_FILE": file}))
	if err != nil {
		t.Fatal(err)
	}
	if c.Secret != secret {
		t.Errorf("secret %q", c.Secret)
	}
	if p := c.Print(); strings.Contains(p, secret) || !strings.Contains(p, "(set)") {
		t.Errorf("printed:\n%s", p)
	}
	if err := c.ForServe(); err == nil || !strings.Contains(err.Error(), "DATABASE_URL") {
		t.Errorf("serve without a database: %v", err)
	}
}

func TestUnderscoreInHost(t *testing.T) {
	if _, err := Load(env(map[string]string{"KABAR_PUBLIC_URL": "https://kabar_dinsos.example.id"})); err == nil {
		t.Error("accepted")
	}
}
