package console_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"
)

// The TKSK takes the report of their month as a document; another kecamatan does not exist for them.
func TestTheMonthlyReport(t *testing.T) {
	w := newWorld(t)
	p := w.person(someone{code: "482919", name: `Siti "A" <Aminah> & Co`, phone: "+6281234567417"})
	w.exec(`INSERT INTO grants (person_id, batch_id, stage, since, known_at, amount) VALUES ($1, 1, 'cair', '2026-03-01', $2, 3500000)`, p, noon)
	w.exec(`INSERT INTO report (person_id, week, amount, channel, at, changed_at) VALUES ($1, '2026-06-01', 500000, 'sms', '2026-06-08 09:00+07', $2)`, p, noon)
	w.exec(`INSERT INTO report_change (person_id, week, new, what, at, channel, by_staff) VALUES ($1, '2026-06-01', 500000, 'report', $2, 'sms', $3)`, p, noon, w.staff["dedi"])
	id := w.openCase(3107, p, "KUNJUNG", "dedi")
	w.exec(`INSERT INTO case_event (case_id, at, what, by_staff, note) VALUES ($1, $2, 'visited', $3, 'kompor rusak')`, id, noon, w.staff["dedi"])
	secret := w.openCase(3108, p, "POTONGAN", "nani")
	w.exec(`UPDATE cases SET confidential = true WHERE id = $1`, secret)
	dedi := w.as("dedi")
	if body := dedi.get("/laporan").body; !strings.Contains(body, `href="/laporan/32.10.07/2026-06"`) {
		t.Error("the page offers no report")
	}
	got := dedi.get("/laporan/32.10.07/2026-06")
	if got.status != 200 || !strings.Contains(got.header.Get("Content-Disposition"), `filename="laporan-32.10.07-2026-06.docx"`) {
		t.Fatal(got.status, got.header, w.log)
	}
	z, err := zip.NewReader(bytes.NewReader([]byte(got.body)), int64(len(got.body)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"Juni 2026", "Pak Dedi Kurnia", "Bu Nani Suryani", "Jumlah kunjungan: 1", "dibantu dicatat: 1", "Mengunjungi", "Mencatat laporan jualan", "kompor rusak", "3107", "Minta dikunjungi",
		"Siti &#34;A&#34; &lt;Aminah&gt; &amp; Co", "1-7 Jun", "1 (100,0%)"} {
		if !strings.Contains(string(doc), s) {
			t.Errorf("the document lacks %q", s)
		}
	}
	if strings.Contains(string(doc), "3108") || strings.Contains(string(doc), "potongan") {
		t.Error("a complaint is in the report of the TKSK")
	}
	for path, want := range map[string]int{"/laporan/32.17.01/2026-06": 404, "/laporan/32.10.07/2026-13": 404, "/laporan/32.10.07/2027-01": 404, "/laporan/32.10.07/2026-05": 200} {
		if got := dedi.get(path); got.status != want {
			t.Errorf("%s: %d, want %d", path, got.status, want)
		}
	}
	if n := w.count(`SELECT count(*) FROM audit WHERE what = 'laporan bulanan'`); n != 2 {
		t.Errorf("%d audit rows", n)
	}
}
