package roster_test

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/kabar-prokus/kabar/internal/pgtest"
	"github.com/kabar-prokus/kabar/internal/postgres"
	"github.com/kabar-prokus/kabar/internal/roster"
)

var nikKey = []byte("a key for tests only, 32 bytes..")

// monday is the day on which the list of J1-SMS-01 was imported.
var monday = time.Date(2026, 5, 4, 9, 0, 0, 0, time.FixedZone("WIB", 7*3600))

func database(t testing.TB) (*postgres.DB, *pgxpool.Pool) {
	t.Helper()
	pool := pgtest.New(t)
	db, err := postgres.Open(pool)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.LoadReference(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db, pool
}

func table(t testing.TB, content string) *roster.Table {
	t.Helper()
	tab, err := roster.Read(bytes.NewReader([]byte(content)), "list.csv")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tab.Close() })
	return tab
}

type importer func(context.Context, roster.Store, *roster.Table, roster.Options) (roster.Result, error)

func run(t testing.TB, f importer, db *postgres.DB, content string, change ...func(*roster.Options)) roster.Result {
	t.Helper()
	o := roster.Options{Area: "32.10", Now: monday, NIKKey: nikKey}
	for _, c := range change {
		c(&o)
	}
	res, err := f(t.Context(), db, table(t, content), o)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func one[T any](t testing.TB, pool *pgxpool.Pool, sql string, args ...any) T {
	t.Helper()
	var v T
	if err := pool.QueryRow(context.Background(), sql, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return v
}

func exec(t testing.TB, pool *pgxpool.Pool, sql string, args ...any) {
	t.Helper()
	if _, err := pool.Exec(context.Background(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// majalengka is the fixture of the console's import journey, and the two people who are in the database before it.
func majalengka(t testing.TB) string {
	t.Helper()
	b, err := os.ReadFile("testdata/majalengka.csv")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

const before = "NIK;Nama;No HP;Kecamatan;Desa;Jenis Usaha;Klaster;Bahasa\n" +
	"3210134512700007;Tuti Hartati;081300000007;Maja;Cengal;Martabak;Kuliner;Indonesia\n" +
	"3210135003750008;Neneng;081300000008;Maja;Cengal;Sayur;Agribisnis;Sunda\n"

func TestTheListOfMajalengka(t *testing.T) {
	db, pool := database(t)
	if r := run(t, roster.ImportPeople, db, before); r.New != 2 {
		t.Fatalf("before: %+v", r)
	}
	want := map[int]struct {
		verdict roster.Verdict
		says    string
	}{
		2:  {roster.New, ""},
		3:  {roster.New, "Nomor 0812-3456-7417 juga dipakai Siti Aminah (baris 2). Akan ditandai dipakai bersama."},
		4:  {roster.Faulty, "NIK harus 16 angka, di sini 15."},
		5:  {roster.Faulty, "NIK rusak oleh Excel (3,21013E+15). Angka aslinya hilang. Ubah kolom menjadi Teks lalu isi ulang."},
		6:  {roster.New, "Nol di depan ditambahkan: 081345678901."},
		7:  {roster.New, "Nomor ditulis ulang: 08522223333."},
		8:  {roster.New, "Tanpa nomor HP: laporan lewat pendamping (TKSK)."},
		9:  {roster.Faulty, "NIK sama dengan baris 2 tetapi namanya berbeda."},
		10: {roster.Unchanged, ""},
		11: {roster.Changed, "Nomor HP berubah. Nomor lama sudah terhubung, orangnya akan diminta konfirmasi ke nomor lama."},
		12: {roster.Faulty, "Kecamatan 'Majaa' tidak ada di Majalengka. Maksudnya Maja?"},
		13: {roster.Faulty, "Tanggal lahir di NIK tidak masuk akal (hari 75)."},
		14: {roster.New, "Nama dirapikan: Siti Nurhalizah. Klaster: Kriya. Bahasa: Sunda."},
		15: {roster.New, "0233-281234 bukan nomor HP, tidak bisa menerima SMS."},
	}
	check := func(r roster.Result) {
		t.Helper()
		if len(r.Rows) != len(want) {
			t.Fatalf("%d rows, want %d", len(r.Rows), len(want))
		}
		for _, row := range r.Rows {
			if w := want[row.Row]; row.Verdict != w.verdict || says(row) != w.says {
				t.Errorf("row %d: %s %q\nwant    %s %q", row.Row, row.Verdict, says(row), w.verdict, w.says)
			}
		}
	}
	dry := run(t, roster.ImportPeople, db, majalengka(t), func(o *roster.Options) { o.DryRun = true })
	check(dry)
	if dry.Saved || one[int](t, pool, `SELECT count(*) FROM person`) != 2 {
		t.Error("a dry run saved something")
	}
	r := run(t, roster.ImportPeople, db, majalengka(t))
	check(r)
	if r.New != 7 || r.Changed != 1 || r.Unchanged != 1 || r.Faulty() != 5 || !r.Saved {
		t.Errorf("got %d new, %d changed, %d unchanged, %d faulty; want 7, 1, 1, 5", r.New, r.Changed, r.Unchanged, r.Faulty())
	}
	for _, row := range r.Rows {
		if row.Row == 11 && (len(row.Changes) != 1 || row.Changes[0] != (roster.Change{Field: "No HP", Old: "081300000008", New: "081300009999"})) {
			t.Errorf("row 11 changes %+v", row.Changes)
		}
		if row.Row == 12 && (row.Suggest == nil || *row.Suggest != roster.Change{Field: "Kecamatan", New: "Maja"}) {
			t.Errorf("row 12 suggests %+v", row.Suggest)
		}
	}
	again := run(t, roster.ImportPeople, db, majalengka(t))
	if again.New != 0 || again.Changed != 0 || again.Unchanged != 9 || again.Faulty() != 5 {
		t.Errorf("second time: got %d new, %d changed, %d unchanged, %d faulty; want 0, 0, 9, 5", again.New, again.Changed, again.Unchanged, again.Faulty())
	}
	if n := one[int](t, pool, `SELECT count(*) FROM person`); n != 9 {
		t.Errorf("%d people, want 9", n)
	}
	kept := one[string](t, pool, `
		SELECT string_agg(concat_ws(' ', name, salutation, birth_year, nik_last4, area_code, village, lang, consent, zone), E'\n' ORDER BY id) FROM person WHERE id > 2`)
	wantKept := `Siti Aminah Ibu 1968 0001 32.10.06 Cengal su belum Asia/Jakarta
Ani Suryani Ibu 1985 0002 32.10.06 Cengal su belum Asia/Jakarta
Yati Ibu 1970 0003 32.10.06 Wanahayu id belum Asia/Jakarta
Euis Ibu 1960 0004 32.10.06 Wanahayu jv belum Asia/Jakarta
Mak Icih Ibu 1955 0005 32.10.06 Wanahayu su belum Asia/Jakarta
Siti Nurhalizah Ibu 1972 0011 32.10.06 Cengal su belum Asia/Jakarta
Kokom Ibu 1969 0012 32.10.06 Cengal su belum Asia/Jakarta`
	if kept != wantKept {
		t.Errorf("kept:\n%s\nwant:\n%s", kept, wantKept)
	}
	numbers := one[string](t, pool, `
		SELECT string_agg(concat_ws(' ', p.name, a.value, a.status, a.letter, a.is_primary::text), E'\n' ORDER BY a.id) FROM address a JOIN person p ON p.id = a.person_id`)
	wantNumbers := `Tuti Hartati +6281300000007 aktif  true
Neneng +6281300000008 aktif  true
Siti Aminah +6281234567417 aktif A true
Ani Suryani +6281234567417 aktif B true
Yati +6281345678901 aktif  true
Euis +628522223333 aktif  true
Neneng +6281300009999 menunggu  false
Siti Nurhalizah +6281399990000 aktif  true`
	if numbers != wantNumbers {
		t.Errorf("numbers:\n%s\nwant:\n%s", numbers, wantNumbers)
	}
	if m := one[string](t, pool, `SELECT string_agg(text_key || ' ' || opens || ' ' || (args->>'akhirhp'), ',') FROM outbox`); m != "number.confirm number#confirm 999" {
		t.Errorf("messages: %s", m)
	}
}

// says is all that is said about a row, as one line.
func says(row roster.RowResult) string {
	var parts []string
	for _, p := range row.Problems {
		parts = append(parts, p.Problem)
	}
	return strings.Join(append(append(parts, row.Fixes...), row.Warnings...), " ")
}
