package bahasa

import (
	"strings"
	"testing"
)

func TestMoney(t *testing.T) {
	for _, c := range []struct {
		n           int64
		full, short string
	}{
		{0, "Rp0", "0"}, {500, "Rp500", "500"}, {87_000, "Rp87.000", "87 rb"}, {750_000, "Rp750.000", "750 rb"}, {1_250_000, "Rp1.250.000", "1 jt 250 rb"},
		{1_000_000, "Rp1.000.000", "1 jt"}, {350_500, "Rp350.500", "350 rb 500"}, {99_999_999, "Rp99.999.999", "99 jt 999 rb 999"}, {-5000, "-Rp5.000", "-5 rb"},
		{1_234_000_000, "Rp1.234.000.000", "1.234 jt"},
	} {
		if got := Money(c.n, Full); got != c.full {
			t.Errorf("Money(%d, Full) = %q, want %q", c.n, got, c.full)
		}
		if got := Money(c.n, Short); got != c.short {
			t.Errorf("Money(%d, Short) = %q, want %q", c.n, got, c.short)
		}
	}
	for n, want := range map[int64]string{750_000: "750 ribu", 1_500_000: "1.500 ribu", 99_999_000: "99.999 ribu", 1_250: "1.250", 0: "0"} {
		if got := Thousands(n, "id"); got != want {
			t.Errorf("Thousands(%d) = %q, want %q", n, got, want)
		}
	}
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1.000", -1234567: "-1.234.567", -1 << 63: "-9.223.372.036.854.775.808"} {
		if got := Number(n); got != want {
			t.Errorf("Number(%d) = %q, want %q", n, got, want)
		}
	}
	for _, c := range []struct {
		num, den int64
		want     string
	}{{1, 8, "12,5%"}, {1, 2, "50,0%"}, {6, 8, "75,0%"}, {1, 3, "33,3%"}, {2, 3, "66,7%"}, {-1, 8, "-12,5%"}, {1, -8, "-12,5%"}, {0, 5, "0,0%"}, {3, 2, "150,0%"}, {1, 0, "-"},
		{-1, 100_000, "0,0%"}, {99_999_999, 99_999_999, "100,0%"}, {12, 1, "1.200,0%"}, {62, 70, "88,6%"}} {
		if got := Percent1(c.num, c.den); got != c.want {
			t.Errorf("Percent1(%d, %d) = %q, want %q", c.num, c.den, got, c.want)
		}
	}
}

// What is written in full is read back as itself.
func TestMoneyReadsBack(t *testing.T) {
	for n := int64(10_000); n <= MaxAmount; n = n*11/10 + 777 {
		for _, st := range []MoneyStyle{Full, Short} {
			if a := ReadAmount(Money(n, st)); a.Verdict != Value || a.Rupiah != n {
				if st == Short && n%1000 != 0 { // 12 rb 34 asks
					continue
				}
				t.Fatalf("%q = %+v", Money(n, st), a)
			}
		}
	}
}

func TestSegments(t *testing.T) {
	for _, c := range []struct {
		s            string
		parts, units int
		gsm          bool
	}{
		{"", 0, 0, true}, {strings.Repeat("a", 160), 1, 160, true}, {strings.Repeat("a", 161), 2, 161, true}, {strings.Repeat("a", 306), 2, 306, true}, {strings.Repeat("a", 307), 3, 307, true},
		{strings.Repeat("€", 80), 1, 160, true}, {strings.Repeat("a", 152) + "€" + strings.Repeat("a", 152), 3, 306, true}, // the pair does not fit the end of the first part
		{"é è à @ ñ Ä", 1, 11, true}, {"[kurung] {kurawal} ~ ^ | \\", 1, 34, true},
		{"ê", 1, 1, false}, {"🙏", 1, 2, false}, {strings.Repeat("ê", 70), 1, 70, false}, {strings.Repeat("ê", 71), 2, 71, false},
		{strings.Repeat("ê", 66) + "🙏" + strings.Repeat("ê", 66), 3, 134, false},
	} {
		parts, gsm, units := Segments(c.s)
		if parts != c.parts || gsm != c.gsm || units != c.units {
			t.Errorf("Segments(%.20q…) = %d %v %d, want %d %v %d", c.s, parts, gsm, units, c.parts, c.gsm, c.units)
		}
	}
}

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"Bu Siti é è": "Bu Siti é è", "lêmês": "lemes", "“Bu”": `"Bu"`, "‘ya’": "'ya'", "1–7 Jun — ok": "1-7 Jun - ok", "a\u00a0b": "a b", "tunggu…": "tunggu...", "5×3": "5x3", "ok 🙏": "ok ",
		"½ jt": "1/2 jt", "çá": "ca", "`x`": "'x'", "５": "5", "٥": "5", "€5": "€5", "m²": "m2", "ﬁ": "fi", "привет": "",
	} {
		if got := Plain(in); got != want {
			t.Errorf("Plain(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFitName(t *testing.T) {
	for _, c := range []struct {
		name string
		max  int
		want string
	}{
		{"Siti", 14, "Siti"}, {"Siti Nurhalizahwati Rahayu", 14, "Siti"}, {"Nurhalizahwati Putri", 14, "Nurhalizahwati"}, {"Pak Suharyanto", 14, "Pak Suharyanto"},
		{"Muhammadzulkarnaen", 14, "Muhammadzulkar"}, {"Siti Aminah Wulandari", 14, "Siti Aminah"}, {"  Siti   Aminah ", 14, "Siti Aminah"}, {"Siti", 0, ""}, {"Bu Nurhalizahwati", 12, "Bu Nurhaliza"}, {"Hj. Nurhalizahwati Putri", 14, "Hj. Nurhalizah"}, {"Ni Luh Made Ayu", 8, "Ni Luh"},
	} {
		if got := FitName(c.name, c.max); got != c.want {
			t.Errorf("FitName(%q, %d) = %q, want %q", c.name, c.max, got, c.want)
		}
	}
}

func TestNormalise(t *testing.T) {
	for in, want := range map[string]string{
		"  YA\u00a0 Bu\t ": "ya bu", "５００rb": "500rb", "5OO rb": "500 rb", "5OOrb": "500rb", "5orang": "5orang", "500rb🙏🙏": "500rb", "iyé": "iye", "Jum’at": "jum'at", "1½ jt": "1 1/2 jt", "½ jt": "1/2 jt",
		"١٥٠": "150", "\u202e500\u202c rb": "500 rb", "1️⃣": "1", "–400rb": "-400rb", "6×100rb": "6x100rb", "5oo.ooo": "500.000", "±400": "+-400", "ok\x00": "ok", "\ufeffya": "ya", "": "", "🙏": "",
	} {
		if got := Normalise(in); got != want {
			t.Errorf("Normalise(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCleanAndMask(t *testing.T) {
	if got := Clean([]byte("a\x00b\xff\u202ec\r\nd\x1b[0m")); got != "ab\ufffdc\nd[0m" {
		t.Errorf("Clean = %q", got)
	}
	long := Clean([]byte(strings.Repeat("é", 5000)))
	if r := []rune(long); len(r) != 1600 || r[1599] != '…' || r[1598] != 'é' {
		t.Errorf("a long text keeps %d characters and ends in %q", len(r), string(r[len(r)-1]))
	}
	if exact := strings.Repeat("x", 1600); Clean([]byte(exact)) != exact {
		t.Error("1600 characters were cut")
	}
	for in, want := range map[string]string{
		"3204123456780001":                    "************0001",
		"nik saya 3204123456780001 bu":        "nik saya ************0001 bu",
		"3204 1234 5678 0001":                 "**** **** **** 0001",
		"3204.1234.5678.0001":                 "****.****.****.0001",
		"3204-1234-5678-0001":                 "****-****-****-0001",
		"32 04 12 345678 0001":                "** ** ** ****** 0001",
		"3204 - 1234 - 5678 - 0001":           "**** - **** - **** - 0001",
		"３２０４１２３４５６７８０００１":                    "************０００１",
		"081234567890":                        "081234567890",
		"500rb 081234567890":                  "500rb 081234567890",
		"NIK:3204123456780001,hp081234567890": "NIK:************0001,hp081234567890",
		"12345678901234567890":                "****************7890",
		"":                                    "",
	} {
		if got := string(MaskDigits([]byte(in))); got != want {
			t.Errorf("MaskDigits(%q) = %q, want %q", in, got, want)
		}
	}
	in := []byte("3204123456780001")
	MaskDigits(in)
	if string(in) != "3204123456780001" {
		t.Error("MaskDigits changed its argument")
	}
}
