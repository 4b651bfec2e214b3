package e2e

import (
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/fake"
	"github.com/kabar-prokus/kabar/internal/pgtest"
)

// The canary: nobody else is called so, and no other number or NIK looks like hers.
const (
	canaryName  = "Zulaikha Kenariwati"
	canaryPhone = "+6281299887766"
	canaryNIK   = "3210134506680991"
)

// canaries are her strings as they may be written somewhere.
func canaries() []string {
	return []string{"zulaikha", "kenariwati", canaryPhone[1:], "0" + canaryPhone[3:], canaryPhone[3:], canaryNIK, "3210 1345 0668 0991"}
}

// TestH7TheCanary lets somebody do what people do, and looks for her where nobody must find her: the log at its most talkative, the
// arguments of jobs, the metrics (faults.md H7, S7). Then she asks to be forgotten, and three days later no table knows her
// (H6), while the sums still hold what she reported.
func TestH7TheCanary(t *testing.T) {
	t.Parallel()
	dsn := pgtest.URL(t)
	p := start(t, []string{"DATABASE_URL=" + dsn, "KABAR_LOG=debug"}, "--empty", "--clock", "2026-06-01T09:00:00+07:00")
	db, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close(t.Context()) })
	p.imports("staff", staffList, 3)
	p.imports("people", strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(peopleList, "Siti Aminah", canaryName), "081234567417", "0"+canaryPhone[3:]), "3210134506680001", canaryNIK), 2, "--invite")
	p.imports("grants", "Kode;Tahap;Tanggal;Jumlah;Bank;Akhiran Rekening;Catatan\n482919;cair;2026-06-01;3500000;BRI;4417;titip "+canaryName+"\n", 1)
	p.clock("2026-06-01T12:00:00+07:00")
	for _, said := range []string{"ya", "1", "status", "NIK saya " + canaryNIK, "nama saya " + canaryName + " hp 081299887766", "tolong", "6", "1", "banjir, rumah " + canaryName + " terendam"} {
		p.sms(canaryPhone, said)
	}
	for i, text := range []string{"", "1", "1*750", "1*750*1"} {
		p.dial(fmt.Sprintf("session-%d", i/4), canaryPhone, text)
	}
	p.clock("2026-06-07T18:31:00+07:00")
	p.sms(canaryPhone, "750rb")
	p.sms(canaryPhone, "ubah 760rb")
	for _, said := range []string{"cari zulaikha", "lapor 482919 770rb", "1", "k1 " + canaryName + " dipinjami kompor", "s1", "t1"} {
		p.sms(dedi, said)
	}
	p.clock("2026-06-10T08:00:00+07:00")

	if seen := rowsNaming(t, db, ""); seen < 15 {
		t.Fatalf("%d rows name her: the test would prove little", seen)
	}
	r, err := http.Get(p.base + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	metrics, err := io.ReadAll(r.Body)
	r.Body.Close()
	if err != nil || !strings.Contains(string(metrics), "kabar_turn_seconds") {
		t.Fatalf("metrics: %v, %d bytes", err, len(metrics))
	}
	log := p.log.String()
	if !strings.Contains(log, "level=DEBUG") {
		t.Errorf("the log is silent:\n%s", tail(log, 500))
	}
	for _, c := range canaries() {
		if strings.Contains(strings.ToLower(string(metrics)), c) {
			t.Errorf("metrics know %q", c)
		}
		if i := strings.Index(strings.ToLower(log), c); i >= 0 {
			t.Errorf("the log knows %q: %s", c, log[max(0, i-200):min(len(log), i+100)])
		}
	}
	if n := rowsNaming(t, db, "river_job"); n != 0 {
		t.Errorf("%d jobs name her", n)
	}

	p.sms(canaryPhone, "hapus data")
	if got := p.sms(canaryPhone, "ya"); len(got) == 0 || !strings.HasPrefix(got[0].Text, "Permintaan hapus data dicatat") {
		t.Fatalf("her wish: %v", got)
	}
	told := len(p.phone(canaryPhone))
	p.clock("2026-06-12T08:00:00+07:00")
	if n := len(p.phone(canaryPhone)); n != told {
		t.Errorf("%d messages after her wish", n-told)
	}
	p.clock("2026-06-13T08:00:00+07:00") // 72 hours after the morning of the 10th
	rowsNaming(t, db, "?")
	var sum, weeks int
	var status string
	err = db.QueryRow(t.Context(), `SELECT coalesce(sum(r.amount), 0), count(r.*), max(p.status) FROM person p LEFT JOIN report r ON r.person_id = p.id WHERE p.code = '482919'`).Scan(&sum, &weeks, &status)
	if err != nil || sum == 0 || weeks == 0 || status != "keluar" {
		t.Errorf("of her remain Rp%d in %d weeks, %s, %v", sum, weeks, status, err)
	}
	// The number is a stranger's now, and the programme goes on.
	if got := p.sms(canaryPhone, "status"); len(got) != 1 || strings.Contains(got[0].Text, "Zulaikha") {
		t.Errorf("to the number: %v", got)
	}
	if got := p.sms(ani, "menu"); len(got) == 0 {
		t.Error("no answer to somebody else")
	}
}

// rowsNaming counts the rows of all tables, or of one, that hold one of her strings; "?" expects none.
func rowsNaming(t *testing.T, db *pgx.Conn, only string) (n int) {
	t.Helper()
	rows, err := db.Query(t.Context(), `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	var needles []string
	for _, c := range canaries() {
		needles = append(needles, c, hex.EncodeToString([]byte(c))) // bytea shows as hex
	}
	for _, table := range tables {
		if only != "" && only != "?" && table != only {
			continue
		}
		var found int
		var example *string
		sql := fmt.Sprintf(`SELECT count(*), min(t::text) FROM %s t WHERE EXISTS (SELECT 1 FROM unnest($1::text[]) c WHERE position(c IN lower(t::text)) > 0)`, pgx.Identifier{table}.Sanitize())
		if err := db.QueryRow(t.Context(), sql, needles).Scan(&found, &example); err != nil {
			t.Fatal(err)
		}
		if only == "?" && found > 0 {
			t.Errorf("%s: %d rows still name her, such as %.300s", table, found, *example)
		}
		n += found
	}
	return n
}

// TestA2RedeliveredAfterThePurge: a message that its provider sends again after a month, and again when its words are long gone, is
// still known: no row, no answer, no effect (faults.md A2, S8).
func TestA2RedeliveredAfterThePurge(t *testing.T) {
	t.Parallel()
	dsn := pgtest.URL(t)
	d := fake.NewTwilio(account, token)
	t.Cleanup(d.Close)
	p := start(t, twilioEnv(d, "DATABASE_URL="+dsn), "--empty", "--clock", "2026-06-07T19:02:00+07:00")
	p.imports("staff", staffList, 3)
	p.imports("people", strings.ReplaceAll(strings.ReplaceAll(peopleList, "Tahun Lahir\n", "Tahun Lahir;Persetujuan\n"), ";1968", ";1968;2026-05-04"), 2)
	db, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close(t.Context()) })
	form := d.InboundForm(siti, service, "750rb", fmt.Sprintf("SM%032x", 7))
	again := func() {
		r, err := http.DefaultClient.Do(d.Request(p.webhook(), form))
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if r.StatusCode != http.StatusOK {
			t.Errorf("answered %d", r.StatusCode)
		}
	}
	state := func() (s string) {
		err := db.QueryRow(t.Context(), `SELECT format('%s in, %s words, %s replies, %s reports of %s', (SELECT count(*) FROM inbox), (SELECT count(*) FROM inbox WHERE raw IS NOT NULL OR text <> ''),
			(SELECT count(*) FROM outbox WHERE kind = 'reply'), (SELECT count(*) FROM report), (SELECT sum(amount) FROM report))`).Scan(&s)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	again()
	p.wait("her receipt", waitLong, func() bool { return len(d.To(siti)) == 1 })
	for _, x := range []struct{ at, want string }{
		{"2026-06-07T19:03:00+07:00", "1 in, 1 words, 1 replies, 1 reports of 750000"},
		{"2026-07-08T12:00:00+07:00", "1 in, 1 words, 1 replies, 1 reports of 750000"},
		{"2026-09-08T12:00:00+07:00", "1 in, 0 words, 1 replies, 1 reports of 750000"},
	} {
		p.clock(x.at)
		again()
		if got := state(); got != x.want {
			t.Errorf("%s: %s, want %s", x.at, got, x.want)
		}
	}
}
