package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

const (
	siti = "+6281234567417"
	ani  = "+6281200000002"
	dedi = "+6281190000011"
	nani = "+6281190000012"
)

const staffList = `Peran;Nama;No HP;Kabupaten;Kecamatan;Lembaga;Email
TKSK;Pak Dedi Kurniawan;081190000011;Majalengka;Maja;Dinsos Majalengka;
Koordinator;Bu Nani Suryani;081190000012;Majalengka;;Dinsos Majalengka;nani@example.id
Mentor;Bu Rina Marlina;081190000013;Majalengka;Maja;Oorange Unpad;
`

const peopleList = `NIK;Nama;No HP;Kabupaten;Kecamatan;Desa;Jenis Usaha;Klaster;Bahasa;Kode;Tahun Lahir
3210134506680001;Siti Aminah;081234567417;Majalengka;Maja;Cengal;Kue basah;Kuliner;Indonesia;482919;1968
3210134708630002;Ani Suryani;081200000002;Majalengka;Maja;Cengal;Keripik;Kuliner;Indonesia;173609;1963
`

// TestTheWholeStory is the main job: she is invited, agrees, reports, falls silent; her TKSK hears of it, acts, and the case
// closes. Somebody else reports and is left in peace.
func TestTheWholeStory(t *testing.T) {
	t.Parallel()
	p := start(t, nil, "--empty", "--clock", "2026-05-04T09:00:00+07:00")
	p.imports("staff", staffList, 3)
	p.imports("people", peopleList, 2, "--invite")
	p.clock("2026-05-04T09:05:00+07:00")
	if got := p.last(siti, "invitation").Text; got != "Salam Bu Siti. Ini KABAR, layanan GRATIS ProKUS Kemensos. Pendamping: Pak Dedi. Balas YA untuk ikut, STOP bila tidak mau." {
		t.Fatalf("invitation: %q", got)
	}
	for _, n := range []string{siti, ani} {
		p.sms(n, "ya")
		p.sms(n, "1")
	}
	p.imports("grants", "Kode;Tahap;Tanggal;Jumlah;Bank;Akhiran Rekening;Catatan\n482919;bank;2026-05-04;3500000;BRI;4417;perkiraan 15-19 Jun\n", 1)
	p.says(siti, "status", "Bu Siti, bantuan Rp3.500.000: DIPROSES BANK (langkah 5 dari 7). Perkiraan masuk 15-19 Jun. Tanpa potongan. Bingung? Balas TOLONG")

	// Five weeks: Siti reports, Ani never does.
	amounts := []string{"600rb", "610rb", "640rb", "670rb", "750rb"}
	for i, a := range amounts {
		sunday := 10 + 7*i
		p.clock(fmt.Sprintf("2026-%s18:31:00+07:00", day(5, sunday)))
		if got := p.last(siti, "prompt").Text; !strings.HasPrefix(got, "Bu Siti, total uang jualan ") || !strings.HasSuffix(got, " -Pak Dedi, TKSK") {
			t.Fatalf("week %d: prompt %q", i, got)
		}
		replies := p.sms(siti, a)
		if len(replies) != 1 || !strings.HasPrefix(replies[0].Text, "Tercatat Rp") {
			t.Fatalf("week %d: %v", i, replies)
		}
		if i == 4 && replies[0].Text != "Tercatat Rp750.000 untuk 1-7 Jun. Naik 12% dari minggu lalu. Sudah 5 minggu berturut-turut, hebat! Salah? Balas UBAH lalu angkanya." {
			t.Errorf("the fifth receipt: %s", replies[0].Text)
		}
	}
	if n := p.count(siti, "reminder"); n != 0 {
		t.Errorf("Siti reported in time and got %d reminders", n)
	}
	if n := p.count(siti, "prompt"); n != 5 {
		t.Errorf("Siti was asked %d times in five weeks", n)
	}
	if n := p.count(ani, "reminder"); n != 8 { // two a week, four weeks that are over
		t.Errorf("Ani was reminded %d times", n)
	}

	// The TKSK hears of Ani in the morning digest, acts, and the case closes with her next report.
	p.clock("2026-06-08T07:31:00+07:00")
	digest := p.last(dedi, "digest")
	if !strings.Contains(digest.Text, "Ani") || !strings.Contains(digest.Text, "diam") || digest.Segments != 1 {
		t.Fatalf("digest: %+v", digest)
	}
	detail := p.sms(dedi, "1")
	if len(detail) != 1 || !strings.Contains(detail[0].Text, "173609") {
		t.Fatalf("detail: %v", detail)
	}
	if got := p.sms(dedi, "k1 dikunjungi di rumah"); !strings.Contains(got[0].Text, "kunjungan 8 Jun dicatat") {
		t.Errorf("k1: %v", got)
	}
	if got := p.sms(dedi, "s1"); !strings.HasPrefix(got[0].Text, "Ani: selesai.") {
		t.Errorf("s1: %v", got)
	}
	if got := p.sms(ani, "500rb"); !strings.HasPrefix(got[0].Text, "Tercatat Rp500.000") {
		t.Errorf("Ani is back: %v", got)
	}
	p.clock("2026-06-09T07:31:00+07:00")
	if got := p.last(dedi, "digest").At; !strings.HasPrefix(got, "2026-06-08") {
		t.Errorf("a digest on a day without work, %s: %s", got, p.last(dedi, "digest").Text)
	}
}

// TestHelpClimbs is a request that nobody acts on: it is promised, reminded of, and goes to the coordinator.
func TestHelpClimbs(t *testing.T) {
	t.Parallel()
	p := start(t, nil, "--empty", "--clock", "2026-06-10T09:40:00+07:00")
	p.imports("staff", staffList, 3)
	p.imports("people", strings.ReplaceAll(strings.ReplaceAll(peopleList, "Tahun Lahir\n", "Tahun Lahir;Persetujuan\n"), ";1968", ";1968;2026-05-04"), 2)
	p.sms(siti, "tolong")
	p.says(siti, "6", "Baik. Pak Dedi akan datang atau menelepon paling lambat Jum 12 Jun. Tiket 1. Kapan enaknya? Balas 1 Pagi 2 Siang 3 Sore")
	p.says(siti, "1", "Dicatat: pagi. Pak Dedi sudah dikabari. Setelah itu kami tanya Ibu apakah sudah dibantu.")
	p.clock("2026-06-11T07:31:00+07:00")
	if got := p.last(dedi, "digest").Text; got != "KABAR Kam 11 Jun: 1 perlu dibantu. 1 Siti minta kunjung. Balas nomornya" {
		t.Errorf("digest: %q", got)
	}
	p.clock("2026-06-12T16:01:00+07:00")
	if got := p.last(dedi, "escalation").Text; !strings.Contains(got, "Kasus Siti diteruskan ke Bu Nani") {
		t.Errorf("to the TKSK: %q", got)
	}
	if got := p.last(nani, "escalation").Text; !strings.Contains(got, "Siti 482919") {
		t.Errorf("to the coordinator: %q", got)
	}
}

// TestUSSDReportsOnce is J3-USSD-01, with the gateway posting the last step twice.
func TestUSSDReportsOnce(t *testing.T) {
	t.Parallel()
	p := start(t, nil, "--empty", "--clock", "2026-06-07T19:02:00+07:00")
	p.imports("staff", staffList, 3)
	p.imports("people", peopleList, 2)
	if got := p.dial("s1", siti, ""); got != "CON Bu Siti, pilih:\n1 Lapor jualan\n2 Status bantuan\n3 Jadwal bimbingan\n4 Minta ditolong\n5 Lainnya\n0 Keluar" {
		t.Errorf("menu: %q", got)
	}
	p.dial("s1", siti, "1")
	if got := p.dial("s1", siti, "1*750"); got != "CON Rp750.000 untuk 1-7 Jun?\n1 Benar\n2 Ulangi\n0 Batal" {
		t.Errorf("confirm: %q", got)
	}
	first, again := p.dial("s1", siti, "1*750*1"), p.dial("s1", siti, "1*750*1")
	if first != again || first != "END Tercatat Rp750.000. Laporan pertama, terima kasih Bu Siti!" {
		t.Errorf("end: %q, again %q", first, again)
	}
	p.wait("the receipt by SMS", waitLong, func() bool { return p.count(siti, "receipt") > 0 })
	if n := p.count(siti, "receipt"); n != 1 {
		t.Errorf("%d receipts", n)
	}
}

// TestClockNeverRunsBackwards is the simulator's contract.
func TestClockNeverRunsBackwards(t *testing.T) {
	t.Parallel()
	p := start(t, nil, "--empty", "--clock", "2026-06-07T19:02:00+07:00")
	if code := p.post("/sim/api/clock", map[string]string{"to": "2026-06-01T00:00:00+07:00"}, nil); code != 409 {
		t.Errorf("backwards answered %d", code)
	}
	if code := p.post("/sim/api/clock", map[string]string{"to": "tomorrow"}, nil); code != 400 {
		t.Errorf("nonsense answered %d", code)
	}
	var c struct{ Now string }
	if p.post("/sim/api/clock", map[string]string{"by": "36h"}, &c); !strings.HasPrefix(c.Now, "2026-06-09T07:02") {
		t.Errorf("now %q", c.Now)
	}
}

// imports runs `kabar import` beside the running demo and wants n new rows.
func (p *program) imports(list, content string, n int, flags ...string) {
	p.t.Helper()
	out, code := p.command("", append([]string{"import", list, p.file(list+".csv", content), "--json"}, flags...)...)
	var r struct {
		New, Changed, Unchanged int
		Errors                  []map[string]any
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != 0 || r.New != n {
		p.t.Fatalf("import %s: exit %d, %v, %s", list, code, err, out)
	}
}

// day counts days from the first of a month of 31 days.
func day(month, d int) string {
	if d > 31 {
		month, d = month+1, d-31
	}
	return fmt.Sprintf("%02d-%02dT", month, d)
}
