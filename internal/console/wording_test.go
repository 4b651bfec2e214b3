package console

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

func TestLinksLeadToGovernmentOnly(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{"Lihat https://kemensos.go.id/bazar.", nil},
		{"Lihat cekbansos.kemensos.go.id ya", nil},
		{"Sab 20 Jun jam 08.00 di Kec.Maja, Rp1.250.000", nil},
		{"Klik bit.ly/abc", []string{"bit.ly/abc"}},
		{"Klik HTTP://KEMENSOS.GO.ID.contoh.com/x", []string{"HTTP://KEMENSOS.GO.ID.contoh.com/x"}},
		{"https://kemensos.go.id@jahat.example/x", []string{"https://kemensos.go.id@jahat.example/x"}},
		{"tg://resolve?domain=kemensos.go.id", []string{"tg://resolve?domain=kemensos.go.id"}},
		{"www.bantuan.example", []string{"www.bantuan.example"}},
		{"mirip: kemensos-go.id", []string{"kemensos-go.id"}},
	}
	for _, tt := range tests {
		if got := foreignLinks(tt.text); !slices.Equal(got, tt.want) {
			t.Errorf("%q: %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestProblems(t *testing.T) {
	wib := prokus.Zone("")
	now := time.Date(2026, 6, 10, 14, 30, 0, 0, wib)
	good := func() Broadcast {
		return Broadcast{State: Draft, Wording: Wording{Name: "Bazar", Texts: map[prokus.Lang]string{prokus.ID: "Bazar"}, UseID: []prokus.Lang{prokus.SU, prokus.JV}}}
	}
	tests := []struct {
		name   string
		change func(*Broadcast)
		want   string
	}{
		{"nothing", func(*Broadcast) {}, ""},
		{"no name", func(b *Broadcast) { b.Name = "" }, "name"},
		{"no Indonesian", func(b *Broadcast) { b.Texts = nil }, "text"},
		{"Sundanese neither written nor left to Indonesian on purpose", func(b *Broadcast) { b.UseID = b.UseID[1:] }, "lang:su"},
		{"unknown placeholder", func(b *Broadcast) { b.Texts[prokus.ID] = "Bu {nana}" }, "placeholder:{nana}"},
		{"half a placeholder", func(b *Broadcast) { b.Texts[prokus.ID] = "Bu {nama" }, "placeholder:{nama"},
		{"foreign link", func(b *Broadcast) { b.Texts[prokus.ID] = "bit.ly/x" }, "link:bit.ly/x"},
		{"in the evening: the next morning is offered", func(b *Broadcast) { b.SendAt = time.Date(2026, 6, 11, 20, 0, 0, 0, wib) }, "quiet:Jum 12 Jun 2026 07.00 WIB"},
		{"before seven: the same morning", func(b *Broadcast) { b.SendAt = time.Date(2026, 6, 11, 6, 59, 0, 0, wib) }, "quiet:Kam 11 Jun 2026 07.00 WIB"},
		{"at seven", func(b *Broadcast) { b.SendAt = time.Date(2026, 6, 11, 7, 0, 0, 0, wib) }, ""},
		{"yesterday", func(b *Broadcast) { b.SendAt = now.AddDate(0, 0, -1) }, "past"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := good()
			tt.change(&b)
			var got []string
			for _, p := range b.Problems(prokus.DefaultRules(), now, wib) {
				got = append(got, strings.TrimSuffix(p.Key+":"+p.Arg, ":"))
			}
			if strings.Join(got, ",") != tt.want {
				t.Errorf("problems %q, want %q", got, tt.want)
			}
		})
	}
}

func TestSayWritesValuesPlainly(t *testing.T) {
	w := Wording{Texts: map[prokus.Lang]string{prokus.ID: "{sapaan} {nama} di {kecamatan}, {pendamping}"}}
	got := w.Say(Recipient{Name: "Aêdah", Salutation: "Bapak", Kecamatan: "Maja", Lang: prokus.JV})
	if got != "Pak Aedah di Maja, pendamping" {
		t.Errorf("%q", got)
	}
}

// The text of J9-SMS-01, to the letter, and in one segment.
func TestTheBazar(t *testing.T) {
	w := Wording{Texts: map[prokus.Lang]string{prokus.ID: "{sapaan} {nama}, bazar UMKM Kec. {kecamatan} Sab 20 Jun jam 08.00 di alun-alun, lapak gratis untuk 30 orang. Mau ikut? Balas IKUT sebelum Sen 15 Jun"}}
	siti := Recipient{Name: "Siti Aminah", Salutation: "Ibu", Kecamatan: "Maja", TKSK: "Pak Dedi", Lang: prokus.ID, Via: "sms"}
	want := "Bu Siti, bazar UMKM Kec. Maja Sab 20 Jun jam 08.00 di alun-alun, lapak gratis untuk 30 orang. Mau ikut? Balas IKUT sebelum Sen 15 Jun"
	if got := w.Say(siti); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if q := QuoteFor(w, []Recipient{siti}, nil); q.Parts != 1 || q.Cost != 350 || len(q.Meters[0].Costly) != 0 {
		t.Errorf("%+v", q)
	}
}
