package bahasa

import (
	"math/rand"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// tongue says numbers in one language, as a grammar that knows nothing of the
// reader's lists.
type tongue struct {
	digit    [10]string // before a unit
	alone    [10]string // at the end
	teens    [10]string // 10 to 19
	twenties [10]string // 20 to 29, empty: tens and digit
	tens     [10]string
	hundred  [10]string
	ribu     string
	juta     string
	sejuta   string
}

var tongues = map[string]tongue{
	"id": {
		digit:   [10]string{"", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"},
		teens:   [10]string{"sepuluh", "sebelas", "dua belas", "tiga belas", "empat belas", "lima belas", "enam belas", "tujuh belas", "delapan belas", "sembilan belas"},
		tens:    [10]string{"", "", "dua puluh", "tiga puluh", "empat puluh", "lima puluh", "enam puluh", "tujuh puluh", "delapan puluh", "sembilan puluh"},
		hundred: [10]string{"", "seratus", "dua ratus", "tiga ratus", "empat ratus", "lima ratus", "enam ratus", "tujuh ratus", "delapan ratus", "sembilan ratus"},
		ribu:    "ribu", juta: "juta", sejuta: "sejuta",
	},
	"betawi": {
		digit:   [10]string{"", "satu", "due", "tige", "empat", "lime", "enem", "tuju", "delapan", "sembilan"},
		teens:   [10]string{"sepulu", "sebelas", "due belas", "tige belas", "empat belas", "lime belas", "enem belas", "tuju belas", "delapan belas", "sembilan belas"},
		tens:    [10]string{"", "", "due pulu", "tige pulu", "empat pulu", "lime pulu", "enem pulu", "tuju pulu", "delapan pulu", "sembilan pulu"},
		hundred: [10]string{"", "seratus", "due ratus", "tige ratus", "empat ratus", "lime ratus", "enem ratus", "tuju ratus", "delapan ratus", "sembilan ratus"},
		ribu:    "rebu", juta: "jute", sejuta: "sejute",
	},
	"su": {
		digit:   [10]string{"", "hiji", "dua", "tilu", "opat", "lima", "genep", "tujuh", "dalapan", "salapan"},
		teens:   [10]string{"sapuluh", "sabelas", "dua belas", "tilu belas", "opat belas", "lima belas", "genep belas", "tujuh belas", "dalapan belas", "salapan belas"},
		tens:    [10]string{"", "", "dua puluh", "tilu puluh", "opat puluh", "lima puluh", "genep puluh", "tujuh puluh", "dalapan puluh", "salapan puluh"},
		hundred: [10]string{"", "saratus", "dua ratus", "tilu ratus", "opat ratus", "lima ratus", "genep ratus", "tujuh ratus", "dalapan ratus", "salapan ratus"},
		ribu:    "rebu", juta: "juta", sejuta: "sajuta",
	},
	"ngoko": {
		digit:    [10]string{"", "siji", "rong", "telung", "patang", "limang", "nem", "pitung", "wolung", "sangang"},
		alone:    [10]string{"", "siji", "loro", "telu", "papat", "lima", "enem", "pitu", "wolu", "sanga"},
		teens:    [10]string{"sepuluh", "sewelas", "rolas", "telulas", "patbelas", "limalas", "nembelas", "pitulas", "wolulas", "sangalas"},
		twenties: [10]string{"rong puluh", "selikur", "rolikur", "telulikur", "patlikur", "selawe", "nemlikur", "pitulikur", "wolulikur", "sangalikur"},
		tens:     [10]string{"", "", "rong puluh", "telung puluh", "patang puluh", "seket", "sewidak", "pitung puluh", "wolung puluh", "sangang puluh"},
		hundred:  [10]string{"", "satus", "rong atus", "telung atus", "patang atus", "limang atus", "nem atus", "pitung atus", "wolung atus", "sangang atus"},
		ribu:     "ewu", juta: "yuta", sejuta: "sayuta",
	},
	"krama": {
		digit:   [10]string{"", "setunggal", "kalih", "tigang", "sekawan", "gangsal", "enem", "pitu", "wolu", "sanga"},
		teens:   [10]string{"sedasa", "sewelas", "kalih welas", "tigang welas", "kawan welas", "gangsal welas", "nem belas", "pitulas", "wolulas", "sangalas"},
		tens:    [10]string{"", "", "kalih dasa", "tigang dasa", "kawan dasa", "seket", "sewidak", "pitung dasa", "wolung dasa", "sangang dasa"},
		hundred: [10]string{"", "satus", "kalih atus", "tigang atus", "kawan atus", "gangsal atus", "enem atus", "pitung atus", "wolung atus", "sangang atus"},
		ribu:    "ewu", juta: "yuta", sejuta: "setunggal yuta",
	},
}

// say says n below a thousand.
func (l tongue) say(n int, last bool) string {
	var out []string
	if n >= 100 {
		out = append(out, l.hundred[n/100])
		n %= 100
	}
	switch {
	case n >= 10 && n < 20:
		out, n = append(out, l.teens[n-10]), 0
	case n >= 20 && n < 30 && l.twenties[n-20] != "":
		out, n = append(out, l.twenties[n-20]), 0
	case n >= 20:
		out, n = append(out, l.tens[n/10]), n%10
	}
	if n > 0 {
		d := l.digit[n]
		if last && l.alone[n] != "" {
			d = l.alone[n]
		}
		out = append(out, d)
	}
	return strings.Join(out, " ")
}

// figureIn writes an amount of k thousand rupiah in one of many ways; every way
// is clear by the policy of amounts.
func figureIn(rnd *rand.Rand, k int) string {
	jt, rb := k/1000, k%1000
	pick := func(s ...string) string { return s[rnd.Intn(len(s))] }
	names := []string{"id", "betawi", "su", "ngoko", "krama"}
	l := tongues[names[rnd.Intn(len(names))]]
	grouped := func(n int) string { return Number(int64(n) * 1000) }
	switch rnd.Intn(8) {
	case 0:
		return strconv.Itoa(k) + "000"
	case 1:
		return grouped(k)
	case 2:
		return strings.ReplaceAll(grouped(k), ".", ",")
	case 3, 4: // digits and units
		unit, million := pick("rb", " rb", " ribu", "ribu", "k", " rebu", " ewu", "RB", " Ribu"), pick("jt", " jt", " juta", "juta", " jute", " yuta")
		switch {
		case jt == 0:
			return strconv.Itoa(rb) + unit
		case rb == 0:
			return strconv.Itoa(jt) + million
		case rb%100 == 0 && rnd.Intn(2) == 0:
			return strconv.Itoa(jt) + pick(",", ".") + strconv.Itoa(rb/100) + million
		case rb >= 100 && rnd.Intn(2) == 0:
			return strconv.Itoa(jt) + million + pick("", " ") + strconv.Itoa(rb)
		}
		return strconv.Itoa(jt) + million + " " + strconv.Itoa(rb) + unit
	}
	var out []string
	switch {
	case jt == 1:
		out = append(out, l.sejuta)
	case jt > 1:
		out = append(out, l.say(jt, false), l.juta)
	}
	if rb > 0 {
		if out = append(out, l.say(rb, false)); jt == 0 || rb < 100 || rnd.Intn(3) > 0 {
			out = append(out, l.ribu)
		}
	}
	return strings.Join(out, " ")
}

// frames reads amount_frames.txt.
func frames(t *testing.T) (same, ask []string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "amount_frames.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(b), "\n") {
		kind, list, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		for _, f := range strings.Split(list, "|") {
			f = strings.TrimSpace(f)
			if strings.Count(f, "%s") != 1 {
				t.Fatalf("frame without its figure: %q", f)
			}
			if kind == "SAME" {
				same = append(same, f)
			} else {
				ask = append(ask, f)
			}
		}
	}
	if len(same) < 100 || len(ask) < 200 {
		t.Fatalf("%d and %d frames", len(same), len(ask))
	}
	return same, ask
}

// A clear figure in plain company is stored as it was said, and never as another
// figure; in doubtful company it is never stored.
func TestFiguresInCompany(t *testing.T) {
	rnd := rand.New(rand.NewSource(11))
	same, ask := frames(t)
	amount := func() int {
		switch rnd.Intn(4) {
		case 0:
			return 10 + rnd.Intn(90)
		case 1:
			return 5 * (2 + rnd.Intn(198))
		case 2:
			return 1000*(1+rnd.Intn(9)) + 50*rnd.Intn(20)
		}
		return 10 + rnd.Intn(990)
	}
	rounds := 40
	asked, n, told := 0, 0, map[string]bool{}
	for _, f := range same {
		for range rounds {
			k := amount()
			s := strings.Replace(f, "%s", figureIn(rnd, k), 1)
			n++
			switch a := ReadAmount(s); {
			case a.Verdict == Value && a.Rupiah != int64(k)*1000:
				t.Errorf("ReadAmount(%q) stores %d, said were %d", s, a.Rupiah, k*1000)
			case a.Verdict != Value:
				if asked++; !told[f] {
					told[f] = true
					t.Logf("ReadAmount(%q) = %v (%s), said were %d", s, a.Verdict, a.Kind, k*1000)
				}
			}
		}
	}
	t.Logf("plain company: %d of %d asked back, %s", asked, n, Percent1(int64(asked), int64(n)))
	if asked*100 > n {
		t.Errorf("%d of %d plain reports are asked back: more than one in a hundred", asked, n)
	}
	stored := map[string]bool{}
	for _, f := range ask {
		for range rounds / 2 {
			s := strings.Replace(f, "%s", figureIn(rnd, amount()), 1)
			if a := ReadAmount(s); a.Verdict == Value && !stored[f] {
				stored[f] = true
				t.Errorf("ReadAmount(%q) stores %d in doubtful company", s, a.Rupiah)
			}
		}
	}
	t.Logf("doubtful company: %d of %d frames stored something", len(stored), len(ask))
}
