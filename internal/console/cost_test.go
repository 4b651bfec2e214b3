package console

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// The example of the specification, to the rupiah: 1.200 people, 240 of them on Telegram, 12 couples on one phone.
func TestCostExample(t *testing.T) {
	var people []Recipient
	for i := range 1200 {
		r := Recipient{Person: int64(i + 1), Name: "Siti", Lang: prokus.ID, Via: "sms", To: fmt.Sprintf("+62812%07d", i)}
		switch {
		case i < 240:
			r.Via, r.To = "telegram", fmt.Sprint(1000+i)
		case i < 264 && i%2 == 1: // the second of a couple
			r.To = people[i-1].To
		}
		people = append(people, r)
	}
	plain := strings.Repeat("abcde ", 21) + "abc'"
	if len(plain) != 130 {
		t.Fatalf("the text of the example has 130 characters, this one %d", len(plain))
	}
	curly := strings.Replace(plain, "'", "\u2019", 1)
	tests := []struct {
		name          string
		text          string
		once          bool
		messages, sms int
		segments      int
		cost, saves   int64
		shared        int
		sharedC       int64
	}{
		{name: "plain", text: plain, messages: 1200, sms: 960, segments: 960, cost: 336_000, shared: 12, sharedC: 331_800},
		{name: "one typographic apostrophe", text: curly, messages: 1200, sms: 960, segments: 1920, cost: 672_000, saves: 336_000, shared: 12, sharedC: 663_600},
		{name: "once to a shared number", text: plain, once: true, messages: 1188, sms: 948, segments: 948, cost: 331_800, shared: 12},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q := QuoteFor(Wording{Texts: map[prokus.Lang]string{prokus.ID: tt.text}, OncePerNumber: tt.once}, people, nil)
			i := slices.IndexFunc(q.Lines, func(l Line) bool { return l.Via == "sms" })
			if i < 0 || q.Lines[i].Messages != tt.sms || q.Lines[i].Segments != tt.segments {
				t.Fatalf("SMS: %+v, want %d messages of %d segments", q.Lines, tt.sms, tt.segments)
			}
			if q.Messages != tt.messages || q.Cost != tt.cost || q.Plain != tt.saves {
				t.Errorf("%d messages, Rp%d, plain saves Rp%d; want %d, Rp%d, Rp%d", q.Messages, q.Cost, q.Plain, tt.messages, tt.cost, tt.saves)
			}
			if q.Shared != tt.shared || q.SharedC != tt.sharedC {
				t.Errorf("shared numbers: %d messages, Rp%d; want %d, Rp%d", q.Shared, q.SharedC, tt.shared, tt.sharedC)
			}
		})
	}
}

func TestNameIsSaidToEachOnASharedNumber(t *testing.T) {
	couple := []Recipient{
		{Person: 1, Name: "Siti", Salutation: "Ibu", Lang: prokus.ID, Via: "sms", To: "+6281234567417"},
		{Person: 2, Name: "Ani", Salutation: "Ibu", Lang: prokus.ID, Via: "sms", To: "+6281234567417"},
		{Person: 3, Name: "Yati", Salutation: "Ibu", Lang: prokus.SU, Via: "sms", To: "+6281234567417"},
	}
	tests := []struct {
		name  string
		texts map[prokus.Lang]string
		want  int
	}{
		{"no name: one message", map[prokus.Lang]string{prokus.ID: "Bazar Sab 20 Jun"}, 1},
		{"a salutation that is the same for all", map[prokus.Lang]string{prokus.ID: "{sapaan}, bazar Sab 20 Jun"}, 1},
		{"another language is another message", map[prokus.Lang]string{prokus.ID: "Bazar Sab 20 Jun", prokus.SU: "Bazar dinten Saptu"}, 2},
		{"with her name: one each", map[prokus.Lang]string{prokus.ID: "Bu {nama}, bazar Sab 20 Jun"}, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if q := QuoteFor(Wording{Texts: tt.texts, OncePerNumber: true}, couple, nil); q.Messages != tt.want {
				t.Errorf("%d messages, want %d", q.Messages, tt.want)
			}
		})
	}
}

func TestMeterMeasuresTheLongestReader(t *testing.T) {
	w := Wording{Texts: map[prokus.Lang]string{prokus.ID: "{sapaan} {nama}, bazar di Kec. {kecamatan}. Tanya {pendamping}."}}
	people := []Recipient{
		{Name: "Ani", Salutation: "Ibu", Kecamatan: "Maja", TKSK: "Pak Dedi", Lang: prokus.ID, Via: "sms"},
		{Name: "Nurhalizahwati", Salutation: "Mbak", Kecamatan: "Sukahaji", TKSK: "Pak Suharyanto", Lang: prokus.ID, Via: "sms"},
	}
	q := QuoteFor(w, people, nil)
	want := "Mbak Nurhalizahwati, bazar di Kec. Sukahaji. Tanya Pak Suharyanto."
	if len(q.Meters) != 1 || q.Meters[0].Text != want || q.Meters[0].Units != len(want) || q.Meters[0].Limit != 160 {
		t.Fatalf("meters: %+v", q.Meters)
	}
}
