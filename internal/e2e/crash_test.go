package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/fake"
	"github.com/kabar-prokus/kabar/internal/pgtest"
)

const (
	waitLong = 2 * time.Minute
	account  = "AC00000000000000000000000000000e2e"
	token    = "e2etoken00000000000000000000e2e0"
	service  = "+6281100000000"
)

// twilioEnv points the program at a double.
func twilioEnv(d *fake.Twilio, more ...string) []string {
	return append([]string{"TWILIO_ACCOUNT_SID=" + account, "TWILIO_AUTH_TOKEN=" + token, "TWILIO_FROM=" + service, "KABAR_TWILIO_URL=" + d.URL()}, more...)
}

func (p *program) webhook() string { return p.base + "/channels/twilio/messages" }

// TestSameWebhookManyTimes delivers each of 100 signed webhooks 100 times at once: 100 rows, 100 replies (faults.md A1).
func TestSameWebhookManyTimes(t *testing.T) {
	t.Parallel()
	const messages, copies = 100, 100
	d := fake.NewTwilio(account, token)
	t.Cleanup(d.Close)
	p := start(t, twilioEnv(d), "--empty", "--clock", "2026-06-07T19:02:00+07:00")
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: copies}}
	for i := range messages {
		from := fmt.Sprintf("+62812%08d", i)
		sid := fmt.Sprintf("SM%032x", i)
		form := d.InboundForm(from, service, "status", sid)
		barrier := make(chan struct{})
		var wg sync.WaitGroup
		for range copies {
			wg.Go(func() {
				<-barrier
				r, err := client.Do(d.Request(p.webhook(), form))
				if err != nil {
					t.Error(err)
					return
				}
				r.Body.Close()
				if r.StatusCode != http.StatusOK {
					t.Errorf("copy of %s answered %d", sid, r.StatusCode)
				}
			})
		}
		close(barrier)
		wg.Wait()
	}
	p.wait("all replies", waitLong, func() bool { return len(d.Messages()) >= messages })
	if n := len(d.Messages()); n != messages {
		t.Errorf("%d replies for %d messages", n, messages)
	}
	for i := range messages {
		if n := len(d.To(fmt.Sprintf("+62812%08d", i))); n != 1 {
			t.Errorf("message %d was answered %d times", i, n)
		}
		if n := len(p.phone(fmt.Sprintf("+62812%08d", i))); n != 2 {
			t.Errorf("message %d: %d rows on the phone, want one in and one out", i, n)
		}
	}
}

// TestKilledBetweenCommitAndSend kills the program twenty times after the turn's commit and before the provider is called:
// every reply arrives once (faults.md B1).
func TestKilledBetweenCommitAndSend(t *testing.T) {
	t.Parallel()
	const kills = 20
	d := fake.NewTwilio(account, token)
	t.Cleanup(d.Close)
	p := start(t, twilioEnv(d, "DATABASE_URL="+pgtest.URL(t)), "--empty", "--clock", "2026-06-07T19:02:00+07:00")
	p.kill()
	for i := range kills {
		p.run([]string{"KABAR_CRASH_AT=before_send"})
		p.ready()
		from := fmt.Sprintf("+62812%08d", i)
		r, err := http.DefaultClient.Do(d.Inbound(p.webhook(), from, service, "status"))
		if err == nil { // the kill may come before the acknowledgement has been read
			r.Body.Close()
		}
		<-p.done
	}
	if n := len(d.Messages()); n != 0 {
		t.Fatalf("%d messages left before the crash point", n)
	}
	p.run(nil)
	p.ready()
	p.wait("all replies after the crashes", waitLong, func() bool { return len(d.Messages()) >= kills })
	for i := range kills {
		if n := len(d.To(fmt.Sprintf("+62812%08d", i))); n != 1 {
			t.Errorf("sender %d was answered %d times", i, n)
		}
	}
	if twice := d.Doubled(); len(twice) > 0 {
		t.Errorf("%d messages arrived twice", len(twice))
	}
}

// TestKilledInABroadcast kills the program five times in the middle of a broadcast to 2,000: nobody is missed, nobody is
// told twice (faults.md K5).
func TestKilledInABroadcast(t *testing.T) {
	t.Parallel()
	const people, kills = 2000, 5
	d := fake.NewTwilio(account, token)
	t.Cleanup(d.Close)
	dsn := pgtest.URL(t)
	p := start(t, twilioEnv(d, "DATABASE_URL="+dsn), "--empty", "--clock", "2026-06-10T09:00:00+07:00")
	p.imports("staff", staffList+"Koordinator;Pak Asep Hidayat;081190000014;Majalengka;;Dinsos Majalengka;asep@example.id\n", 4)
	var list strings.Builder
	list.WriteString("Nama;No HP;Kabupaten;Kecamatan;Desa;Bahasa;Persetujuan\n")
	for i := range people {
		fmt.Fprintf(&list, "Ibu Nomor%d;0813%08d;Majalengka;Maja;Cengal;Indonesia;2026-05-04\n", i, i)
	}
	p.imports("people", list.String(), people)
	p.broadcast(dsn, "Bazar UMKM Kec. Maja Sab 20 Jun jam 08.00 di alun-alun, lapak gratis.")
	for i := range kills {
		want := (i + 1) * people / (kills + 2)
		p.wait("the broadcast to get on", waitLong, func() bool { return len(d.Messages()) >= want })
		p.kill()
		p.run(nil)
		p.ready()
	}
	p.wait("the broadcast to end", 4*time.Minute, func() bool { return len(d.Messages()) >= people })
	for i := range people {
		if n := len(d.To(fmt.Sprintf("+62813%08d", i))); n != 1 {
			t.Errorf("person %d was told %d times", i, n)
		}
	}
	if n := len(d.Messages()); n != people {
		t.Errorf("%d messages for %d people", n, people)
	}
}
