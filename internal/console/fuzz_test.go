package console

import (
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Whatever a form carries: what comes of it can be kept and measured, and links are governmental or named.
func FuzzForm(f *testing.F) {
	for _, s := range []string{"", "nama=x&teks_id={nama}&tanggal=20-06-2026&jam=10.00", "wilayah_pilihan=sebagian&wilayah=32.10.07", "teks_id=%00%ff%E2%80%99&jam=24.00",
		"teks_id=http://a.go.id@b.c&tanggal=0-0-0&jam=7:5", "teks_id={{}}{nama&angkatan=99999999999999999999&versi=-1"} {
		f.Add(s)
	}
	wib := prokus.Zone("")
	now := time.Date(2026, 6, 10, 14, 30, 0, 0, wib)
	f.Fuzz(func(t *testing.T, body string) {
		q, err := url.ParseQuery(body)
		if err != nil {
			return // net/http answers that
		}
		form := readForm(q)
		w, r, at, _ := form.apply(choices{Areas: []Area{{Code: "32.10.07"}}}, wib)
		for l, text := range w.Texts {
			if !utf8.ValidString(text) || strings.ContainsRune(text, 0) || utf8.RuneCountInString(text) > maxText {
				t.Fatalf("text %s: %q", l, text)
			}
		}
		if form.Some && len(r.Areas) > 1 {
			t.Fatalf("areas nobody offered: %q", r.Areas)
		}
		b := Broadcast{Wording: w, Rule: r, SendAt: at, State: Draft}
		b.Problems(prokus.DefaultRules(), now, wib)
		QuoteFor(w, []Recipient{longest}, nil)
		for _, text := range w.Texts {
			for _, link := range foreignLinks(text) {
				if governmental(link) {
					t.Fatalf("%q is refused and allowed", link)
				}
			}
		}
	})
}
