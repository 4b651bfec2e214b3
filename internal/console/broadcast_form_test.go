package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestTheCountMustBeTrue(t *testing.T) {
	w := newWorld(t)
	w.crowd(3, "32.10.07")
	nani := w.as("nani")
	path := nani.write(nil)
	w.person(someone{code: "482919", phone: "+6281234567417"})
	if got := nani.submit(path, 3); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "Jumlah penerima tidak cocok") {
		t.Errorf("submitted with 3 where there are 4: %d", got.status)
	}
	if got := nani.submit(path, 4); got.status != http.StatusSeeOther {
		t.Errorf("submit: %d", got.status)
	}
}

// A couple on one phone: one message where the words are the same for both, also when they stand in different batches,

// and also when the first of them has left since.

// Fifty clicks at once, by two people: one approval (faults.md K3).

func TestBadForms(t *testing.T) {
	w := newWorld(t)
	w.crowd(3, "32.10.07")
	nani := w.as("nani")
	path := nani.write(nil)
	tests := []struct {
		name string
		form url.Values
		want int
	}{
		{"a kecamatan of another kabupaten", url.Values{"wilayah_pilihan": {"sebagian"}, "wilayah": {"32.17.01"}}, 422},
		{"some kecamatan, but none", url.Values{"wilayah_pilihan": {"sebagian"}}, 422},
		{"a batch that does not exist", url.Values{"angkatan": {"77"}}, 422},
		{"a date that is none", url.Values{"tanggal": {"31-02-2026"}, "jam": {"10.00"}}, 422},
		{"a clock without a date", url.Values{"jam": {"10.00"}}, 422},
		{"no version", url.Values{"versi": {""}}, 409},
		{"somebody else's fields", url.Values{"state": {"disetujui"}, "approver_id": {"2"}, "area_code": {"ID"}, "id": {"9"}}, 303},
		{"NUL and broken UTF-8", url.Values{"teks_id": {"a\x00b\xff"}, "nama": {"x\x00"}}, 303},
		{"70 KB", url.Values{"teks_id": {strings.Repeat("x", 70<<10)}}, 400},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := url.Values{"nama": {"Bazar"}, "teks_id": {"Bazar"}, "wilayah_pilihan": {"semua"}, "versi": {fmt.Sprint(nani.version(path))}}
			for k, v := range tt.form {
				f[k] = v
			}
			if got := nani.post(path, f); got.status != tt.want {
				t.Errorf("%d, want %d", got.status, tt.want)
			}
		})
	}
	var state, area string
	w.scan(&state, `SELECT state FROM broadcast`)
	w.scan(&area, `SELECT area_code FROM broadcast`)
	if state != "draf" || area != "32.10" {
		t.Errorf("posted fields changed the broadcast to %s of %s", state, area)
	}
	if log := w.log.String(); strings.Contains(log, "22021") || strings.Contains(log, "22P05") {
		t.Errorf("the database refused bytes:\n%s", log)
	}
}

func TestPlainLetters(t *testing.T) {
	w := newWorld(t)
	w.crowd(2, "32.10.07")
	nani := w.as("nani")
	text := strings.Repeat("Bazar ramai ", 10) + "Jum\u2019at"
	path := nani.write(url.Values{"teks_id": {text}})
	page := nani.get(path)
	for _, want := range []string{"Rp1.400", "Satu huruf ini menggandakan biaya: ganti dengan &#39; supaya hemat Rp700", "U&#43;2019"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if got := nani.post(path+"/polos", url.Values{"versi": {fmt.Sprint(nani.version(path))}}); got.status != http.StatusSeeOther {
		t.Fatalf("plain: %d", got.status)
	}
	if page := nani.get(path); !strings.Contains(page.body, "Rp700") || strings.Contains(page.body, "menggandakan") {
		t.Error("the plain text costs as much")
	}
}

// A coordinator of two kabupaten says of which one a broadcast is; it stays within that one.

func TestTwoKabupaten(t *testing.T) {
	w := newWorld(t)
	w.person(someone{code: "482919", name: "Siti", phone: "+6281234567417"})
	w.person(someone{code: "173609", name: "Ani", area: "32.17.01", phone: "+6281234567418"})
	w.exec(`INSERT INTO staff_area (staff_id, area_code) VALUES ($1, '32.17')`, w.staff["nani"])
	nani := w.as("nani")
	if got := nani.get("/siaran/baru").body; !strings.Contains(got, `value="32.10">Majalengka`) || !strings.Contains(got, `value="32.17">Bandung Barat`) {
		t.Errorf("the form does not offer both:\n%s", got)
	}
	if got := nani.post("/siaran", url.Values{"nama": {"Bazar"}}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("without a choice: %d", got.status)
	}
	if got := nani.post("/siaran", url.Values{"nama": {"Bazar"}, "milik": {"ID"}}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("of the nation: %d", got.status)
	}
	got := nani.post("/siaran", url.Values{"nama": {"Bazar"}, "milik": {"32.17"}})
	path, _, _ := strings.Cut(got.header.Get("Location"), "?")
	nani.edit(path, nil)
	if page := nani.get(path).body; !strings.Contains(page, "Bu Ani, bazar") || strings.Contains(page, "Bu Siti") {
		t.Error("the audience leaves its kabupaten")
	}
}
