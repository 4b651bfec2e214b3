package roster_test

import (
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/roster"
)

const staffHeader = "Peran;Nama;No HP;Kabupaten;Kecamatan;Lembaga;Email\n"

func national(o *roster.Options) { o.Area = "" }

const staffList = staffHeader +
	"TKSK;Pak Dedi Kurniawan;081190000001;Kab. Majalengka;Maja, Sukahaji;;\n" +
	"Mentor;Bu Rina Marlina;0811 9000 0002;Majalengka;;Oorange Unpad;rina@mentor.example\n" +
	"Koordinator;BU NANI SUMARNI;81190000003;Majalengka;;Dinsos Majalengka;Nani@dinsos.example\n" +
	"Kementerian;Ratna Kusuma;;;;Kemensos;ratna@kemensos.example\n"

func TestStaff(t *testing.T) {
	db, pool := database(t)
	r := run(t, roster.ImportStaff, db, staffList, national)
	if r.New != 4 || len(r.Errors) != 0 {
		t.Fatalf("%+v", r)
	}
	got := one[string](t, pool, `SELECT string_agg(concat_ws(' ', s.role, s.title, s.name, s.institution, s.email,
		(SELECT string_agg(area_code, ',' ORDER BY area_code) FROM staff_area WHERE staff_id = s.id), (SELECT value FROM address WHERE staff_id = s.id)), E'\n' ORDER BY s.id) FROM staff s`)
	want := `tksk Pak Dedi Kurniawan   32.10.06,32.10.08 +6281190000001
mentor Bu Rina Marlina Oorange Unpad rina@mentor.example 32.10 +6281190000002
koordinator Bu Nani Sumarni Dinsos Majalengka nani@dinsos.example 32.10 +6281190000003
kementerian  Ratna Kusuma Kemensos ratna@kemensos.example ID`
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	if r := run(t, roster.ImportStaff, db, staffList, national); r.Unchanged != 4 {
		t.Errorf("again: %+v", r)
	}
	// A further kecamatan on a line of its own, a new number, and a second TKSK for a kecamatan that has one.
	r = run(t, roster.ImportStaff, db, staffHeader+
		"TKSK;Dedi Kurniawan;081190000001;Majalengka;Talaga;;\n"+
		"Mentor;Rina Marlina;081190000099;Majalengka;;;rina@mentor.example\n"+
		"TKSK;Bu Lilis;081190000004;Majalengka;Sukahaji;;\n", national)
	if r.Changed != 2 || r.New != 1 || says(r.Rows[2]) != "Kecamatan Sukahaji sudah punya TKSK Pak Dedi." {
		t.Errorf("%+v", r)
	}
	if s := one[string](t, pool, `SELECT string_agg(value || ' ' || a.status || ' ' || is_primary, ', ' ORDER BY a.id) FROM address a JOIN staff s ON s.id = a.staff_id WHERE role = 'mentor'`); s != "+6281190000002 dilepas false, +6281190000099 aktif true" {
		t.Errorf("mentor's numbers: %s", s)
	}
	if n := one[int](t, pool, `SELECT count(*) FROM staff_area a JOIN staff s ON s.id = a.staff_id WHERE s.name = 'Dedi Kurniawan'`); n != 3 {
		t.Errorf("Dedi has %d kecamatan", n)
	}
	for row, want := range map[string]string{
		"Satpam;Budi;081190000005;Majalengka;Maja":                    "Peran 'Satpam' tidak dikenal (TKSK, Mentor, Koordinator atau Kementerian).",
		"TKSK;Budi;;Majalengka;Maja":                                  "TKSK harus punya nomor HP.",
		"TKSK;Budi;081190000005;Majalengka;":                          "Kecamatan kosong.",
		"TKSK;Budi;081190000005;Majalengka;Majaa":                     "Kecamatan 'Majaa' tidak ada di Majalengka. Maksudnya Maja?",
		"TKSK;Budi;081190000005;Majalenka;Maja":                       "Kabupaten 'Majalenka' tidak dikenal. Maksudnya Majalengka?",
		"TKSK;;081190000005;Majalengka;Maja":                          "Nama kosong.",
		"Mentor;Budi;081190000005;Bandung Barat":                      "Kab. Bandung Barat di luar wilayah Anda.",
		"Kementerian;Budi;081190000005":                               "Petugas Kementerian hanya dapat diimpor oleh Kementerian.",
		"Mentor;Budi;081190000005;Majalengka;;;budi":                  "Email 'budi' tidak benar.",
		"TKSK;Rina;081190000006;Majalengka;Maja;;rina@mentor.example": "Email ini dipakai Bu Rina.",
	} {
		r := run(t, roster.ImportStaff, db, staffHeader+row+"\n", func(o *roster.Options) { o.DryRun = true })
		if len(r.Errors) == 0 || r.Errors[0].Problem != want {
			t.Errorf("%q: got %+v, want %s", row, r.Errors, want)
		}
	}
}

const sessionsHeader = "Tanggal;Jam;Kabupaten;Kecamatan;Tempat;Mentor;Topik;Kapasitas\n"

func TestSessions(t *testing.T) {
	db, pool := database(t)
	run(t, roster.ImportStaff, db, staffList, national)
	run(t, roster.ImportPeople, db, people+
		";Siti Aminah;081234567417;Maja;Cengal;482919;2026-05-01\n;Ani;081200000001;Maja;Cengal;173609;2026-05-01\n;Yati;081200000002;Maja;Cengal;550210;2026-05-01\n"+
		";Belum Setuju;081200000003;Maja;Cengal;;\n;Lain Kecamatan;081200000004;Sukahaji;Cikeusik;;2026-05-01\n")
	now := at(time.Date(2026, 6, 5, 9, 0, 0, 0, monday.Location()))
	list := sessionsHeader + "2026-06-10;10.00;Majalengka;Maja;Balai Desa Cengal;Bu Rina;Menghitung modal;2\nSab 13 Jun 2026;09:00;;Maja;Kantor Kec. Maja;Rina Marlina;Menghitung modal;\n"
	r := run(t, roster.ImportSessions, db, list, now)
	if r.New != 2 || len(r.Errors) != 0 {
		t.Fatalf("%+v", r)
	}
	got := one[string](t, pool, `SELECT string_agg(concat_ws(' ', to_char(s.starts_at AT TIME ZONE 'Asia/Jakarta', 'MM-DD HH24:MI'), s.area_code, s.place, m.name, s.topic, s.capacity, s.code ~ '^[1-9][0-9]{2}$',
		(SELECT string_agg(p.code, ',' ORDER BY p.code) FROM invite i JOIN person p ON p.id = i.person_id WHERE i.session_id = s.id)), E'\n' ORDER BY s.starts_at) FROM session s JOIN staff m ON m.id = s.mentor_id`)
	want := `06-10 10:00 32.10.06 Balai Desa Cengal Rina Marlina Menghitung modal 2 t 173609,482919
06-13 09:00 32.10.06 Kantor Kec. Maja Rina Marlina Menghitung modal 30 t 550210`
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	if r := run(t, roster.ImportSessions, db, list, now); r.Unchanged != 2 {
		t.Errorf("again: %+v", r)
	}
	exec(t, pool, `UPDATE session SET status = 'batal' WHERE capacity = 30`)
	for row, want := range map[string]string{
		"2026-06-04;10.00;;Maja;Balai;;;":                       "Kam 4 Jun jam 10.00 sudah lewat.",
		"10;10.00;;Maja;Balai;;;":                               "Tanggal '10' tidak terbaca. Contoh: 2026-06-10.",
		"2026-06-10;25.00;;Maja;Balai;;;":                       "Jam '25.00' tidak terbaca. Contoh: 10.00.",
		"2026-06-10;10.00;;Maja;;;;":                            "Tempat kosong.",
		"2026-06-10;10.00;;Maja;Balai;Pak Tono;;":               "Mentor 'Pak Tono' belum terdaftar. Impor dulu daftar petugas.",
		"2026-06-10;10.00;;Maja;Balai;;;banyak":                 "Kapasitas 'banyak' harus angka 1 sampai 1000.",
		"2026-06-13;9;;Maja;Kantor Kec. Maja;;;":                "Sesi ini sudah dibatalkan.",
		"2026-06-10;0.4166666666666667;;Maja;Rumah RT 3;rina;;": "",
	} {
		r := run(t, roster.ImportSessions, db, sessionsHeader+row+"\n", now, func(o *roster.Options) { o.DryRun = true })
		got := ""
		if len(r.Errors) > 0 {
			got = r.Errors[0].Problem
		}
		if got != want {
			t.Errorf("%q: got %s, want %s", row, got, want)
		}
	}
}
