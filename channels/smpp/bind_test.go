package smpp

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/fake"
)

func TestG2AMuteCentreIsLeft(t *testing.T) {
	l := bound(t, func(c *Config) { c.EnquireEvery, c.ResponseTimeout = 20*time.Millisecond, time.Second })
	l.smsc.Mute(true)
	until(t, "the silence is noticed", func() bool { return l.Counts()["mute"] > 0 })
	if err := second(l.Send(t.Context(), outbound("Halo"))); kindOf(err) != channels.Temporary {
		t.Errorf("before a mute centre: %v", err)
	}
	l.smsc.Mute(false)
	until(t, "bound again", func() bool { return l.Health() == nil })
	if _, err := l.Send(t.Context(), outbound("Halo")); err != nil {
		t.Error(err)
	}
}

// Silence, its discovery and the first attempt to bind again fit into 30 s at the worst that New lets pass.
func TestG2WithinThirtySeconds(t *testing.T) {
	a, err := New(config(&clock{at: start}, newBook(), "127.0.0.1:2775"), newBook(), newBook())
	if err != nil {
		t.Fatal(err)
	}
	lowest, highest := time.Hour, time.Duration(0)
	for range 10_000 {
		d := spread(a.pause.first)
		lowest, highest = min(lowest, d), max(highest, d)
	}
	if worst := enquireMax + enquirePatience + highest; worst > 30*time.Second {
		t.Errorf("worst case %s", worst)
	}
	if highest-lowest < a.pause.first/2 {
		t.Errorf("no jitter: %s to %s", lowest, highest)
	}
}

func TestG7BindRefused(t *testing.T) {
	for _, c := range []struct {
		name   string
		status uint32
		want   channels.ErrorKind
	}{
		{"wrong password", 0x0E, channels.Misconfig}, {"wrong system id", 0x0F, channels.Misconfig}, {"bind failed", 0x0D, channels.Misconfig},
		{"bound already", 0x05, channels.Throttled}, {"system error", 0x08, channels.Temporary},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := center(t)
			d.RefuseBind(c.status)
			l := linked(t, d, func(c *Config) { c.Patience = 30 * time.Millisecond })
			until(t, "refused", func() bool { return l.Counts()["bind_refused"] > 1 }) // and tried again, slowly
			until(t, "the refusal is told", func() bool {                              // an attempt on a busy machine may end in a lost connection first
				err := l.Health()
				return err != nil && strings.Contains(err.Error(), codeOf(c.status))
			})
			if !strings.Contains(l.book.said(), "level=ERROR") {
				t.Errorf("no alarm: %s", l.book.said())
			}
			err := second(l.Send(t.Context(), outbound("Halo")))
			if kindOf(err) != c.want || d.Calls() != 0 {
				t.Errorf("%v, %d calls", err, d.Calls())
			}
			d.RefuseBind(0)
			until(t, "bound", func() bool { return l.Health() == nil })
			if _, err := l.Send(t.Context(), outbound("Halo")); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestG7ASecondBindUnderTheSameNameWaits(t *testing.T) {
	l := bound(t, nil)
	other := linked(t, l.smsc, func(c *Config) { c.Patience = 20 * time.Millisecond })
	until(t, "the second is refused", func() bool { return other.Counts()["bind_refused"] > 0 })
	until(t, "it knows that it stands by", func() bool { return standby(other.Health()) })
	err := second(other.Send(t.Context(), outbound("Halo")))
	if _, se := channels.KindOf(err); se.Kind != channels.Throttled || se.RetryAfter != 0 || se.Code != "standby" { // no attempt is burnt, and no gate closes for the one that is bound
		t.Error(err)
	}
	if l.Health() != nil || l.smsc.Bound() != 1 {
		t.Errorf("the first: %v, %d bound", l.Health(), l.smsc.Bound())
	}
	l.stop() // the first process ends, the second takes over
	until(t, "the second is bound", func() bool { return other.Health() == nil })
}

func TestG7SlowlyAndSpread(t *testing.T) {
	a, err := New(config(&clock{at: start}, newBook(), "127.0.0.1:2775"), newBook(), newBook())
	if err != nil {
		t.Fatal(err)
	}
	if p := a.pause; p.refused < 30*time.Second || p.refusedMost > 10*time.Minute || spread(p.refused) < 15*time.Second {
		t.Errorf("%+v", p)
	}
}

func TestTheCentreUnbindsOrTalksNonsense(t *testing.T) {
	l := bound(t, nil)
	for name, play := range map[string]func(){
		"unbind":            l.smsc.Unbind,
		"impossible length": func() { l.smsc.Send([]byte{0xff, 0xff, 0xff, 0xff, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1}) },
	} {
		binds := l.smsc.Binds()
		play()
		if !l.smsc.Await(limit, func() bool { return l.smsc.Binds() > binds }) {
			t.Fatalf("%s: not bound again", name)
		}
		until(t, "bound", func() bool { return l.Health() == nil })
	}
	binds := l.smsc.Binds()
	for _, odd := range []string{
		"00000010 00000021 00000000 00000001", // submit_multi
		"00000011 80000004 00000000 7000000000",
		"00000013 00000005 00000000 00000002 000101", // a deliver_sm without its end
		"00000010 00000015 00000000 00000003",
	} {
		l.smsc.Send(wire(t, odd))
	}
	if _, err := l.Send(t.Context(), outbound("Halo")); err != nil || l.smsc.Binds() != binds {
		t.Errorf("%v, %d binds more", err, l.smsc.Binds()-binds)
	}
	if c := l.Counts(); c["unknown_command"] != 1 || c["unexpected_answer"] != 1 || c["malformed"] != 2 {
		t.Errorf("%v", c)
	}
}

func TestTLS(t *testing.T) {
	cert, pool := certificate(t)
	d, err := fake.ListenSMSC("127.0.0.1:0", system, password, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	l := linked(t, d, func(c *Config) { c.TLS = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12} })
	until(t, "bound", func() bool { return l.Health() == nil })
	if _, err := l.Send(t.Context(), outbound("Halo")); err != nil {
		t.Fatal(err)
	}
	d.Drop(1, true)
	if err := second(l.Send(t.Context(), outbound("Lagi"))); kindOf(err) != channels.Ambiguous {
		t.Error(err)
	}
	wrong := linked(t, d, func(c *Config) {
		c.TLS = &tls.Config{RootCAs: x509.NewCertPool(), MinVersion: tls.VersionTLS12}
		c.Patience = 20 * time.Millisecond
	})
	until(t, "an unknown certificate is refused", func() bool {
		var unknown x509.UnknownAuthorityError
		return errors.As(wrong.Health(), &unknown)
	})
	if err := second(wrong.Send(t.Context(), outbound("Halo"))); kindOf(err) != channels.Temporary {
		t.Error(err)
	}
}

func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}
