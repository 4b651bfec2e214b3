package console_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/console"
)

// livelyWorld has something on every page: eight weeks of reports, grants, cases, conversations and three broadcasts
// (a draft 1, one that waits for Nani's approval 2, one under way 3).
func livelyWorld(t testing.TB, change ...func(*console.Config)) *world {
	t.Helper()
	w := newWorld(t, change...)
	names := []string{"Siti Aminah", "Ani Suryani", "Yati Rohayati", "Euis Komariah", "Nurhalizahwati Kusumawardani Sastraatmadja", "Tuti Hartati", "Neneng", "Rohaeti",
		"Sumi", "Kokom Komalasari", "Mak Icih", "Dewi Lestari", "Imas Masitoh", "Lilis Karlina", "Nining", "Cucu Cahyati", "Popon", "Titin Sumarni", "Wati", "Yayah"}
	langs := []string{"id", "su", "jv"}
	for i, name := range names {
		area := "32.10.07"
		if i%3 == 2 {
			area = "32.10.09"
		}
		p := someone{code: code(i), name: name, area: area, lang: langs[i%3], phone: fmt.Sprintf("+62812%07d", i)}
		switch {
		case i == 0:
			p.code, p.phone, p.born = "482919", "+6281234567417", 1958
		case i == 1:
			p.code, p.phone = "173609", "+6281234567417" // on Siti's phone
		case i == 7:
			p.telegram = "471100"
		case i == 9:
			p.consent = "berhenti"
		case i == 10:
			p.phone = ""
		}
		id := w.person(p)
		w.exec(`INSERT INTO grants (person_id, batch_id, stage, since, known_at, amount, spent, bank, account_last4, receipts_due, note)
			VALUES ($1, 1, $2, '2026-03-10', $3, 3500000, 1250000, 'Bank Mandiri', '4417', '2026-07-10', '')`, id, map[bool]string{true: "bank", false: "cair"}[i%7 == 6], noon.AddDate(0, 0, -20))
		for back := range 8 {
			if (i*7+back*3)%11 < 2+back/3 {
				continue // silent that week
			}
			monday := time.Date(2026, 6, 1-7*back, 0, 0, 0, 0, time.UTC)
			amount := int64(400_000 + (i*53+back*91)%500*1000)
			if (i+back)%9 == 0 {
				amount = 0
			}
			w.exec(`INSERT INTO report (person_id, week, amount, channel, source, late, at, changed_at) VALUES ($1, $2, $3, 'sms', $4, $5, $6, $6)`,
				id, monday, amount, map[bool]string{true: "proxy", false: "self"}[i%6 == 5], back%5 == 4, monday.AddDate(0, 0, map[bool]int{true: 12, false: 6}[back%5 == 4]).Add(12*time.Hour))
		}
	}
	w.exec(`INSERT INTO grant_change (grant_id, from_stage, stage, since, at, by_staff)
		SELECT 1, '', s.stage, s.since::date, $1, $2 FROM (VALUES ('usul', '2026-01-12'), ('verif', '2026-01-20'), ('tetap', '2026-02-02'), ('bank', '2026-02-20'), ('cair', '2026-03-10')) s (stage, since)`,
		noon, w.staff["nani"])
	for i, c := range []struct {
		reason, status string
		secret         bool
		days           int
	}{{"KUNJUNG", "buka", false, -3}, {"DIAM2", "buka", false, 2}, {"TURUN", "pantau", false, 5}, {"MODAL_HABIS", "ditanya", false, 1}, {"POTONGAN", "buka", true, 0}, {"MACET", "buka", false, -1}, {"SAKIT", "selesai", false, -9}} {
		w.exec(`INSERT INTO cases (ticket, kabupaten, year, person_id, area_code, reason, status, priority, owner_id, confidential, note, opened_at, due_at, escalated_at, closed_at, outcome)
			VALUES ($1, '32.10', 2026, $2, '32.10.07', $3, $4, $5, $6, $7, 'pagi saja ya bu', $8, $9, $10, $11, $12)`,
			3100+i, i+1, c.reason, c.status, 100-5*i, w.staff["dedi"], c.secret, noon.AddDate(0, 0, -12+i), noon.AddDate(0, 0, c.days),
			map[bool]any{true: noon.AddDate(0, 0, -1), false: nil}[i == 0 || i == 5], map[bool]any{true: noon, false: nil}[c.status == "selesai"], "")
	}
	w.exec(`INSERT INTO case_event (case_id, at, by_staff, what, note) VALUES (1, $1, NULL, 'opened', ''), (1, $2, NULL, 'reminded', ''), (1, $3, $4, 'contacted', 'Janji datang Kamis pagi'), (1, $5, NULL, 'escalated', '')`,
		noon.AddDate(0, 0, -12), noon.AddDate(0, 0, -10), noon.AddDate(0, 0, -9), w.staff["dedi"], noon.AddDate(0, 0, -1))
	for i, m := range []struct{ kind, state, said, why string }{
		{"prompt", "delivered", "Bu Siti, total uang jualan 1-7 Jun berapa? Belum dipotong modal. Balas angka, misal 87rb. Libur balas 0. Gratis.", ""},
		{"reply", "delivered", "Tercatat Rp750.000 untuk 1-7 Jun, naik 12% dari minggu lalu. Salah? Balas UBAH lalu angkanya.", ""},
		{"notice", "failed", "Bu Siti, bantuan sudah masuk rekening. Ambil sendiri, tanpa potongan.", "invalid"},
		{"mentoring", "skipped", "", "cap"}, {"reminder", "queued", "", ""},
	} {
		w.exec(`INSERT INTO outbox (person_id, kind, lane, via, text_key, said, state, error_kind, not_before, created_at, sent_at, cost) VALUES (1, $1, 2, 'sms', $2, $3, $4, $5, $6, $6, $7, 350)`,
			m.kind, map[bool]string{true: "prompt.ask", false: ""}[m.said == ""], m.said, m.state, m.why, noon.Add(time.Duration(i-70)*time.Hour), map[bool]any{true: noon.Add(time.Duration(i-70) * time.Hour), false: nil}[m.said != ""])
	}
	w.exec(`INSERT INTO inbox (channel, provider_id, via, sender, kind, text, person_id, at) VALUES ('sim', 'a', 'sms', '+6281234567417', 'text', '750rb', 1, $1), ('sim', 'b', 'sms', '+6281234567417', 'text', 'bu kapan ada bimbingan lagi?', 1, $2)`,
		noon.Add(-70*time.Hour+time.Minute), noon.Add(-2*time.Hour))

	nani, yusuf := w.as("nani"), w.as("yusuf")
	text := map[string][]string{"nama": {"Bazar UMKM Kec. Maja"}, "teks_id": {"{sapaan} {nama}, bazar UMKM Kec. {kecamatan} Sab 20 Jun jam 08.00 di alun\u2019alun, lapak gratis untuk 30 orang. Mau ikut? Balas IKUT sebelum Sen 15 Jun"},
		"teks_su": {"{sapaan} {nama}, bazar UMKM Kec. {kecamatan} Sab 20 Jun tabuh 08.00. Bade ngiring? Bales IKUT"}, "tanggal": {"11-06-2026"}, "jam": {"10.00"}}
	nani.write(text)
	text["teks_id"] = []string{"Bazar UMKM Kec. {kecamatan} Sab 20 Jun jam 08.00 di alun-alun, lapak gratis untuk 30 orang. Mau ikut? Balas IKUT sebelum Sen 15 Jun"}
	second := yusuf.write(text)
	yusuf.submit(second, 18)
	third := nani.write(map[string][]string{"nama": {"Jadwal posyandu usaha"}, "teks_id": {"Posyandu usaha Kam 11 Jun jam 09.00 di balai desa."}})
	nani.submit(third, 18)
	yusuf.approve(third, 18)
	if w.state(second) != "diajukan" || w.state(third) != "disetujui" {
		t.Fatalf("the broadcasts are %s and %s", w.state(second), w.state(third))
	}
	w.fanOut(100)
	w.exec(`UPDATE outbox SET state = 'sent', said = literal, via = 'sms', sent_at = $1, cost = 350 WHERE broadcast_id = 3 AND person_id < 9`, noon)
	return w
}
