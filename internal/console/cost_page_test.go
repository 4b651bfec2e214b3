package console_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// The cost example of the specification from the database to the page: 1.240 people by the rule, 18 who stopped, 22 without
// a number, 240 on Telegram, 12 couples on one phone.
func TestCostExampleOnThePage(t *testing.T) {
	w := newWorld(t)
	for i := range 1240 {
		p := someone{code: code(i), phone: fmt.Sprintf("+62812%07d", i)}
		switch {
		case i < 18:
			p.consent = "berhenti"
		case i < 40:
			p.phone = ""
		case i < 280:
			p.telegram = fmt.Sprint(4711000 + i)
		case i < 304 && i%2 == 1: // on the phone of the one before
			p.phone = fmt.Sprintf("+62812%07d", i-1)
		}
		w.person(p)
	}
	nani := w.as("nani")
	text := strings.Repeat("abcde ", 21) + "abc'"
	tests := []struct {
		name, text, once string
		want             []string
	}{
		{"plain", text, "", []string{"Sesuai aturan</dt><dd>1.240", "belum setuju</dt><dd>18", "Tanpa nomor</dt><dd>22", "Bisa dikirimi</dt><dd>1.200",
			"Rp336.000", "130/160, 1 SMS", "12 pesan bisa dihemat bila nomor bersama dikirimi sekali saja: biaya menjadi Rp331.800"}},
		{"one typographic apostrophe", strings.Replace(text, "'", "\u2019", 1), "", []string{"Bisa dikirimi</dt><dd>1.200", "Rp672.000", "130/134, 2 SMS",
			"Satu huruf ini menggandakan biaya: ganti dengan &#39; supaya hemat Rp336.000"}},
		{"once to a shared number", text, "1", []string{"Bisa dikirimi</dt><dd>1.200", ">948<", "Rp331.800", "12 pesan dihemat"}},
	}
	path := nani.write(nil)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			nani.edit(path, url.Values{"teks_id": {tt.text}, "sekali": {tt.once}})
			page := nani.get(path).body
			for _, want := range tt.want {
				if !strings.Contains(page, want) {
					t.Errorf("the page lacks %q", want)
				}
			}
		})
	}
}
