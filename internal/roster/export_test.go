package roster_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/postgres"
	"github.com/kabar-prokus/kabar/internal/roster"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

func export(t *testing.T, db *postgres.DB, what string, o roster.ExportOptions) (string, int) {
	t.Helper()
	var b bytes.Buffer
	n, err := roster.Export(t.Context(), db, what, o, &b)
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), n
}

func TestPeopleGoOutAndComeBack(t *testing.T) {
	db, pool := agreedSiti(t)
	run(t, roster.ImportPeople, db, people+";=HYPERLINK(\"http://x\");+6281200000005;Maja;@Cengal;310557;\n;-Euis-;;Maja;+Desa;608471;\n")
	out, n := export(t, db, "people", roster.ExportOptions{})
	if n != 4 || !strings.HasPrefix(out, "\xEF\xBB\xBFKode;Nama;Sapaan;No HP;Kabupaten;Kecamatan;Desa;") {
		t.Fatalf("%d rows: %s", n, out)
	}
	for _, want := range []string{"482919;Siti Aminah;Ibu;081234567417;Majalengka;Maja;Cengal;", `310557;"'=HYPERLINK(""http://x"")";Ibu;081200000005;Majalengka;Maja;'@Cengal;`, "608471;'-Euis-;Ibu;;"} {
		if !strings.Contains(out, want) {
			t.Errorf("missing %s in:\n%s", want, out)
		}
	}
	for _, bad := range []string{"3210134506680001", "\n=", ";=", ";@", ";+", ";-"} {
		if strings.Contains(out, bad) {
			t.Errorf("%q went out:\n%s", bad, out)
		}
	}
	if r := run(t, roster.ImportPeople, db, out); r.New != 0 || r.Changed != 0 || r.Unchanged != 4 || len(r.Errors) != 0 {
		t.Errorf("back again: %+v", r)
	}
	book, n := export(t, db, "people", roster.ExportOptions{XLSX: true, Area: "32.10.06"})
	f, err := excelize.OpenReader(strings.NewReader(book))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if phone, err := f.GetCellValue("Sheet1", "D2"); err != nil || phone != "081234567417" || n != 4 {
		t.Errorf("phone in the workbook: %q %v, %d rows", phone, err, n)
	}
	if _, n := export(t, db, "people", roster.ExportOptions{Area: "32.17"}); n != 0 {
		t.Errorf("%d people of another district", n)
	}
	exec(t, pool, `INSERT INTO report (person_id, week, amount, channel, at, changed_at) SELECT id, w::date, 750000, 'sim', w::timestamptz + interval '6 days', now() FROM person,
		unnest(ARRAY['2026-05-25', '2026-06-01']) w WHERE code = '482919'`)
	out, n = export(t, db, "reports", roster.ExportOptions{From: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)})
	if n != 1 || !strings.Contains(out, "482919;Siti Aminah;Majalengka;Maja;2026-W23;2026-06-01;750000;;;;self;sim;tidak;2026-06-07 ") {
		t.Errorf("%d reports:\n%s", n, out)
	}
	if _, n = export(t, db, "reports", roster.ExportOptions{To: time.Date(2026, 5, 31, 0, 0, 0, 0, time.UTC)}); n != 1 {
		t.Errorf("%d reports until May", n)
	}
}

func TestConfidentialThingsStay(t *testing.T) {
	db, pool := agreedSiti(t)
	exec(t, pool, `INSERT INTO cases (ticket, kabupaten, year, person_id, area_code, reason, priority, confidential, opened_at, due_at)
		SELECT 3100 + n, '32.10', 2026, id, area_code, r, 50, r = 'KEKERASAN', '2026-06-10 02:40Z', '2026-06-12 09:00Z' FROM person, unnest(ARRAY['KUNJUNG', 'KEKERASAN']) WITH ORDINALITY u (r, n) WHERE code = '482919'`)
	exec(t, pool, `INSERT INTO inbox (channel, provider_id, via, sender, kind, text, person_id, at) SELECT 'sim', '1', 'sms', '+62', 'text', 'saya dipukul', id, '2026-06-10 02:40Z' FROM person WHERE code = '482919'`)
	exec(t, pool, `INSERT INTO outbox (person_id, case_id, kind, lane, said, not_before, created_at, sent_at, state) SELECT person_id, id, 'reply', 1, 'pesan ' || reason, opened_at, opened_at, opened_at, 'sent' FROM cases`)
	out, n := export(t, db, "cases", roster.ExportOptions{})
	if n != 1 || !strings.Contains(out, "3101;2026;Majalengka;Maja;482919;Siti Aminah;KUNJUNG;buka;50;;2026-06-10 09:40;2026-06-12 16:00;") {
		t.Errorf("%d cases:\n%s", n, out)
	}
	exec(t, pool, `UPDATE cases SET reason = 'DIAM2', detail = '{"weeks": 4}' WHERE reason = 'KUNJUNG'`)
	out, _ = export(t, db, "cases", roster.ExportOptions{Now: time.Date(2026, 6, 25, 3, 0, 0, 0, time.UTC)})
	if !strings.Contains(out, ";DIAM2;buka;80;;") { // 50, 10 for each further week of silence, 5 for each week open
		t.Errorf("the priority of long silence:\n%s", out)
	}
	exec(t, pool, `UPDATE cases SET reason = 'KUNJUNG' WHERE reason = 'DIAM2'`)
	out, n = export(t, db, "messages", roster.ExportOptions{From: time.Date(2026, 6, 10, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 6, 10, 0, 0, 0, 0, time.UTC)})
	if n != 3 || strings.Contains(out, "dipukul") || strings.Contains(out, "KEKERASAN") || !strings.Contains(out, "pesan KUNJUNG") {
		t.Errorf("%d messages:\n%s", n, out)
	}
	if _, err := roster.Export(t.Context(), db, "passwords", roster.ExportOptions{}, &bytes.Buffer{}); err == nil {
		t.Error("there is no such list")
	}
}

func TestNoCellBeginsAFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "cell")
		h := roster.Harmless(s)
		if h == "" {
			return
		}
		if strings.ContainsRune("=+@\t\r", rune(h[0])) || h[0] == '-' && strings.Trim(h, "-0123456789") != "" {
			t.Fatalf("%q begins a formula", h)
		}
		if strings.TrimPrefix(h, "'") != s && h != s {
			t.Fatalf("%q became %q", s, h)
		}
	})
}
