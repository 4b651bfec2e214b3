package bahasa

import (
	"strconv"
	"strings"
	"testing"
)

// saysNumber reports whether a text holds anything that may be part of a figure.
func saysNumber(s string) bool {
	text := Normalise(s)
	if strings.ContainsAny(text, "0123456789") || strings.ContainsAny(s, "½¼¾⅓⅔") {
		return true
	}
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !isAlnumRune(r) }) {
		if isNumber(w) || splitNumber(w) != nil {
			return true
		}
		if is, ok := numberWords()[spell(w)]; ok && is.kind != nNone {
			return true
		}
	}
	return false
}

func isAlnumRune(r rune) bool { return r >= 0x80 || isAlnum(byte(r)) }

// Whatever stands around a figure with its unit, no other figure is stored: never
// a thousand times as much, nor a part of it; and ten times the figure is not read
// as less.
func FuzzUnits(f *testing.F) {
	for _, s := range []string{"", "bu", "omzet", "kue laku", "minggu ini", "jual 15 porsi dapat", "modal", "bukan", "-", "rp", "sama kayak", "antara", "x", "se"} {
		f.Add(s, "ya bu", uint16(350))
		f.Add("bu siti", s, uint16(75))
	}
	f.Fuzz(func(t *testing.T, before, after string, n uint16) {
		if n == 0 || n > 999 || len(before) > 60 || len(after) > 60 || saysNumber(before) || saysNumber(after) {
			return
		}
		read := func(n int, unit string) Amount {
			return ReadAmount(before + " " + strconv.Itoa(n) + unit + " " + after)
		}
		k := int64(n)
		for unit, want := range map[string]int64{"rb": k * 1000, " ribu": k * 1000, "k": k * 1000, ".000": k * 1000, "000": k * 1000, " ewu": k * 1000, "jt": k * 1_000_000, " juta": k * 1_000_000} {
			if strings.HasSuffix(unit, "000") && n < 10 {
				continue
			}
			if a := read(int(n), unit); a.Verdict == Value && a.Rupiah != want {
				t.Fatalf("%q %d%s %q: %d", before, n, unit, after, a.Rupiah)
			}
		}
		one, ten := read(int(n), "rb"), read(int(n)*10, "rb")
		if n < 100 && one.Verdict == Value && ten.Verdict == Value && ten.Rupiah < one.Rupiah {
			t.Fatalf("%q %q: ten times %d is less", before, after, n)
		}
	})
}
