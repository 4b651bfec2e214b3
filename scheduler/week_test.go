package scheduler_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// The week of J3-SMS-01 and J3-SMS-08, to the letter.
func TestTheWeekOfTheTranscripts(t *testing.T) {
	w := newWorld(t, "2026-06-07 12:00")
	siti, _ := w.cast()
	for week, amount := range map[string]int64{"2026-W19": 600_000, "2026-W20": 610_000, "2026-W21": 640_000, "2026-W22": 670_000} {
		w.report(siti, week, amount)
	}
	w.expect(w.until("2026-06-07 19:00"),
		"Sun 07 18:30 417: Bu Siti, total uang jualan 1-7 Jun berapa? Belum dipotong modal. Balas angka saja, misal 87rb. Libur balas 0. Gratis. -Pak Dedi, TKSK")
	if ref := one[string](w, `SELECT ref || ' ' || typed || ' ' || (vars ->> 'week') FROM place WHERE owner = $1`, fmt.Sprintf("p:%d", siti)); ref != "report#ask amount 2026-W23" {
		t.Errorf("her place is %s", ref)
	}
	w.expect(w.until("2026-06-08 13:00"),
		"Mon 08 07:30 001: KABAR Sen 8 Jun: tidak ada yang perlu dibantu. Lapor minggu lalu 0 dari 1 (0%). Terima kasih Pak Dedi.",
		"Mon 08 12:30 417: Bu Siti, laporan 1-7 Jun belum masuk. Balas angkanya sekarang, contoh 87rb. Libur balas 0. -Pak Dedi, TKSK")
	w.expect(w.until("2026-06-09 23:00"),
		"Tue 09 17:00 417: Bu Siti, malam ini laporan 1-7 Jun ditutup. Balas angka jualannya. Repot? Balas TELEPON, Pak Dedi akan menelepon.")
	if n := one[int](w, `SELECT count(*) FROM place`); n != 1 {
		t.Errorf("%d open questions, want the newest only (R03)", n)
	}
}

func TestManyHaveReported(t *testing.T) {
	w := newWorld(t, "2026-06-08 12:00")
	w.cast()
	for i := range 70 {
		id := w.person(prokus.WithCheckDigit(fmt.Sprint(20000+i)), fmt.Sprintf("Ani %d", i), "32.10.07", fmt.Sprintf("+62812000%05d", i))
		if i < 62 {
			w.report(id, "2026-W23", 500_000)
		}
	}
	got := w.until("2026-06-08 12:30")
	if len(got) != 9 || got[0] != "Mon 08 12:30 417: Bu Siti, laporan 1-7 Jun belum masuk. 62 dari 71 teman sekecamatan sudah lapor. Balas angkanya sekarang, contoh 87rb." {
		t.Errorf("%d messages, first %q", len(got), got[0])
	}
}

// A report between prompt and reminder, a provisional one, leave, and a shared number.
func TestWhoIsNotReminded(t *testing.T) {
	w := newWorld(t, "2026-06-07 12:00")
	siti, _ := w.cast()
	ani := w.person("173609", "Ani", "32.10.07", "+6281234567418")
	yati := w.person("550210", "Yati", "32.10.07", "+6281234567419")
	w.report(ani, "2026-W23", 400_000)
	w.exec(`UPDATE report SET provisional = true WHERE person_id = $1`, ani)
	w.exec(`INSERT INTO leave (person_id, from_week, to_week) VALUES ($1, '2026-06-01', '2026-06-01')`, yati)
	w.expect(w.until("2026-06-07 18:30"),
		"Sun 07 18:30 417: Bu Siti, total uang jualan 1-7 Jun berapa? Belum dipotong modal. Balas angka saja, misal 87rb. Libur balas 0. Gratis. -Pak Dedi, TKSK",
		"Sun 07 18:30 418: Bu Ani, 1-7 Jun sudah disimpan Rp400.000. Ada tambahan? Balas angka tambahannya, atau balas PAS bila tidak berubah. -Pak Dedi, TKSK")
	w.report(siti, "2026-W23", 750_000)
	w.expect(w.until("2026-06-10 07:00"), "Mon 08 07:30 001: KABAR Sen 8 Jun: tidak ada yang perlu dibantu. Lapor minggu lalu 2 dari 2 (100%). Terima kasih Pak Dedi.")
}

// The door asks again at the moment of sending (faults.md D10).
func TestD10ReportedWhileTheReminderWaits(t *testing.T) {
	w := newWorld(t, "2026-06-08 12:00")
	siti, _ := w.cast()
	w.until("2026-06-08 12:29")
	w.must(w.Clock.Set(w.ctx, local("2026-06-08 12:30")))
	w.must(w.Sweep(w.ctx, w.Clock.Now()))
	w.report(siti, "2026-W23", 750_000)
	w.must(w.Drain(w.ctx))
	if got := w.sim.all(); len(got) != 0 {
		t.Errorf("sent %q", got[0].Text)
	}
	if s := one[string](w, `SELECT state || ' ' || error FROM outbox WHERE person_id = $1`, siti); s != "cancelled reported" {
		t.Errorf("the reminder is %s", s)
	}
}

func TestSharedNumber(t *testing.T) {
	w := newWorld(t, "2026-06-14 12:00")
	siti, _ := w.cast()
	ani := w.person("173609", "Ani", "32.10.07", "+6281234567417")
	w.exec(`UPDATE address SET letter = CASE person_id WHEN $1 THEN 'A' WHEN $2 THEN 'B' ELSE '' END`, siti, ani)
	w.expect(w.until("2026-06-14 19:00"),
		"Sun 14 18:30 417: Bu Siti (A), total uang jualan 8-14 Jun berapa? Belum dipotong modal. Balas A lalu angkanya, misal A 87rb. Libur balas A 0. Gratis.",
		"Sun 14 19:00 417: Bu Ani (B), total uang jualan 8-14 Jun berapa? Belum dipotong modal. Balas B lalu angkanya, misal B 87rb. Libur balas B 0. Gratis.")
}

// J1-SMS-05: the second invitation, silence, work for the TKSK.
func TestInvitationWithoutAnswer(t *testing.T) {
	w := newWorld(t, "2026-05-04 09:00")
	siti, _ := w.cast()
	w.exec(`UPDATE person SET consent = 'diundang', consent_at = NULL, last_seen = NULL, invited_at = $2 WHERE id = $1`, siti, w.Clock.Now())
	got := w.until("2026-05-13 23:00")
	w.expect(got, "Thu 07 12:30 417: Bu Siti, Pak Dedi titip pesan: ikut KABAR gratis, supaya mudah cek bantuan dan bimbingan. Balas YA. Tidak mau? Balas STOP.")
	w.expect(w.until("2026-05-15 07:00"), "Thu 14 07:30 001: KABAR Kam 14 Mei: 1 perlu dibantu. 1 Siti belum jawab. Balas nomornya")
	w.exec(`UPDATE person SET consent = 'ya', last_seen = $2 WHERE id = $1`, siti, w.Clock.Now())
	w.until("2026-05-16 07:00")
	if s := one[string](w, `SELECT status || ' ' || outcome FROM cases`); s != "selesai pulih" {
		t.Errorf("the case is %s", s)
	}
	w.until("2026-05-17 12:00")
	if n := one[int](w, `SELECT count(*) FROM cases`); n != 1 {
		t.Errorf("%d cases, want one", n)
	}
}

// After an outage over question and reminder she is asked once, not twice in a row.
func TestD1OutageOverQuestionAndReminder(t *testing.T) {
	w := newWorld(t, "2026-06-07 12:00")
	siti, _ := w.cast()
	w.must(w.Sweep(w.ctx, w.Clock.Now()))
	w.must(w.Clock.Set(w.ctx, local("2026-06-08 13:00")))
	w.must(w.Sweep(w.ctx, w.Clock.Now()))
	w.until("2026-06-08 20:00")
	if got := one[string](w, `SELECT string_agg(kind || ' ' || state || ' ' || error, ', ' ORDER BY seq) FROM outbox WHERE person_id = $1`, siti); got != "prompt sent , reminder skipped just_asked" {
		t.Error(got)
	}
}

// Who could not be read asks by bracket the next week (J3-SMS-05), by buttons on Telegram.
func TestQuestionByBracket(t *testing.T) {
	tg := &provider{name: "telegram"}
	w := newWorldWith(t, "2026-06-07 18:00", func(c *scheduler.Config) { c.Senders = append(c.Senders, tg) })
	siti, _ := w.cast()
	ani := w.person("173609", "Ani", "32.10.07", "+6281234567418")
	w.exec(`UPDATE person SET bracket = true`)
	w.exec(`UPDATE address SET kind = 'telegram', value = '4711' WHERE person_id = $1`, ani)
	_, err := w.Advance(w.ctx, local("2026-06-07 18:30"))
	w.must(err)
	if got := w.sim.all(); len(got) != 1 || got[0].Text != "Bu Siti, uang jualan 1-7 Jun? Balas 1 di bawah 250rb, 2 antara 250-500rb, 3 antara 500rb-1jt, 4 di atas 1jt, 0 libur" || got[0].Buttons != nil {
		t.Errorf("by SMS: %+v", got)
	}
	got := tg.all()
	if len(got) != 1 || got[0].To != "4711" || len(got[0].Buttons) != 2 || got[0].Buttons[1][1].Label != "Libur" || got[0].Buttons[1][1].Data != "o:"+got[0].ID+":0" {
		t.Errorf("by Telegram: %+v", got)
	}
	if ref := one[string](w, `SELECT string_agg(DISTINCT ref, ' ') FROM place WHERE owner LIKE 'p:%'`); ref != "report#bracket" {
		t.Errorf("they are at %s", ref)
	}
	if n := one[int](w, `SELECT cost::int FROM outbox WHERE person_id = $1`, siti); n != 350 {
		t.Errorf("one SMS costs %d", n)
	}
}

// Broadcasts that are due are written by their own room, as often as it says that there is more.
func TestSweepFansOut(t *testing.T) {
	calls := 0
	w := newWorldWith(t, "2026-06-08 12:00", func(c *scheduler.Config) {
		c.FanOut = func(_ context.Context, now time.Time, limit int) (int, bool, error) {
			calls++
			return limit, calls%3 != 0, nil
		}
	})
	w.must(w.Sweep(w.ctx, w.Clock.Now()))
	if calls != 3 {
		t.Errorf("called %d times", calls)
	}
}
