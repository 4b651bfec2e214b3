package channels

import (
	"net/http"
	"strings"
	"testing"
)

func TestOnlyPeopleCanBeAnswered(t *testing.T) {
	for sender, want := range map[string]string{
		"+6281200000001": "+6281200000001", "6281200000001": "+6281200000001", "081200000001": "+6281200000001", " 0812-0000-0001 ": "+6281200000001", "+60121234567": "+60121234567",
		"TELKOMSEL": "", "Info BNI": "", "3636": "", "93456": "", "": "", "0298123456": "", "+62298123456": "", "6505551212": "", "ТЕЛКОМ": "", "O81200000001": "",
		"+6281200000001\x00": "", strings.Repeat("8", 400): "",
	} {
		if got := Answerable(sender); got != want {
			t.Errorf("%q: %q, want %q", sender, got, want)
		}
	}
}

func TestHasType(t *testing.T) {
	for name, c := range map[string]struct {
		contentType, encoding string
		want                  bool
	}{
		"plain": {"application/json", "", true}, "UTF-8": {"application/json; charset=UTF-8", "identity", true}, "Latin-1": {"application/json; charset=latin1", "", false},
		"a form": {"application/x-www-form-urlencoded", "", false}, "nothing": {"", "", false}, "unreadable": {";;;", "", false}, "packed": {"application/json", "gzip", false},
	} {
		h := http.Header{}
		h.Set("Content-Type", c.contentType)
		if c.encoding != "" {
			h.Set("Content-Encoding", c.encoding)
		}
		if HasType(h, "application/json") != c.want {
			t.Errorf("%s: %v", name, !c.want)
		}
	}
}
