package roster_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/roster"
)

const people = "NIK;Nama;No HP;Kecamatan;Desa;Kode;Persetujuan;Tahun Lahir;Disabilitas;Sapaan\n"

func TestWhatARowMayNotSay(t *testing.T) {
	db, _ := database(t)
	for row, want := range map[string]string{
		"3210130006680001;Siti;;Maja":       "NIK: Tanggal lahir di NIK tidak masuk akal (hari 00).",
		"3210133206680001;Siti;;Maja":       "NIK: Tanggal lahir di NIK tidak masuk akal (hari 32).",
		"3210137206680001;Siti;;Maja":       "NIK: Tanggal lahir di NIK tidak masuk akal (hari 72).",
		"3210130500680001;Siti;;Maja":       "NIK: Tanggal lahir di NIK tidak masuk akal (bulan 00).",
		"3210137102690001;Siti;;Maja":       "NIK: Tanggal lahir di NIK tidak masuk akal (hari 71 bulan 02).",
		"0010134506680001;Siti;;Maja":       "NIK: Kode wilayah di NIK tidak dikenal (00).",
		"32101345066800012;Siti;;Maja":      "NIK: NIK harus 16 angka, di sini 17.",
		"3210134506680000;Siti;;Maja":       "NIK: NIK rusak oleh Excel (berakhiran 0000). Ubah kolom menjadi Teks lalu isi ulang.",
		"3210134506680001.0;Siti;;Maja":     "NIK: NIK rusak oleh Excel (321013...). Angka aslinya hilang. Ubah kolom menjadi Teks lalu isi ulang.",
		"32101345O6680001;Siti;;Maja":       "NIK: NIK hanya boleh berisi angka.",
		";;;Maja":                           "Nama: Nama kosong.",
		";123;;Maja":                        "Nama: Nama '123' tidak berisi huruf.",
		";Siti;;":                           "Kecamatan: Kecamatan kosong.",
		";Siti;;Lembang":                    "Kecamatan: Kecamatan 'Lembang' tidak ada di Majalengka.",
		";Siti;8,12E+10;Maja":               "No HP: Nomor HP rusak oleh Excel (8,12E+10). Angka aslinya hilang. Ubah kolom menjadi Teks lalu isi ulang.",
		";Siti;3210134506680001;Maja":       "No HP: Nomor HP berisi 16 angka, mungkin NIK.",
		";Siti;08l234567890;Maja":           "No HP: Nomor HP '08l234567890' tidak jelas. Isi satu nomor, angka saja.",
		";Siti;08123;Maja":                  "No HP: Nomor HP '08123' tidak lengkap atau terlalu panjang.",
		";Siti;;Maja;;482991":               "Kode: Kode '482991' keliru. Kosongkan bila belum punya.",
		";Siti;;Maja;;123455":               "Kode: Kode '123455' keliru. Kosongkan bila belum punya.",
		";Siti;;Maja;;;besok":               "Persetujuan: Tanggal persetujuan 'besok' tidak terbaca. Contoh: 2026-05-04.",
		";Siti;;Maja;;;2027-01-01":          "Persetujuan: Tanggal persetujuan 2027-01-01 belum tiba.",
		";Siti;;Maja;;;;1901":               "Tahun Lahir: Tahun lahir '1901' tidak masuk akal. Isi 4 angka.",
		";=HYPERLINK(\"http://x\");;Maja":   "",
		";Siti;ikut no anak;Maja":           "",
		"3210130506080001;Anak Muda;;Maja":  "", // 2008: eighteen
		"3210130506150001;Nenek Tua;;Maja":  "", // 1915, not 2015: nobody of eleven is in the programme
		"3210 1345 0668 0001;Siti;tdk;Maja": "",
	} {
		r := run(t, roster.ImportPeople, db, people+row+"\n", func(o *roster.Options) { o.DryRun = true })
		got := ""
		if len(r.Errors) > 0 {
			got = r.Errors[0].Field + ": " + r.Errors[0].Problem
		}
		if got != want {
			t.Errorf("%q:\n got %s\nwant %s", row, got, want)
		}
	}
}

func TestWhoIsTheSamePerson(t *testing.T) {
	db, pool := database(t)
	run(t, roster.ImportPeople, db, people+
		"3210134506680001;Siti Aminah;081234567417;Maja;Cengal;482919\n"+
		";Ani Suryani;081200000001;Maja;Cengal;\n"+
		";Mak Icih;;Maja;Wanahayu;\n")
	if n := one[int](t, pool, `SELECT count(*) FROM person`); n != 3 {
		t.Fatalf("%d people", n)
	}
	// By code alone, by name and phone and village, by name and village where there is no phone: nobody is new.
	r := run(t, roster.ImportPeople, db, people+
		";Siti Aminah;;Maja;Sadasari;482919\n"+
		";ANI  SURYANI;0812 0000 0001;maja;cengal;\n"+
		";Mak Icih;tidak punya;Maja;Wanahayu;\n")
	if r.New != 0 || r.Changed != 1 || r.Unchanged != 2 || len(r.Errors) != 0 {
		t.Errorf("%+v", r)
	}
	// A NIK that comes later belongs to the person who was known without one.
	r = run(t, roster.ImportPeople, db, people+"3210134708850002;Ani Suryani;081200000001;Maja;Cengal;\n")
	if r.Changed != 1 || one[int](t, pool, `SELECT count(*) FROM person WHERE nik_last4 = '0002' AND birth_year = 1985`) != 1 {
		t.Errorf("%+v", r)
	}
	// A namesake in the same house with another NIK is somebody else; a slip in the code renames nobody.
	r = run(t, roster.ImportPeople, db, people+
		"3210134708900003;Ani Suryani;081200000001;Maja;Cengal;\n"+
		";Kokom;;Maja;Cengal;482919\n")
	if r.New != 1 || len(r.Errors) != 1 || r.Errors[0].Problem != "Kode 482919 milik orang lain." {
		t.Errorf("%+v", r)
	}
	// What somebody set by hand is not undone by what a NIK seems to say.
	exec(t, pool, `UPDATE person SET salutation = 'Mbak', birth_year = 1967 WHERE code = '482919'`)
	if r = run(t, roster.ImportPeople, db, people+"3210134506680001;Siti Aminah;;Maja;Sadasari;\n"); r.Unchanged != 1 {
		t.Errorf("%+v", r)
	}
	exec(t, pool, `UPDATE person SET status = 'meninggal' WHERE code = '482919'`)
	r = run(t, roster.ImportPeople, db, people+";Siti Aminah;;Maja;Cengal;482919\n")
	if len(r.Errors) != 1 || r.Errors[0].Problem != "Orang ini tercatat meninggal." {
		t.Errorf("%+v", r)
	}
	r = run(t, roster.ImportPeople, db, strings.Replace(people, "Kecamatan", "Kabupaten;Kecamatan", 1)+"3210134708850002;Ani Suryani;;Bandung Barat;Lembang;x;\n",
		func(o *roster.Options) { o.Area = "32.17" })
	if len(r.Errors) != 1 || r.Errors[0].Problem != "Orang ini terdaftar di Kab. Majalengka. Minta dipindahkan dulu." {
		t.Errorf("%+v", r)
	}
}

func TestWhoSaidStopIsNotAskedAboutANumber(t *testing.T) {
	db, pool := database(t)
	list := people + "3210134506680001;Siti Aminah;081234567417;Maja;Cengal;482919\n"
	run(t, roster.ImportPeople, db, list)
	exec(t, pool, `UPDATE person SET consent = 'berhenti'`)
	r := run(t, roster.ImportPeople, db, strings.Replace(list, "081234567417", "081200000009", 1))
	if r.Changed != 1 || one[int](t, pool, `SELECT count(*) FROM outbox`) != 0 || one[int](t, pool, `SELECT count(*) FROM address WHERE status = 'menunggu'`) != 1 {
		t.Errorf("%+v", r)
	}
}

func TestAnOldListDoesNotBringANumberBack(t *testing.T) {
	db, pool := database(t)
	list := people + "3210134506680001;Siti Aminah;081234567417;Maja;Cengal;482919\n"
	run(t, roster.ImportPeople, db, list)
	exec(t, pool, `UPDATE address SET status = 'salah_orang', is_primary = false`)
	if r := run(t, roster.ImportPeople, db, list); r.Unchanged != 1 {
		t.Errorf("%+v", r)
	}
	r := run(t, roster.ImportPeople, db, strings.Replace(list, "081234567417", "081200000009", 1))
	if r.Changed != 1 {
		t.Errorf("%+v", r)
	}
	// There is no old number to ask at, so the new one is hers at once.
	if s := one[string](t, pool, `SELECT status || is_primary::text FROM address WHERE value = '+6281200000009'`); s != "aktiftrue" {
		t.Errorf("new number: %s", s)
	}
	if n := one[int](t, pool, `SELECT count(*) FROM outbox`); n != 0 {
		t.Errorf("%d messages", n)
	}
}

func TestInvitations(t *testing.T) {
	db, pool := database(t)
	run(t, roster.ImportStaff, db, "Peran;Nama;No HP;Kabupaten;Kecamatan\nTKSK;Pak Dedi Kurniawan;081190000001;Majalengka;Maja\n")
	list := people +
		"3210134506680001;Siti Aminah;081234567417;Maja;Cengal;;;;;\n" +
		";Ani;081200000001;Sukahaji;Cikeusik;;;;;Mbak\n" + // nobody is TKSK there
		";Tanpa Nomor;;Maja;Cengal;;;;;\n" +
		";Sudah Setuju;081200000002;Maja;Cengal;;2026-05-01;;ya;Bapak\n"
	night := time.Date(2026, 5, 4, 21, 0, 0, 0, monday.Location())
	run(t, roster.ImportPeople, db, list, func(o *roster.Options) { o.Invite, o.Now = true, night })
	got := one[string](t, pool, `SELECT string_agg(concat_ws(' ', p.name, o.text_key, o.kind, o.opens, o.args->>'sapaan', o.args->'nama'->>'name', o.args->>'tksk',
		to_char(o.not_before AT TIME ZONE 'Asia/Jakarta', 'MM-DD HH24:MI'), replace(o.key, ':' || p.id || ':', ':*:'), p.consent), E'\n' ORDER BY o.seq) FROM outbox o JOIN person p ON p.id = o.person_id`)
	want := `Siti Aminah invite.first invitation invite#asked Bu Siti Pak Dedi 05-05 07:00 invite:*:1 diundang
Ani invite.first_vacant invitation invite#asked Mbak Ani 05-05 07:00 invite:*:1 diundang`
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	agreed := one[string](t, pool, `SELECT concat_ws(' ', p.consent, p.consent_at AT TIME ZONE 'Asia/Jakarta', p.disability, p.salutation, e.channel) FROM person p JOIN consent_event e ON e.person_id = p.id`)
	if agreed != "ya 2026-05-01 12:00:00 t Bapak impor" {
		t.Errorf("agreed: %s", agreed)
	}
	run(t, roster.ImportPeople, db, list, func(o *roster.Options) { o.Invite = true })
	if n := one[int](t, pool, `SELECT count(*) FROM outbox`); n != 2 {
		t.Errorf("%d messages after the second time", n)
	}
}

func TestStrictSavesNothingWithAFault(t *testing.T) {
	db, pool := database(t)
	r := run(t, roster.ImportPeople, db, people+";Siti;;Maja\n;;;Maja\n", func(o *roster.Options) { o.Strict = true })
	if r.Saved || r.New != 1 || r.Faulty() != 1 || one[int](t, pool, `SELECT count(*) FROM person`) != 0 {
		t.Errorf("%+v", r)
	}
}

func TestFaultsOfTheWholeFile(t *testing.T) {
	db, pool := database(t)
	var fe *roster.FileError
	_, err := roster.ImportPeople(t.Context(), db, table(t, "Nama;Desa\nSiti;Cengal\n"), roster.Options{Area: "32.10", Now: monday, NIKKey: nikKey})
	if !errors.As(err, &fe) || fe.Problem != "Kolom Kecamatan tidak ditemukan." {
		t.Errorf("%v", err)
	}
	_, err = roster.ImportPeople(t.Context(), db, table(t, "Nama;Kecamatan\nSiti;Maja\n"), roster.Options{Area: "99.99", Now: monday, NIKKey: nikKey})
	if !errors.As(err, &fe) || fe.Problem != "Wilayah 99.99 tidak dikenal." {
		t.Errorf("%v", err)
	}
	_, err = roster.ImportPeople(t.Context(), db, table(t, "Nama;Kecamatan\nSiti;Maja\n"), roster.Options{Now: monday, NIKKey: nikKey})
	if !errors.As(err, &fe) || fe.Problem != "Kolom Kabupaten tidak ditemukan." {
		t.Errorf("%v", err)
	}
	_, err = roster.ImportPeople(t.Context(), db, table(t, "Nama;Kecamatan\n"+strings.Repeat("Siti;Maja\n", 11)), roster.Options{Area: "32.10", Now: monday, NIKKey: nikKey, MaxRows: 10})
	if !errors.As(err, &fe) || fe.Problem != "Berkas ini berisi lebih dari 10 baris. Bagi menjadi beberapa berkas." {
		t.Errorf("%v", err)
	}
	if n := one[int](t, pool, `SELECT count(*) FROM person`); n != 0 {
		t.Errorf("%d people", n)
	}
}

func TestTheJSONIsTheContract(t *testing.T) {
	db, _ := database(t)
	b, err := json.Marshal(run(t, roster.ImportPeople, db, people+";Siti;;Maja\n;;;Maja\n"))
	if err != nil || string(b) != `{"new":1,"changed":0,"unchanged":0,"errors":[{"row":3,"field":"Nama","problem":"Nama kosong."}]}` {
		t.Errorf("%s %v", b, err)
	}
	if b, _ = json.Marshal(run(t, roster.ImportPeople, db, people+";Siti;;Maja\n")); string(b) != `{"new":0,"changed":0,"unchanged":1,"errors":[]}` {
		t.Errorf("%s", b)
	}
}

// Two coordinators with the same list at the same moment: everybody is there once, and one of the two found nothing to do.
func TestTwoImportsOfOneDistrict(t *testing.T) {
	db, pool := database(t)
	list := bigList(300)
	results := make([]roster.Result, 4)
	var wg sync.WaitGroup
	for i := range results {
		tab := table(t, string(list))
		wg.Go(func() {
			r, err := roster.ImportPeople(t.Context(), db, tab, roster.Options{Area: []string{"32.10", "32.10", "32", "32.10"}[i], Now: monday, NIKKey: nikKey})
			if i == 2 { // a province has no kabupaten to go by: the whole file is refused
				var fe *roster.FileError
				if !errors.As(err, &fe) {
					t.Errorf("province: %v", err)
				}
				return
			}
			if err != nil {
				t.Error(err)
			}
			results[i] = r
		})
	}
	wg.Wait()
	fresh, same := 0, 0
	for _, r := range results {
		fresh, same = fresh+r.New, same+r.Unchanged
	}
	if fresh != 300 || same != 600 || one[int](t, pool, `SELECT count(*) FROM person`) != 300 {
		t.Errorf("%d new, %d unchanged", fresh, same)
	}
	err := db.Import(t.Context(), "32.10", false, func(roster.Tx) error {
		return db.Import(t.Context(), "32.10", true, func(roster.Tx) error { return nil })
	})
	if !errors.Is(err, roster.ErrBusy) {
		t.Errorf("a second import of the district: %v", err)
	}
	if err := db.Import(t.Context(), "32.10", false, func(roster.Tx) error {
		return db.Import(t.Context(), "32.17", true, func(roster.Tx) error { return nil })
	}); err != nil {
		t.Errorf("another district waits: %v", err)
	}
}

// The connection dies in the middle: nothing is kept, and the next try begins anew.
func TestAnImportThatDiesLeavesNothing(t *testing.T) {
	db, pool := database(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	err := db.Import(ctx, "32.10", false, func(tx roster.Tx) error {
		if _, err := tx.SavePeople(ctx, monday, 0, []roster.PersonRow{{Code: "482919", Name: "Siti", Area: "32.10.06", Zone: "Asia/Jakarta", Batch: "B"}}); err != nil {
			return err
		}
		if _, err := pool.Exec(context.Background(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
			return err
		}
		_, err := tx.CountPeople(ctx)
		return err
	})
	if err == nil {
		t.Fatal("the connection is gone and nobody noticed")
	}
	if n := one[int](t, pool, `SELECT (SELECT count(*) FROM person) + (SELECT count(*) FROM batch)`); n != 0 {
		t.Errorf("%d rows stayed", n)
	}
	if r := run(t, roster.ImportPeople, db, people+";Siti;;Maja\n"); r.New != 1 {
		t.Errorf("%+v", r)
	}
}
