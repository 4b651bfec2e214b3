package roster_test

import (
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/roster"
)

// A second list calls sessions off and moves them; everybody invited is told, and the mentor.
func TestSessionsThatChange(t *testing.T) {
	db, pool := database(t)
	run(t, roster.ImportStaff, db, staffList, national)
	run(t, roster.ImportPeople, db, people+
		";Siti Aminah;081234567417;Maja;Cengal;482919;2026-05-01\n;Ani;081200000001;Maja;Cengal;173609;2026-05-01\n")
	now := at(time.Date(2026, 6, 5, 9, 0, 0, 0, monday.Location()))
	const header = "Tanggal;Jam;Kecamatan;Tempat;Mentor;Topik;Kapasitas;Perubahan\n"
	r := run(t, roster.ImportSessions, db, header+
		"2026-06-10;10.00;Maja;Balai Desa Cengal;Bu Rina;Menghitung modal;12;\n"+
		"2026-06-17;10.00;Maja;Balai Desa Cengal;Bu Rina;Kemasan;12;\n"+
		"2026-06-24;10.00;Maja;Balai Desa Cengal;Bu Rina;Menabung;12;\n", now)
	if r.New != 3 || len(r.Errors) != 0 {
		t.Fatalf("%+v", r)
	}
	said := func() string {
		return one[string](t, pool, `SELECT coalesce(string_agg(concat_ws(' ', coalesce(p.code, 'mentor'), o.text_key, o.args -> 'tgl' ->> 'date', o.args -> 'tgl2' ->> 'date', o.args ->> 'tujuan'), E'\n'
			ORDER BY o.seq), '') FROM outbox o LEFT JOIN person p ON p.id = o.person_id WHERE o.kind = 'notice' AND o.key LIKE 'session.%' AND o.state = 'queued'`)
	}
	list := header +
		"2026-06-10;10.00;Maja;Rumah Bu RT 03 Cengal;Bu Rina;Menghitung modal;12;\n" + // her mentor cannot be in two places
		"2026-06-18;13.00;Maja;Balai Desa Cengal;Bu Rina;Kemasan;12;pindah\n" +
		"2026-06-24;10.00;Maja;Balai Desa Cengal;Bu Rina;Menabung;12;batal karena hujan\n"
	if r = run(t, roster.ImportSessions, db, list, now, func(o *roster.Options) { o.DryRun = true }); r.Changed != 3 || said() != "" {
		t.Fatalf("a dry run: %+v, said %q", r, said())
	}
	if r = run(t, roster.ImportSessions, db, list, now); r.Changed != 3 || r.New != 0 || len(r.Errors) != 0 {
		t.Fatalf("%+v", r)
	}
	want := `173609 session.moved_place 2026-06-10 2026-06-10 Rumah Bu RT 03 Cengal
482919 session.moved_place 2026-06-10 2026-06-10 Rumah Bu RT 03 Cengal
mentor mentor.office_moved 2026-06-10 2026-06-10 Rumah Bu RT 03 Cengal
173609 session.moved_time 2026-06-17 2026-06-18 Balai Desa Cengal
482919 session.moved_time 2026-06-17 2026-06-18 Balai Desa Cengal
mentor mentor.office_moved 2026-06-17 2026-06-18 Balai Desa Cengal
173609 session.off_plain 2026-06-24
482919 session.off_plain 2026-06-24
mentor mentor.office_off 2026-06-24`
	if got := said(); got != want {
		t.Errorf("told:\n%s\nwant:\n%s", got, want)
	}
	// The same list again says nothing new.
	if r = run(t, roster.ImportSessions, db, list, now); r.Unchanged != 3 || len(r.Errors) != 0 || said() != want {
		t.Errorf("again: %+v", r)
	}
	for row, want := range map[string]string{
		"2026-06-25;10.00;Maja;Balai;Bu Rina;Menabung;;batal":  "Sesi yang dibatalkan tidak ditemukan pada waktu dan tempat itu.",
		"2026-06-30;10.00;Maja;Balai;Bu Rina;Menjual;;pindah":  "Sesi yang pindah tidak ditemukan. Kecamatan, mentor dan topiknya harus sama.",
		"2026-06-20;10.00;Maja;Balai;Bu Rina;;;pindah":         "Ada 2 sesi yang mungkin pindah. Tulis topiknya, atau batalkan sesi lama.",
		"2026-06-20;10.00;Maja;Balai;Bu Rina;Kemasan;;entah":   "Perubahan 'entah' tidak dikenal. Tulis batal atau pindah.",
		"2026-06-20;10.00;Maja;Balai;Bu Rina;Kemasan;;Rencana": "",
	} {
		r := run(t, roster.ImportSessions, db, header+row+"\n", now, func(o *roster.Options) { o.DryRun = true })
		got := ""
		if len(r.Errors) > 0 {
			got = r.Errors[0].Problem
		}
		if got != want {
			t.Errorf("%q: got %s, want %s", row, got, want)
		}
	}
}
