package prokus

import (
	"testing"
	"time"
)

func TestShortPlaces(t *testing.T) {
	for _, c := range []struct{ place, short, shortest string }{
		{"Balai Desa Cengal", "Balai Cengal", "Balai Cengal"},
		{"Kantor Kec. Maja", "Kantor Kec. Maja", "Kantor Kec"},
		{"Kantor Kecamatan Maja", "Kantor Kecamatan Maja", "Kantor Kecamatan"},
		{"Balai Desa", "Balai Desa", "Balai Desa"},
		{"Pasar Maja", "Pasar Maja", "Pasar Maja"},
		{"Rumah Bu RT 03", "Rumah Bu RT 03", "Rumah Bu RT 03"},
		{"", "", ""},
	} {
		if got := ShortPlace(c.place); got != c.short {
			t.Errorf("short %q: %q", c.place, got)
		}
		if got := ShortestPlace(c.place, "Maja"); got != c.shortest {
			t.Errorf("shortest %q: %q", c.place, got)
		}
	}
}

func TestCheckIn(t *testing.T) {
	wit := Zone("Asia/Jayapura")
	from, until := CheckIn(time.Date(2026, 6, 10, 10, 0, 0, 0, wit))
	if want := time.Date(2026, 6, 10, 8, 0, 0, 0, wit); !from.Equal(want) {
		t.Errorf("from %s", from)
	}
	if want := time.Date(2026, 6, 11, 12, 0, 0, 0, wit); !until.Equal(want) {
		t.Errorf("until %s", until)
	}
}
