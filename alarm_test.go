package main

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/config"
	"github.com/kabar-prokus/kabar/internal/fake"
)

// An alarm reaches the operator's mailbox through a strict server, with a log-in, to every address.
func TestAlarmByMail(t *testing.T) {
	double := fake.NewSMTP("kabar", "s3cret")
	defer double.Close()
	p := &program{outside: &outside{now: time.Now, log: slog.New(slog.DiscardHandler)}, cfg: config.Config{
		SMTPURL: "smtp://kabar:s3cret@" + double.Addr + "?from=kabar@example.go.id", AlarmTo: "jaga@example.go.id,kedua@example.go.id",
		PublicURL: "https://kabar.example.go.id",
	}}
	tell, err := p.teller()
	if err != nil {
		t.Fatal(err)
	}
	words := "KABAR: saluran smpp tidak jalan sejak Sen 8 Jun 12.00. Pesan menunggu, tidak ada yang hilang."
	double.Refuse(1)
	if err := tell(context.Background(), words); err == nil {
		t.Error("a refusal is taken for a success")
	}
	if err := tell(context.Background(), words); err != nil {
		t.Fatal(err)
	}
	got := double.Mails()
	if len(got) != 1 || got[0].From != "kabar@example.go.id" || strings.Join(got[0].To, " ") != "jaga@example.go.id kedua@example.go.id" {
		t.Fatalf("%+v", got)
	}
	for _, want := range []string{"Subject: KABAR: saluran smpp tidak jalan", "https://kabar.example.go.id/saluran"} {
		if !strings.Contains(got[0].Text, want) {
			t.Errorf("%q is not in\n%s", want, got[0].Text)
		}
	}
	p.cfg.SMTPURL = "smtp://kabar:wrong@" + double.Addr
	if tell, err = p.teller(); err != nil {
		t.Fatal(err)
	}
	if err := tell(context.Background(), words); err == nil || strings.Contains(err.Error(), "wrong@") {
		t.Errorf("a wrong password: %v", err)
	}
}

// Settings that cannot work are told at the start.
func TestAlarmSettings(t *testing.T) {
	for _, c := range []config.Config{{AlarmTo: "jaga@example.go.id"}, {AlarmTo: "telegram:4711"}, {AlarmTo: "jaga@example.go.id", SMTPURL: "smtp://host:x"}} {
		p := &program{cfg: c}
		if _, err := p.teller(); err == nil {
			t.Errorf("%+v is taken", c)
		}
	}
	if tell, err := (&program{}).teller(); err != nil || tell != nil {
		t.Errorf("nobody to tell: %v", err)
	}
}
