package scheduler_test

import (
	"strings"
	"testing"

	"github.com/kabar-prokus/kabar/scheduler"
)

// Whoever may approve a broadcast reads it, opens it or sends it back from the chat (J9-TG-01); keys that open a page are for
// staff in a chat.
func TestTheKeysOfAnApprover(t *testing.T) {
	tg := &provider{name: "telegram"}
	w := newWorldWith(t, "2026-06-10 10:00", func(c *scheduler.Config) {
		c.Senders, c.PublicURL = append(c.Senders, tg), "https://kabar.example.go.id"
	})
	yusuf := w.staff("koordinator", "Pak", "Yusuf", "32.10", "+6281100000003")
	w.exec(`INSERT INTO address (staff_id, kind, value, linked_at) VALUES ($1, 'telegram', '4711', '2026-01-01')`, yusuf)
	w.exec(`INSERT INTO outbox (staff_id, via, recipient, kind, lane, text_key, buttons, not_before, created_at)
		SELECT $1, v.via, v.recipient, 'notice', 2, 'approval.refused', '{"review": 7}', '2026-06-10 10:00+07', '2026-06-10 10:00+07'
		FROM (VALUES ('telegram', '4711'), ('sms', '+6281100000003')) AS v (via, recipient)`, yusuf)
	_, err := w.Advance(w.ctx, local("2026-06-10 10:05"))
	w.must(err)
	got := tg.all()
	if len(got) != 1 || len(got[0].Buttons) != 1 || len(got[0].Buttons[0]) != 3 {
		t.Fatalf("by Telegram: %+v", got)
	}
	row := got[0].Buttons[0]
	if row[0].Data != "v:7:r" || row[1].URL != "https://kabar.example.go.id/siaran/7" || row[1].Label != "Buka di konsol" || row[2].Data != "v:7:n" {
		t.Errorf("keys %+v", row)
	}
	for _, m := range w.sim.all() {
		for _, r := range m.Buttons {
			for _, b := range r {
				if b.URL != "" {
					t.Errorf("by SMS there is a key that opens %s", b.URL)
				}
			}
		}
	}
}

// J10-SMS-01 to the letter: the head of the office hears of the week on Wednesday at eight, because she asked for it.
func TestTheWeekOfTheOffice(t *testing.T) {
	w := newWorld(t, "2026-06-09 22:00")
	nani := w.staff("koordinator", "Bu", "Nani", "32.10", "+6281100000002")
	w.staff("koordinator", "Pak", "Yusuf", "32.10", "+6281100000003") // did not ask for it
	w.exec(`INSERT INTO area (code, parent, level, name, zone) VALUES ('32.10.09', '32.10', 3, 'Sukahaji', 'Asia/Jakarta')`)
	w.exec(`INSERT INTO batch (name, amount, opened_on) VALUES ('ProKUS 2026', 3500000, '2026-01-05')`)
	w.exec(`INSERT INTO person (code, name, area_code, zone, created_at) SELECT 'x' || i, 'Orang ' || i, CASE WHEN i % 2 = 0 THEN '32.10.07' ELSE '32.10.09' END, 'Asia/Jakarta', '2026-01-01'
		FROM generate_series(1, 1240) i`)
	w.exec(`INSERT INTO grants (person_id, batch_id, stage, since, known_at, amount, spent) SELECT id, 1, 'selesai', '2026-03-01', '2026-03-01', 3500000, 3500000 FROM person`)
	// 980 of 1.240 are 79 percent, 1.021 are 82; five more came on Wednesday and are late.
	w.exec(`INSERT INTO report (person_id, week, amount, channel, at, changed_at) SELECT id, '2026-05-25', 500000, 'sms', '2026-06-01 09:00+07', '2026-06-01 09:00+07' FROM person ORDER BY id LIMIT 980`)
	w.exec(`INSERT INTO report (person_id, week, amount, channel, at, changed_at)
		SELECT id, '2026-06-01', 640000 + (row_number() OVER (ORDER BY id) - 511) * 100, 'sms', '2026-06-07 19:00+07', '2026-06-07 19:00+07' FROM person ORDER BY id LIMIT 1021`)
	w.exec(`INSERT INTO cases (ticket, kabupaten, year, person_id, area_code, reason, priority, opened_at, due_at, escalated_at)
		SELECT 5000 + row_number() OVER (ORDER BY id), '32.10', 2026, id, area_code, 'SAKIT', 80, '2026-06-02', '2026-06-04',
			CASE WHEN id IN (1, 3, 5) OR id = 2 THEN '2026-06-05 16:00+07'::timestamptz END FROM person ORDER BY id LIMIT 96`)
	said := func(all []string) (ours []string) {
		for _, s := range all {
			if strings.Contains(s, "KABAR Kab") {
				ours = append(ours, s)
			}
		}
		return ours
	}
	w.expect(said(w.until("2026-06-10 08:30")))
	w.exec(`UPDATE staff SET weekly_summary = true WHERE id = $1`, nani)
	w.exec(`UPDATE rule_slot SET swept_to = '2026-06-10 07:59+07' WHERE rule = 'office.weekly'`)
	w.expect(said(w.until("2026-06-10 08:31")),
		"Wed 10 08:30 002: KABAR Kab Majalengka 1-7 Jun: lapor 1.021/1.240 (82%), naik 3. Median Rp640.000. Perlu perhatian 96. Lewat batas 4: Maja 1, Sukahaji 3.")
	// A second sweep of the same slot says nothing twice.
	w.exec(`UPDATE rule_slot SET swept_to = '2026-06-10 07:59+07' WHERE rule = 'office.weekly'`)
	w.expect(said(w.until("2026-06-10 08:32")))
	// A pause of the programme: nobody had to report, so there is nothing to tell.
	w.exec(`INSERT INTO pause (from_day, to_day, name) VALUES ('2026-06-08', '2026-06-14', 'Lebaran')`)
	w.expect(said(w.until("2026-06-17 09:00")))
	// Fewer than eight sellers: the median would tell of single people. With nothing to compare, no points.
	w.exec(`DELETE FROM report`)
	w.exec(`UPDATE cases SET status = 'selesai'`)
	w.exec(`INSERT INTO report (person_id, week, amount, channel, at, changed_at) SELECT id, '2026-06-15', 500000, 'sms', '2026-06-22', '2026-06-22' FROM person ORDER BY id LIMIT 7`)
	w.expect(said(w.until("2026-06-24 08:00")),
		"Wed 24 08:00 002: KABAR Kab Majalengka 15-21 Jun: lapor 7/1.240 (1%). Median belum ada. Perlu perhatian 0. Lewat batas 0.")
}

// A kabupaten chooses its own hour for the week of its office; the others keep theirs.
func TestTheHourOfAnOffice(t *testing.T) {
	w := newWorldWith(t, "2026-06-09 22:00", only("office.weekly"))
	for i, area := range []string{"32.10", "73.06"} {
		id := w.staff("koordinator", "Bu", "Nani", area, "+628110000000"+string(rune('1'+i)))
		w.exec(`UPDATE staff SET weekly_summary = true WHERE id = $1`, id)
	}
	w.exec(`INSERT INTO batch (name, amount, opened_on) VALUES ('2026', 3500000, '2026-01-05')`)
	for i, area := range []string{"32.10.07", "73.06.01"} {
		p := w.person([]string{"482919", "173609"}[i], "Siti", area, "+628123456741"+string(rune('0'+i)))
		w.exec(`INSERT INTO grants (person_id, batch_id, stage, since, known_at, amount, spent) VALUES ($1, 1, 'selesai', '2026-03-01', '2026-03-01', 3500000, 3500000)`, p)
	}
	w.exec(`INSERT INTO rule_version (area_code, key, value, valid_from, at) VALUES ('32.10', 'office.weekly.at', '30 9 * * 4', '2026-06-01', '2026-06-01')`)
	w.expect(w.until("2026-06-13 12:00"),
		"Wed 10 07:00 002: KABAR Kab Gowa 1-7 Jun: lapor 0/1 (0%), sama. Median belum ada. Perlu perhatian 0. Lewat batas 0.",
		"Thu 11 09:30 001: KABAR Kab Majalengka 1-7 Jun: lapor 0/1 (0%), sama. Median belum ada. Perlu perhatian 0. Lewat batas 0.")
}
