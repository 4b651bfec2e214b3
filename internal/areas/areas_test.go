package areas

import (
	"testing"
	"time"
)

func load(t *testing.T) *Index {
	t.Helper()
	x, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestCodesAreThoseOfKemendagri(t *testing.T) {
	x := load(t)
	for code, name := range map[string]string{
		"32": "Jawa Barat", "32.10": "Kab. Majalengka", "32.10.06": "Kec. Maja", "32.10.07": "Kec. Majalengka", "32.10.08": "Kec. Sukahaji",
		"32.17": "Kab. Bandung Barat", "32.73": "Kota Bandung", "33.22": "Kab. Semarang", "33.74": "Kota Semarang", "34.02": "Kab. Bantul",
		"31": "DKI Jakarta", "31.71": "Kota Jakarta Pusat", "31.74": "Kota Jakarta Selatan", "31.01": "Kab. Kepulauan Seribu", "34": "DI Yogyakarta",
	} {
		a, ok := x.Get(code)
		if !ok || a.Full() != name {
			t.Errorf("%s: got %q, want %q", code, a.Full(), name)
		}
	}
	var count [4]int
	for _, a := range x.All() {
		count[a.Level]++
		if _, err := time.LoadLocation(a.Zone); err != nil {
			t.Fatalf("%s: %v", a.Code, err)
		}
	}
	if count != [4]int{0, 38, 514, 7277} {
		t.Errorf("counts of provinces, kabupaten and kecamatan: %v", count[1:])
	}
}

func TestZones(t *testing.T) {
	x := load(t)
	for code, zone := range map[string]string{
		"32.10": "Asia/Jakarta", "11.01": "Asia/Jakarta", "61.01": "Asia/Pontianak", "62.01": "Asia/Pontianak", "63.01": "Asia/Makassar",
		"51.03": "Asia/Makassar", "73.71": "Asia/Makassar", "82.01": "Asia/Jayapura", "91.03": "Asia/Jayapura", "96.71": "Asia/Jayapura",
	} {
		if a, ok := x.Get(code); !ok || a.Zone != zone {
			t.Errorf("%s: zone %q, want %q", code, a.Zone, zone)
		}
	}
}

func TestFindByName(t *testing.T) {
	x := load(t)
	for name, code := range map[string]string{
		"Majalengka": "32.10", "Kab. Majalengka": "32.10", "kabupaten majalengka": "32.10", "KAB MAJALENGKA": "32.10", "Kab.Majalengka": "32.10", "32.10": "32.10",
		"Bandung": "32.04", "Kab. Bandung": "32.04", "Kota Bandung": "32.73", "Bandung Barat": "32.17", "Semarang": "33.22", "Kota Semarang": "33.74",
		"Jakarta Pusat": "31.71", "Kota Adm. Jakarta Pusat": "31.71", "KOTA ADMINISTRASI JAKARTA TIMUR": "31.75", "Surabaya": "35.78", "Cimahi": "32.77",
	} {
		if a, _, ok := x.FindKabupaten(name); !ok || a.Code != code {
			t.Errorf("kabupaten %q: got %q", name, a.Code)
		}
	}
	for name, near := range map[string]string{"Majalenka": "Majalengka", "Bantull": "Bantul", "Jakarta": "", "Xyz": "", "": "", "Kota Majalengka": "Majalengka"} {
		if a, got, ok := x.FindKabupaten(name); ok || got != near {
			t.Errorf("kabupaten %q: got %q, near %q, want near %q", name, a.Code, got, near)
		}
	}
	for name, code := range map[string]string{"Maja": "32.10.06", "kec. maja": "32.10.06", "Kecamatan Majalengka": "32.10.07", "SUKAHAJI": "32.10.08", "32.10.06": "32.10.06"} {
		if a, _, ok := x.FindKecamatan("32.10", name); !ok || a.Code != code {
			t.Errorf("kecamatan %q: got %q", name, a.Code)
		}
	}
	for name, near := range map[string]string{"Majaa": "Maja", "Maj": "Maja", "Sukahajih": "Sukahaji", "Lembang": "", "": "", "32.17.01": ""} {
		if a, got, ok := x.FindKecamatan("32.10", name); ok || got != near {
			t.Errorf("kecamatan %q: got %q, near %q, want near %q", name, a.Code, got, near)
		}
	}
}

func TestWithin(t *testing.T) {
	for _, c := range []struct {
		code, area string
		want       bool
	}{{"32.10.06", "32.10", true}, {"32.10", "32.10", true}, {"32.10.06", "32", true}, {"32.10.06", "", true}, {"32.10.06", "ID", true},
		{"32.10.06", "32.1", false}, {"32.17.01", "32.10", false}, {"32", "32.10", false}} {
		if Within(c.code, c.area) != c.want {
			t.Errorf("Within(%q, %q)", c.code, c.area)
		}
	}
}

func TestCalendar(t *testing.T) {
	days, err := Holidays()
	if err != nil {
		t.Fatal(err)
	}
	muharam := false
	for i, d := range days {
		if i > 0 && !d.Day.After(days[i-1].Day) {
			t.Errorf("%s is not after %s", d.Day, days[i-1].Day)
		}
		muharam = muharam || d.Day.Equal(time.Date(2026, 6, 16, 0, 0, 0, 0, time.UTC))
	}
	if !muharam {
		t.Error("16 June 2026, 1 Muharam, is no working day in the transcripts")
	}
	breaks, err := Pauses()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range breaks {
		if p.To.Before(p.From) {
			t.Errorf("%s ends before it begins", p.Name)
		}
	}
	if len(breaks) < 2 || len(days) < 30 {
		t.Errorf("%d holidays, %d pauses", len(days), len(breaks))
	}
}
