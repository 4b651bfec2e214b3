package scheduler_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// watched makes two replicas that tell one operator.
func (w *world) watched(phones *[]scheduler.Phone) (told *[]string, down *bool, both func(time.Duration)) {
	w.t.Helper()
	w.ownClock()
	told, down = new([]string), new(bool)
	c := w.Config
	c.Tell = func(_ context.Context, words string) error {
		if *down {
			return errors.New("the mail server is away")
		}
		*told = append(*told, words)
		return nil
	}
	if phones != nil {
		c.Phones = func() []scheduler.Phone { return *phones }
	}
	var replicas []*scheduler.Scheduler
	for range 2 {
		s, err := scheduler.New(c)
		w.must(err)
		replicas = append(replicas, s)
	}
	w.Scheduler = replicas[0]
	return told, down, func(d time.Duration) {
		w.t.Helper()
		w.pass(d)
		for _, s := range replicas {
			if err := s.Watch(w.ctx, w.Clock.Now()); err != nil && !*down {
				w.t.Fatal(err)
			}
		}
	}
}

func (w *world) heard(told *[]string, want ...string) {
	w.t.Helper()
	if !slices.Equal(*told, want) {
		w.t.Errorf("the operator was told\n  %s\nwant\n  %s", strings.Join(*told, "\n  "), strings.Join(want, "\n  "))
	}
	*told = nil
}

// A channel that is down is told once when it begins, daily while it lasts and once when it ends, by one of the replicas; a
// mail server that is away costs a delay, not the news.
func TestAlarmOfAChannel(t *testing.T) {
	w := newWorld(t, "2026-06-08 12:00")
	told, away, both := w.watched(nil)
	both(time.Second)
	w.heard(told)
	w.exec(`INSERT INTO outage (channel, reason, from_at) VALUES ('smpp', 'down', $1)`, w.Clock.Now())
	both(30 * time.Second)
	w.heard(told) // a minute is nothing
	*away = true
	both(time.Minute)
	w.heard(told)
	*away = false
	both(6 * time.Minute)
	w.heard(told, "KABAR: saluran smpp tidak jalan sejak Sen 8 Jun 12.00. Pesan menunggu, tidak ada yang hilang.")
	for range 10 {
		both(2 * time.Hour)
	}
	w.heard(told)
	both(5 * time.Hour)
	w.heard(told, "KABAR, masih: saluran smpp tidak jalan sejak Sen 8 Jun 12.00. Pesan menunggu, tidak ada yang hilang.")
	w.exec(`UPDATE outage SET to_at = $1`, w.Clock.Now())
	both(time.Minute)
	both(time.Minute)
	w.heard(told, "KABAR, selesai: saluran smpp tidak jalan sejak Sen 8 Jun 12.00. Pesan menunggu, tidak ada yang hilang.")
}

// Every trouble has its words.
func TestAlarmOfEverything(t *testing.T) {
	w := newWorld(t, "2026-06-08 12:00")
	phones := []scheduler.Phone{{Channel: "smsgate", Name: "hp1", Numbers: []string{"+6281100000011"}, Battery: 12}}
	told, _, both := w.watched(&phones)
	phones[0].SeenAt = w.Clock.Now()
	siti, _ := w.cast()
	now := w.Clock.Now()
	w.enqueue(prokus.Message{Person: siti, Kind: prokus.KindReply, Text: "button.stale"})
	w.exec(`INSERT INTO swept (at) VALUES ($1)`, now)
	w.exec(`INSERT INTO outage (channel, reason, from_at) VALUES ('twilio', 'credentials', $1)`, now)
	w.exec(`INSERT INTO budget (area, daily, monthly, changed_at) VALUES ('32.10', 1000, 100000, $1), ('ID', NULL, 1000, $1)`, now)
	w.exec(`INSERT INTO spending (area, day, channel, segments, cost) VALUES ('32.10', '2026-06-08', 'smsgate', 3, 850), ('ID', '2026-06-08', 'smsgate', 3, 1200)`)
	w.exec(`INSERT INTO credit (channel, amount, expires, at, spent_then) VALUES ('smsgate', 20500, '2026-06-12', $1, 300)`, now)
	both(3 * time.Minute)
	w.heard(told,
		"KABAR: saluran twilio menolak sandi kita sejak Sen 8 Jun 12.00. Periksa pengaturannya.",
		"KABAR: baterai HP hp1 tinggal 12% dan tidak diisi.",
		"KABAR: 1 pesan lewat waktunya, tertua sejak Sen 8 Jun 12.00.",
		"KABAR: anggaran pesan hari ini Majalengka terpakai 85%.",
		"KABAR: anggaran pesan bulan ini nasional terpakai 120%.", "KABAR: anggaran pesan bulan ini nasional terpakai 120%.",
		"KABAR: pulsa smsgate tinggal Rp19.600.", "KABAR: masa aktif pulsa smsgate habis Jum 12 Jun.")
	both(8 * time.Minute)
	w.heard(told, "KABAR: HP hp1 diam sejak Sen 8 Jun 12.00. Periksa listrik, jaringan dan aplikasinya.", "KABAR: jadwal tidak jalan sejak Sen 8 Jun 12.00. Periksa proses KABAR.")
}

// A phone that falls silent makes an outage from its last sign of life on; another replica's ignorance does not.
func TestASilentPhoneIsAnOutage(t *testing.T) {
	w := newWorld(t, "2026-06-08 12:00")
	phones := []scheduler.Phone{{Channel: "smsgate", Name: "hp1", Numbers: []string{"+6281100000011"}, Battery: 80}}
	_, _, both := w.watched(&phones)
	began := w.Clock.Now()
	phones[0].SeenAt = began
	both(time.Minute)
	phones[0].SeenAt = began.Add(-time.Hour) // a replica that started long ago and hears nothing
	both(5 * time.Minute)
	if n := one[int](w, `SELECT count(*) FROM outage`); n != 0 {
		t.Fatal("an outage after six minutes")
	}
	both(5 * time.Minute)
	if got := one[time.Time](w, `SELECT from_at FROM outage WHERE unit = 'hp1' AND to_at IS NULL AND numbers = '{+6281100000011}'`); !got.Equal(began.Truncate(time.Microsecond)) {
		t.Errorf("from %s, want %s", got, began)
	}
	phones[0].SeenAt = w.Clock.Now()
	both(time.Second)
	if n := one[int](w, `SELECT count(*) FROM outage WHERE to_at IS NULL`); n != 0 {
		t.Error("it does not end")
	}
}

// A bind or a poll that does not work is told after a minute, in the words of its first witness; a replica that stands by
// does not make it worse, and once any replica has it again it is over.
func TestALineThatIsBroken(t *testing.T) {
	w := newWorld(t, "2026-06-08 12:00")
	lines := []scheduler.Line{{Channel: "smpp"}, {Channel: "telegram"}}
	w.Config.Lines = func(time.Time) []scheduler.Line { return lines }
	told, _, both := w.watched(nil)
	works := func(i int, why string) {
		if lines[i].Why = why; why == "" {
			lines[i].SeenAt = w.Clock.Now().Add(time.Second)
		}
	}
	works(0, "")
	works(1, "")
	both(time.Second)
	works(0, scheduler.LineBarred)
	works(1, scheduler.LineTaken)
	both(40 * time.Second)
	w.heard(told)
	both(30 * time.Second)
	w.heard(told, "KABAR: saluran smpp menolak nama atau sandi kita sejak Sen 8 Jun 12.00. Periksa pengaturannya.",
		"KABAR: pesan saluran telegram diambil proses lain sejak Sen 8 Jun 12.00. Hentikan proses atau webhook itu.")
	works(0, scheduler.LineBroken) // another replica's reason is no news
	both(time.Minute)
	w.heard(told)
	if n := one[int](w, `SELECT count(*) FROM outage`); n != 2 {
		t.Errorf("%d outages", n)
	}
	works(0, "")
	both(time.Second)
	w.heard(told, "KABAR, selesai: saluran smpp menolak nama atau sandi kita sejak Sen 8 Jun 12.00. Periksa pengaturannya.")
	standby := []scheduler.Line{{Channel: "smpp", SeenAt: w.Clock.Now().Add(-time.Hour), Why: scheduler.LineBroken}}
	w.must(w.db.Schedule().KeepLines(w.ctx, standby, time.Minute, w.Clock.Now()))
	if n := one[int](w, `SELECT count(*) FROM outage WHERE channel = 'smpp' AND to_at IS NULL`); n != 0 {
		t.Error("a replica that stands by calls it broken")
	}
}

// While the phone that she writes to was down, her silence says nothing: the week is not counted, for her alone (programme.md 4.2).
func TestAGatewayThatWasDownSuppressesSilence(t *testing.T) {
	w := newWorld(t, "2026-05-25 12:00")
	siti, _ := w.cast()
	ani := w.person("482920", "Ani", "32.10.07", "+6285612340002")
	for id, our := range map[int64]string{siti: "+6281100000011", ani: "+6281100000022"} {
		w.exec(`INSERT INTO inbox (channel, provider_id, via, sender, recipient, kind, person_id, at) VALUES ('smsgate', $1, 'sms', 'x', $2, 'text', $3, $4)`,
			our, our, id, w.Clock.Now())
		w.report(id, "2026-W21", 100000)
	}
	// Siti's phone was silent from Sunday evening to Monday evening of the second week of silence.
	w.exec(`INSERT INTO outage (channel, unit, reason, numbers, from_at, to_at) VALUES ('smsgate', 'hp1', 'silent', '{+6281100000011}', $1, $2)`,
		local("2026-06-07 18:00"), local("2026-06-08 20:00"))
	w.until("2026-06-10 08:00")
	got := one[string](w, `SELECT coalesce(string_agg(p.name || ' ' || c.reason, ', '), '') FROM cases c JOIN person p ON p.id = c.person_id`)
	if got != "Ani DIAM2" {
		t.Errorf("cases: %s", got)
	}
}

// Broadcasts stop at the cap; answers and what concerns safety never do (faults.md K9).
func TestK9BroadcastsStopAtTheCap(t *testing.T) {
	w := newWorld(t, "2026-06-08 12:00")
	w.ownClock()
	siti, _ := w.cast()
	ani := w.person("482920", "Ani", "32.10.07", "+6285612340002")
	w.by([]scheduler.Terms{{Channel: "sim", Via: channels.SMS, Price: 350}}, w.sim)
	w.exec(`INSERT INTO budget (area, daily, changed_at) VALUES ('32.10', 700, now())`)
	send := func(person int64, kind prokus.Kind, after time.Duration) string {
		m := notice(person)
		if m.Kind = kind; after > 0 {
			m.NotAfter = w.Clock.Now().Add(after)
		}
		id := w.enqueue(m)
		w.must(w.Deliver(w.ctx, []string{id}))
		return id
	}
	first, second := send(siti, prokus.KindBroadcast, 0), send(ani, prokus.KindBroadcast, 0)
	third, short := send(siti, prokus.KindBroadcast, 48*time.Hour), send(ani, prokus.KindBroadcast, 2*time.Hour)
	for id, want := range map[string]string{first: "sent", second: "sent", third: "queued", short: "skipped",
		send(siti, prokus.KindReply, 0): "sent", send(siti, prokus.KindAlert, 0): "sent", send(siti, prokus.KindPrompt, 0): "sent"} {
		if w.state(id) != want {
			t.Errorf("%s, want %s", w.took(id)+" "+w.error(id), want)
		}
	}
	if got := w.error(third) + " " + w.error(short); got != "budget budget" {
		t.Error(got)
	}
	if got := one[string](w, `SELECT string_agg(area || ' ' || segments || ' ' || cost, ', ' ORDER BY area) FROM spending`); got != "32.10 5 1750, ID 5 1750" {
		t.Errorf("spent: %s", got)
	}
	w.pass(20 * time.Hour) // the next morning
	w.must(w.Drain(w.ctx))
	if w.state(third) != "sent" {
		t.Errorf("the next day: %s", w.took(third)+" "+w.error(third))
	}
}
