package scheduler_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// While the post is vacant nobody signs the question (R17).
func TestQuestionWithoutATKSK(t *testing.T) {
	w := newWorld(t, "2026-06-07 12:00")
	_, dedi := w.cast()
	w.exec(`DELETE FROM staff_area WHERE staff_id = $1`, dedi)
	w.expect(w.until("2026-06-08 13:00"),
		"Sun 07 18:30 417: Bu Siti, total uang jualan 1-7 Jun berapa? Belum dipotong modal. Balas angka saja, misal 87rb. Libur balas 0. Gratis.",
		"Mon 08 12:30 417: Bu Siti, laporan 1-7 Jun belum masuk. Balas angkanya sekarang, contoh 87rb. Libur balas 0.")
}

// R14: what nobody asked for carries her letter on a number of several people, and neither money nor status. The same row to a
// number of her own says everything.
func TestUnaskedOnASharedNumber(t *testing.T) {
	day := time.Date(2026, 6, 10, 0, 0, 0, 0, time.UTC)
	args := text.Args{
		"sapaan": text.Str("Bu"), "nama": text.Name("Siti"), "ibu": text.Str("Ibu"), "tksk": text.Str("Pak Dedi"), "no": text.Str("3107"),
		"tgl": text.Date(day), "jam": text.Str("10.00"), "tempat": text.Str("Balai Desa Cengal"), "mentor": text.Str("Bu Rina"), "materi": text.Str(""),
		"jumlah": text.Rp(3_500_000), "bank": text.Str("BRI"), "akhir": text.Str("4417"), "rentang": text.Week(day.AddDate(0, 0, -2)), "petugas": text.Str("Pak Dedi"),
	}
	raw, err := json.Marshal(args)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		kind              prokus.Kind
		key, opens        string
		shared, hers      string
		stillOpensOnShare bool
	}{
		{prokus.KindNotice, "case.helped", "case#helped",
			"Bu Siti (A), apakah tiket 3107 sudah dibantu Pak Dedi? Balas A 1 Sudah, A 2 Belum, A 3 Belum tuntas",
			"Bu Siti, apakah tiket 3107 sudah dibantu Pak Dedi? Balas 1 Sudah 2 Belum 3 Belum tuntas", true},
		{prokus.KindMentoring, "mentoring.eve", "mentoring#rsvp",
			"Bu Siti (A), BESOK Rab 10 Jun jam 10.00 bimbingan di Balai Desa Cengal dgn Bu Rina. Balas A 1 Datang, A 2 Tidak bisa, A 3 Ganti",
			"Bu Siti, BESOK Rab 10 Jun jam 10.00 bimbingan usaha di Balai Desa Cengal dgn Bu Rina. Balas 1 Datang 2 Tidak bisa 3 Ganti hari", true},
		{prokus.KindMentoring, "mentoring.morning", "mentoring#morning",
			"Bu Siti (A), hari ini jam 10.00 bimbingan di Balai Desa Cengal. Bu Rina menunggu. Kalau mendadak tidak bisa, balas A 2.",
			"Hari ini jam 10.00 bimbingan di Balai Desa Cengal. Bu Rina menunggu. Kalau mendadak tidak bisa, balas 2.", true},
		{prokus.KindReminder, "report.later", "report#ask",
			"Bu Siti (A), tadi minta ditanya nanti. Total uang jualan 8-14 Jun? Belum dipotong modal. Balas A lalu angkanya, misal A 87rb.",
			"Bu Siti, tadi minta ditanya nanti. Total uang jualan 8-14 Jun berapa? Belum dipotong modal. Balas angka saja, misal 87rb. Libur balas 0.", true},
		{prokus.KindNotice, "grant.credited", "grant#received",
			"Ada kabar baru untuk Bu Siti. Balas STATUS untuk membaca. -KABAR ProKUS",
			"Bu Siti, bantuan Rp3.500.000 masuk rekening BRI akhiran 4417 tgl Rab 10 Jun. Diterima utuh? Balas 1 Utuh 2 Ada potongan 3 Belum masuk", false},
		{prokus.KindNotice, "number.try", "trial#asked",
			"Salam Bu Siti (A). Ini KABAR ProKUS, Pak Dedi memberi nomor ini. Betul ini nomor Bu Siti? Balas A YA atau A TIDAK.",
			"Salam Bu Siti. Ini KABAR ProKUS, Pak Dedi memberi nomor ini. Betul ini nomor Bu Siti? Balas YA atau TIDAK.", true},
	} {
		t.Run(c.key, func(t *testing.T) {
			t.Parallel()
			for want, others := range map[string]bool{c.shared: true, c.hers: false} {
				w := newWorld(t, "2026-06-10 10:00")
				siti, _ := w.cast()
				if others {
					ani := w.person("173609", "Ani", "32.10.07", "+6281234567417")
					w.exec(`UPDATE address SET letter = CASE person_id WHEN $1 THEN 'A' WHEN $2 THEN 'B' ELSE '' END`, siti, ani)
				}
				id := w.enqueue(prokus.Message{Key: "x:1", Person: siti, Kind: c.kind, Lang: prokus.ID, Text: c.key, Args: raw, Opens: c.opens, NotBefore: w.Clock.Now().Add(time.Minute)})
				w.expect(w.until("2026-06-10 10:10"), "Wed 10 10:01 417: "+want)
				if s := w.state(id); s != "sent" && s != "delivered" {
					t.Errorf("the row is %s", s)
				}
				opened := one[int](w, `SELECT count(*) FROM place WHERE ref = $1`, c.opens)
				if wantOpen := !others || c.stillOpensOnShare; (opened == 1) != wantOpen {
					t.Errorf("shared %v: %d open questions", others, opened)
				}
			}
		})
	}
}
