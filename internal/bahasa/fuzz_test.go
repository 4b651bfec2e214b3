package bahasa

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

func seeds(f *testing.F) {
	for _, name := range []string{"amounts.tsv", "amounts_ear.tsv", "intents.tsv", "phones.tsv"} {
		for _, r := range rows(f, name) {
			f.Add(r[0])
		}
	}
	for _, s := range []string{"", "\x00", "\xff\xfe", "١٥٠ ribu", "1½", "５OO rb", "🙏", "\u202e500rb", strings.Repeat("9", 400), strings.Repeat("ya ", 300), "a\u0301", "ﬁ", "İ", "ẞ", "́"} {
		f.Add(s)
	}
}

func FuzzReadAmount(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		a := ReadAmount(s)
		if a.Verdict == Value && (a.Rupiah < 0 || a.Rupiah > MaxAmount) {
			t.Fatalf("%q: %+v", s, a)
		}
		if a.Verdict != Value && a.Rupiah != 0 || a.Verdict == Value && len(a.Candidates) > 0 {
			t.Fatalf("%q: a value and a question: %+v", s, a)
		}
		for _, c := range a.Candidates {
			if c < 0 || c > MaxAmount {
				t.Fatalf("%q proposes %d", s, c)
			}
		}
	})
}

func FuzzReadIntent(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		r := ReadIntent(s)
		if !dataIntents[r.Intent] {
			t.Fatalf("%q: %s is no name of the data", s, r.Intent)
		}
		if IsStop(s) != (r.Intent == Stop) {
			t.Fatalf("%q: IsStop %v, intent %s", s, IsStop(s), r.Intent)
		}
		if it := Safety(s); it != None && it != Violence && it != Complaint && it != Disaster && it != Bereaved {
			t.Fatalf("%q: safety %s", s, it)
		}
		ReadCommand(s)
		ReadYesNo(s)
		ReadChoice(s, 5, [][]string{{"datang"}, {"tidak bisa"}})
		ReadCode(s)
	})
}

var dataIntents = map[Intent]bool{Yes: true, No: true, NotNo: true, Maybe: true, Stop: true, NotStop: true, Start: true, Help: true, CallMe: true, Menu: true, Greeting: true, Thanks: true,
	NoSales: true, Closed: true, Sick: true, Bereaved: true, Disaster: true, Later: true, Status: true, Report: true, Schedule: true, AttendYes: true, AttendNo: true, Correct: true,
	Cancel: true, WrongNumber: true, Who: true, Proxy: true, Complaint: true, ScamFear: true, Lang: true, Data: true, Abuse: true, Violence: true, None: true}

func FuzzNormalise(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		once := Normalise(s)
		if twice := Normalise(once); twice != once {
			t.Fatalf("%q: %q, then %q", s, once, twice)
		}
		if !utf8.ValidString(once) {
			t.Fatalf("%q: not UTF-8: %q", s, once)
		}
	})
}

func FuzzClean(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		c := Clean([]byte(s))
		if !utf8.ValidString(c) || strings.ContainsRune(c, 0) || strings.ContainsAny(c, "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069") || utf8.RuneCountInString(c) > maxRunes {
			t.Fatalf("%q: %q", s, c)
		}
		if again := Clean([]byte(c)); again != c {
			t.Fatalf("cleaning twice: %q, %q", c, again)
		}
	})
}

func FuzzMaskDigits(f *testing.F) {
	seeds(f)
	f.Add("3210 0865 0875 0003")
	f.Add("nik 32.10.08.650875.0003 ya")
	f.Add("３２１００８６５０８７５０００３")
	f.Fuzz(func(t *testing.T, s string) {
		out := string(MaskDigits([]byte(s)))
		run, gap := 0, 0
		for _, r := range out {
			switch {
			case r >= '0' && r <= '9':
				run, gap = run+1, 0
			case run > 0 && gap == 0 && (r == ' ' || r == '.' || r == '-'):
				gap++
			default:
				run, gap = 0, 0
			}
			if run >= 16 {
				t.Fatalf("%q keeps a run of digits: %q", s, out)
			}
		}
		if !utf8.ValidString(s) {
			return
		}
		if !utf8.ValidString(out) {
			t.Fatalf("%q: broken: %q", s, out)
		}
	})
}

func FuzzDates(f *testing.F) {
	for _, s := range []string{"15-19 jun", "minggu lalu 5rb", "17/6/2026", "rabu", "2 minggu lalu", "–", "s/d"} {
		f.Add(s)
	}
	now := at(2026, 6, 10, 14, 30)
	f.Fuzz(func(t *testing.T, s string) {
		ReadDate(s, now)
		if from, to, ok := ReadDateRange(s, now); ok && to.Before(from) {
			t.Fatalf("%q: %v before %v", s, to, from)
		}
		if m, _, ok := ReadWeekRef(s, now); ok && m != Monday(m) {
			t.Fatalf("%q: %v is no Monday", s, m)
		}
		ReadYear(s)
	})
}

func FuzzPlain(f *testing.F) {
	seeds(f)
	f.Add("“Bu” – ênak… 5 × 3 → 15\t\u00a0•")
	f.Fuzz(func(t *testing.T, s string) {
		p := Plain(s)
		if _, ok := Septets(p); !ok {
			t.Fatalf("%q: %q is not GSM-7", s, p)
		}
		parts, _, units := Segments(p)
		if (parts == 0) != (units == 0) || units <= 160 && parts > 1 || parts*160 < units {
			t.Fatalf("%q: %d parts for %d", s, parts, units)
		}
	})
}

// A figure in digits with a unit is that product or a question, never anything
// else: the fault that would be a thousand times too much.
func TestNeverAThousandTimesWrong(t *testing.T) {
	units := map[string]int64{"rb": 1000, "ribu": 1000, "rebu": 1000, "k": 1000, "ewu": 1000, "jt": 1_000_000, "juta": 1_000_000, "yuta": 1_000_000}
	around := []string{"%s", "%s bu", "minggu ini %s", "alhamdulillah %s ya bu", "Rp %s", "jual %s", "%s aja", "omzet %s", "lapor %s", "kira-kira %s", "  %s  ", "%s 🙏"}
	r := rand.New(rand.NewPCG(1, 2))
	values := 0
	for range 20_000 {
		whole := r.Int64N(1300)
		text, thousandths := strconv.FormatInt(whole, 10), whole*1000
		switch r.IntN(4) {
		case 0:
			d := r.Int64N(10)
			text, thousandths = fmt.Sprintf("%d,%d", whole, d), whole*1000+d*100
		case 1:
			d := r.Int64N(100)
			text, thousandths = fmt.Sprintf("%d.%02d", whole, d), whole*1000+d*10
		}
		for u, mult := range units {
			for _, gap := range []string{"", " "} {
				s := fmt.Sprintf(around[r.IntN(len(around))], text+gap+u)
				a := ReadAmount(s)
				if a.Verdict == Value {
					values++
					if a.Rupiah != thousandths*mult/1000 {
						t.Fatalf("%q = %d", s, a.Rupiah)
					}
				} else if a.Verdict == Invalid {
					t.Fatalf("%q is invalid (%s)", s, a.Kind)
				}
			}
		}
	}
	if values < 100_000 {
		t.Fatalf("only %d were read", values)
	}
}

// One slip of the thumb in a word must not store another amount. A few slips
// make another number word (satus, satu); they stay under one in five hundred.
func TestSlipsDoNotStoreAnotherAmount(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	wrong, all := 0, 0
	for _, name := range []string{"amounts.tsv", "amounts_ear.tsv"} {
		for _, row := range rows(t, name) {
			a := ReadAmount(row[0])
			if a.Verdict != Value || a.Rupiah == 0 {
				continue
			}
			for range 60 {
				ws := strings.Fields(row[0])
				i := r.IntN(len(ws))
				w := []rune(ws[i])
				if len(w) < 3 || strings.IndexFunc(ws[i], func(c rune) bool { return c < 'A' || c > 'z' }) >= 0 {
					continue
				}
				p := r.IntN(len(w))
				switch r.IntN(3) {
				case 0:
					w = append(w[:p:p], w[p+1:]...)
				case 1:
					w[p] = 'a' + r.Int32N(26)
				case 2:
					if p+1 < len(w) {
						w[p], w[p+1] = w[p+1], w[p]
					}
				}
				ws[i] = string(w)
				all++
				if b := ReadAmount(strings.Join(ws, " ")); b.Verdict == Value && b.Rupiah != a.Rupiah {
					wrong++
					t.Logf("%q, written %q, is read as %d", row[0], strings.Join(ws, " "), b.Rupiah)
				}
			}
		}
	}
	t.Logf("%d of %d slips store another amount", wrong, all)
	if all < 3000 || wrong*500 > all {
		t.Errorf("%d of %d slips store another amount", wrong, all)
	}
}

// Whatever a number is written in, the larger unit never gives the smaller value.
func TestUnitsAreMonotone(t *testing.T) {
	for n := int64(1); n < 1000; n++ {
		rb, jt := ReadAmount(fmt.Sprintf("%drb", n)), ReadAmount(fmt.Sprintf("%djt", n))
		if rb.Verdict != Value || rb.Rupiah != n*1000 {
			t.Fatalf("%drb = %+v", n, rb)
		}
		if n < 100 && (jt.Verdict != Value || jt.Rupiah <= rb.Rupiah) || n >= 100 && jt.Verdict != Ask {
			t.Fatalf("%djt = %+v", n, jt)
		}
	}
}

// Numbers spoken in full in three languages come back as themselves.
func TestSpokenNumbers(t *testing.T) {
	for n := int64(10); n < 1000; n++ {
		for lang, words := range map[string]string{"id": spokenID(n), "su": spokenSU(n), "jv": spokenJV(n)} {
			unit := map[string]string{"id": "ribu", "su": "rebu", "jv": "ewu"}[lang]
			for _, s := range []string{words + " " + unit, "dapat " + words + " " + unit + " bu"} {
				if a := ReadAmount(s); a.Verdict != Value || a.Rupiah != n*1000 {
					t.Fatalf("%s %d: %q = %+v", lang, n, s, a)
				}
			}
			if lang == "id" {
				if a := ReadAmount("dua juta " + words + " ribu"); a.Verdict != Value || a.Rupiah != 2_000_000+n*1000 {
					t.Fatalf("dua juta %q ribu = %+v", words, a)
				}
				if a := ReadAmount(strings.ReplaceAll(words, " ", "") + "ribu"); a.Verdict != Value || a.Rupiah != n*1000 {
					t.Fatalf("joined %q = %+v", words, a)
				}
			}
			if a := ReadAmount(words); a.Verdict != Ask {
				t.Fatalf("%q without a unit = %+v", words, a)
			}
		}
	}
}

func spokenID(n int64) string {
	d := []string{"", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"}
	switch {
	case n >= 200:
		return strings.TrimSpace(d[n/100] + " ratus " + spokenID(n%100))
	case n >= 100:
		return strings.TrimSpace("seratus " + spokenID(n-100))
	case n >= 20:
		return strings.TrimSpace(d[n/10] + " puluh " + d[n%10])
	case n >= 12:
		return d[n-10] + " belas"
	case n == 11:
		return "sebelas"
	case n == 10:
		return "sepuluh"
	}
	return d[n]
}

func spokenSU(n int64) string {
	d := []string{"", "hiji", "dua", "tilu", "opat", "lima", "genep", "tujuh", "dalapan", "salapan"}
	switch {
	case n >= 200:
		return strings.TrimSpace(d[n/100] + " ratus " + spokenSU(n%100))
	case n >= 100:
		return strings.TrimSpace("saratus " + spokenSU(n-100))
	case n == 25:
		return "salawe"
	case n >= 20:
		return strings.TrimSpace(d[n/10] + " puluh " + d[n%10])
	case n >= 12:
		return d[n-10] + " belas"
	case n == 11:
		return "sabelas"
	case n == 10:
		return "sapuluh"
	}
	return d[n]
}

func spokenJV(n int64) string {
	d := []string{"", "siji", "loro0", "telu", "papat", "lima", "enem", "pitu", "wolu", "sanga"}
	d[2] = "kalih" // loro is also "ill" and never read as a figure
	before := []string{"", "", "rong", "telung", "patang", "limang", "nem", "pitung", "wolung", "sangang"}
	teens := []string{"sepuluh", "sewelas", "rolas", "telulas", "patbelas", "limalas", "nembelas", "pitulas", "wolulas", "sangalas"}
	likur := []string{"", "selikur", "rolikur", "telulikur", "patlikur", "selawe", "nemlikur", "pitulikur", "wolulikur", "sangalikur"}
	switch {
	case n >= 200:
		return strings.TrimSpace(before[n/100] + " atus " + spokenJV(n%100))
	case n >= 100:
		return strings.TrimSpace("satus " + spokenJV(n-100))
	case n >= 70, n >= 30 && n < 50:
		return strings.TrimSpace(before[n/10] + " puluh " + d[n%10])
	case n >= 60:
		return strings.TrimSpace("sewidak " + d[n-60])
	case n >= 50:
		return strings.TrimSpace("seket " + d[n-50])
	case n > 20:
		return likur[n-20]
	case n == 20:
		return "rong puluh"
	case n >= 10:
		return teens[n-10]
	}
	return d[n]
}
