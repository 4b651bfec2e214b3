package roster_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/kabar-prokus/kabar/internal/postgres"
	"github.com/kabar-prokus/kabar/internal/roster"
)

const grantsHeader = "Kode;Tahap;Tanggal;Jumlah;Bank;Akhiran Rekening;Catatan\n"

// wednesday is the morning of J2-SMS-04.
var wednesday = time.Date(2026, 6, 17, 10, 5, 0, 0, monday.Location())

// agreedSiti is a programme of Siti, who agreed, and Yati, who was never invited.
func agreedSiti(t *testing.T) (*postgres.DB, *pgxpool.Pool) {
	t.Helper()
	db, pool := database(t)
	run(t, roster.ImportPeople, db, people+"3210134506680001;Siti Aminah;081234567417;Maja;Cengal;482919;2026-05-04\n;Yati;081200000001;Maja;Cengal;550210;\n")
	return db, pool
}

func at(now time.Time) func(*roster.Options) { return func(o *roster.Options) { o.Now = now } }

func waiting(t *testing.T, pool *pgxpool.Pool) string {
	t.Helper()
	return one[string](t, pool, `SELECT coalesce(string_agg(concat_ws(' ', replace(key, ':' || person_id || ':', ':*:'), text_key, opens, args->'jumlah'->>'rp', args->>'bank',
		args->>'akhir', args->'tgl'->>'date', to_char(not_before AT TIME ZONE 'Asia/Jakarta', 'MM-DD HH24:MI')), E'\n' ORDER BY seq), '') FROM outbox WHERE state = 'queued'`)
}

func TestAChangeIsToldOnceAfterTwoHours(t *testing.T) {
	db, pool := agreedSiti(t)
	r := run(t, roster.ImportGrants, db, grantsHeader+"482919;bank;2026-06-02;3500000;BRI;4417;perkiraan 15-19 Jun\n550210;verif;2026-06-02;;;;\n", at(time.Date(2026, 6, 3, 9, 0, 0, 0, monday.Location())))
	if r.New != 2 || len(r.Errors) != 0 {
		t.Fatalf("%+v", r)
	}
	kept := one[string](t, pool, `SELECT concat_ws(' ', stage, since, amount, bank, account_last4, expect_from, expect_to, note) FROM grants ORDER BY id LIMIT 1`)
	if kept != "bank 2026-06-02 3500000 BRI 4417 2026-06-15 2026-06-19 " {
		t.Errorf("kept %s", kept)
	}
	if w := waiting(t, pool); w != "grant:*:2026-06-03 grant.changed.bank  3500000 06-03 11:00" {
		t.Errorf("waits:\n%s", w)
	}
	exec(t, pool, `UPDATE outbox SET state = 'sent', enqueued_at = now()`)

	credited := grantsHeader + "482919;cair;2026-06-17;;;;\n"
	if r := run(t, roster.ImportGrants, db, credited, at(wednesday)); r.Changed != 1 {
		t.Fatalf("%+v", r)
	}
	const told = "grant:*:2026-06-17 grant.credited grant#received 3500000 BRI 4417 2026-06-17 06-17 12:05"
	if w := waiting(t, pool); w != told {
		t.Errorf("waits:\n%s", w)
	}
	if due := one[string](t, pool, `SELECT receipts_due::text FROM grants ORDER BY id LIMIT 1`); due != "2026-07-17" {
		t.Errorf("receipts due %s", due)
	}
	// The same list again is no change; a slip is taken back within the two hours and nothing is said.
	if r := run(t, roster.ImportGrants, db, credited, at(wednesday.Add(time.Minute))); r.Unchanged != 1 {
		t.Errorf("%+v", r)
	}
	back := grantsHeader + "482919;bank;2026-06-02;3500000;BRI;4417;perkiraan 15-19 Jun\n"
	run(t, roster.ImportGrants, db, back, at(wednesday.Add(30*time.Minute)))
	if w := waiting(t, pool); w != "" {
		t.Errorf("after taking it back:\n%s", w)
	}
	// And once more the same day: the key of the day is used up, the message goes all the same; a further change replaces it.
	run(t, roster.ImportGrants, db, credited, at(wednesday.Add(40*time.Minute)))
	if w := waiting(t, pool); !strings.HasPrefix(w, "grant:*:2026-06-17:2 grant.credited") {
		t.Errorf("third change:\n%s", w)
	}
	run(t, roster.ImportGrants, db, grantsHeader+"482919;lpj;2026-06-17;;;;nota 2900000, sampai 17 Jul\n", at(wednesday.Add(50*time.Minute)))
	if w := waiting(t, pool); w != "grant:*:2026-06-17:2 grant.changed.lpj  06-17 12:55" {
		t.Errorf("fourth change:\n%s", w)
	}
	history := one[string](t, pool, `SELECT string_agg(c.from_stage || '>' || c.stage, ' ' ORDER BY c.id) FROM grant_change c JOIN grants g ON g.id = c.grant_id JOIN person p ON p.id = g.person_id WHERE p.code = '482919'`)
	if history != ">bank bank>cair cair>bank bank>cair cair>lpj" {
		t.Errorf("history %s", history)
	}
	if s := one[string](t, pool, `SELECT spent || ' ' || receipts_due FROM grants ORDER BY id LIMIT 1`); s != "2900000 2026-07-17" {
		t.Errorf("spent and due: %s", s)
	}
}

func TestHistoryInOneFileIsToldOnce(t *testing.T) {
	db, pool := agreedSiti(t)
	list := grantsHeader + "482919;verif;2026-03-20;;;;\n482919;cair;2026-06-17;;;;\n482919;usul;2026-03-03;;;;\n482919;tetap;2026-04-02;;;;\n"
	if r := run(t, roster.ImportGrants, db, list, at(wednesday)); len(r.Errors) != 0 || r.New != 1 || r.Changed != 3 {
		t.Fatalf("%+v", r)
	}
	if w := waiting(t, pool); w != "grant:*:2026-06-17 grant.credited_plain grant#received 3500000 2026-06-17 06-17 12:05" {
		t.Errorf("waits:\n%s", w)
	}
	if s := one[string](t, pool, `SELECT stage FROM grants`); s != "cair" {
		t.Errorf("stands at %s", s)
	}
	if r := run(t, roster.ImportGrants, db, list, at(wednesday.Add(time.Hour))); r.Unchanged != 4 {
		t.Errorf("again: %+v", r)
	}
	// What is long past when it is loaded first is no news.
	if r := run(t, roster.ImportGrants, db, grantsHeader+"550210;cair;2026-03-01;;;;\n", at(wednesday)); r.New != 1 {
		t.Errorf("%+v", r)
	}
	if n := one[int](t, pool, `SELECT count(*) FROM outbox`); n != 1 {
		t.Errorf("%d messages", n)
	}
}

func TestASharedNumberHearsNoFigures(t *testing.T) {
	db, pool := agreedSiti(t)
	run(t, roster.ImportPeople, db, people+";Ani;081234567417;Maja;Cengal;173609;2026-05-04\n")
	run(t, roster.ImportGrants, db, grantsHeader+"482919;cair;2026-06-17;;BRI;4417;\n", at(wednesday))
	if w := waiting(t, pool); w != "grant:*:2026-06-17 grant.changed.quietly  06-17 12:05" {
		t.Errorf("waits:\n%s", w)
	}
}

func TestGrantRowsThatCannotBe(t *testing.T) {
	db, _ := agreedSiti(t)
	run(t, roster.ImportPeople, db, people+";Jauh;081200000077;Lembang;Cikole;310557;\n", func(o *roster.Options) { o.Area = "32.17" })
	for row, want := range map[string]string{
		"482991;bank":                  "Kode: Kode '482991' keliru.",
		";bank":                        "Kode: Kode kosong.",
		"608471;bank":                  "Kode: Kode 608471 tidak ada di wilayah ini.",
		"310557;bank":                  "Kode: Kode 310557 tidak ada di wilayah ini.",
		"482919;lunas":                 "Tahap: Tahap 'lunas' tidak dikenal.",
		"482919;bank;besok":            "Tanggal: Tanggal 'besok' tidak terbaca. Contoh: 2026-06-17.",
		"482919;bank;2026-07-17":       "Tanggal: Tanggal 2026-07-17 belum tiba.",
		"482919;bank;;banyak":          "Jumlah: Jumlah 'banyak' tidak terbaca. Contoh: 3500000.",
		"482919;bank;;3.5":             "Jumlah: Jumlah '3.5' tidak terbaca. Contoh: 3500000.",
		"482919;bank;;;BRI;417":        "Akhiran Rekening: Akhiran rekening '417' harus 4 angka.",
		"482919;bank;;;BRI;4,1E+14":    "Akhiran Rekening: Akhiran rekening '4,1E+14' harus 4 angka.",
		"482919;SUDAH MASUK;17/6/2026": "",
		"482919;belum_diambil;46190;Rp3.500.000,-;BRI;0012345674417": "",
	} {
		r := run(t, roster.ImportGrants, db, grantsHeader+row+"\n", at(wednesday), func(o *roster.Options) { o.DryRun = true })
		got := ""
		if len(r.Errors) > 0 {
			got = r.Errors[0].Field + ": " + r.Errors[0].Problem
		}
		if got != want {
			t.Errorf("%q:\n got %s\nwant %s", row, got, want)
		}
	}
}
