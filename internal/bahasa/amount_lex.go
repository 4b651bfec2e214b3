package bahasa

import "strings"

// tokKind is the kind of a piece of a message that may hold an amount.
type tokKind int8

const (
	tWord tokKind = iota
	tNum          // a figure in digits
	tFrac         // 1/2
	tSym          // one character, in text
	tMark         // something recognised whole: a phone, a date, a time (in what)
)

// tok is one piece; glued means that nothing stands between it and the piece before.
type tok struct {
	kind  tokKind
	text  string
	num   figure
	glued bool
	what  AmountKind // of a tMark
}

// shape is how a figure is written.
type shape int8

const (
	plainShape   shape = iota // 350000
	groupedShape              // 1.250.000, or 350.000,00
	oneGroup                  // 1.250: grouped, or a decimal before "juta"
	decimalShape              // 1,5
	brokenShape               // 50,0000
)

// figure is a number in digits: mant / 10^dec.
type figure struct {
	mant   int64
	dec    int8
	digits int8 // how many were written
	shape  shape
	lead0  bool
}

// lexAmount splits a normalised text. Words keep their raw spelling.
func lexAmount(s string, out []tok) []tok {
	for i := 0; i < len(s); {
		c := s[i]
		if c == ' ' {
			i++
			continue
		}
		glued := i > 0 && s[i-1] != ' '
		switch {
		case isDigit(c) || (c == ',' || c == '.') && i+1 < len(s) && isDigit(s[i+1]) && (i == 0 || !isAlnum(s[i-1])):
			t, n := lexNumber(s, i)
			t.glued = glued
			out = append(out, t)
			i += n
		case isLetter(c):
			j := i
			for j < len(s) && (isLetter(s[j]) || s[j] == '\'' && j+1 < len(s) && isLetter(s[j+1])) {
				j++
			}
			w := s[i:j]
			if (w == "s" || w == "sd" && j-i == 2) && strings.HasPrefix(s[i:], "s/d") || strings.HasPrefix(s[i:], "s.d") && (len(s) == i+3 || !isAlnum(s[i+3])) {
				w, j = "s/d", i+3
			}
			// kirim2: a digit two doubles the word, unless a figure goes on
			if j < len(s) && s[j] == '2' && len(w) >= 3 && (j+1 == len(s) || !isAlnum(s[j+1]) && s[j+1] != '.' && s[j+1] != ',') {
				j++
			}
			out = append(out, tok{kind: tWord, text: w, glued: glued})
			i = j
		default:
			out = append(out, tok{kind: tSym, text: s[i : i+1], glued: glued})
			i++
		}
	}
	return out
}

// lexNumber reads what begins with a digit at i: a phone or long number, a date,
// a time, a fraction or a figure. It returns how many bytes it took.
func lexNumber(s string, i int) (tok, int) {
	if n, kind := longNumber(s[i:]); n > 0 {
		return tok{kind: tMark, text: s[i : i+n], what: kind}, n
	}
	if n, kind := dateOrTime(s[i:]); n > 0 {
		return tok{kind: tMark, text: s[i : i+n], what: kind}, n
	}
	if f, n := fraction(s[i:]); n > 0 {
		return tok{kind: tFrac, text: s[i : i+n], num: f}, n
	}
	j := i
	for j < len(s) {
		if isDigit(s[j]) || (s[j] == '.' || s[j] == ',' || s[j] == '\'') && j+1 < len(s) && isDigit(s[j+1]) {
			j++
			continue
		}
		break
	}
	return tok{kind: tNum, text: s[i:j], num: readFigure(s[i:j])}, j - i
}

// longNumber recognises telephone numbers, NIKs and account numbers, also
// written in groups.
func longNumber(s string) (n int, kind AmountKind) {
	digits, end, groups := 0, 0, 1
	short := false
	for j := 0; j < len(s); j++ {
		switch {
		case isDigit(s[j]):
			digits++
			end = j + 1
		case strings.IndexByte(" -.()/", s[j]) >= 0 && j+1 < len(s) && isDigit(s[j+1]):
			if j > 0 && !isDigit(s[j-1]) {
				short = true
			}
			groups++
		default:
			j = len(s)
		}
	}
	compact := 0
	for compact < len(s) && isDigit(s[compact]) {
		compact++
	}
	switch {
	case compact == 16:
		return compact, KindNIK
	case compact >= 13:
		if strings.HasPrefix(s, "08") && compact == 13 {
			return compact, KindPhone
		}
		return compact, KindAccount
	case compact >= 10 && (strings.HasPrefix(s, "08") || strings.HasPrefix(s, "62")):
		return compact, KindPhone
	case compact >= 10 && s[0] == '8' && mobile(s[:compact]):
		return compact, KindPhone
	case short || compact == digits:
		return 0, ""
	case digits >= 13 && groups >= 3 && strings.Trim(s[:end], "0123456789-") == "":
		return end, KindAccount // as bank books print it
	case digits == 16 && groups >= 2 && !strings.ContainsAny(s[:end], ",'"):
		if strings.Contains(s[:end], ".") && groups > 4 && inThrees(s[:end]) {
			return 0, "" // a grouped amount beyond all measure
		}
		return end, KindNIK
	case digits >= 10 && digits <= 13 && strings.HasPrefix(s, "08") && compact >= 3,
		digits >= 11 && digits <= 15 && strings.HasPrefix(s, "62") && (compact == 2 || compact >= 5) && !strings.HasPrefix(s, "62."):
		return end, KindPhone
	}
	return 0, ""
}

// inThrees reports whether every group after the first has three digits.
func inThrees(s string) bool {
	_, rest, _ := strings.Cut(s, ".")
	for _, g := range strings.Split(rest, ".") {
		if len(g) != 3 {
			return false
		}
	}
	return true
}

// dateOrTime recognises 17-08-2020, 17/8, 2020-08-17, 20200817, 9:30 and 09.00.
func dateOrTime(s string) (n int, kind AmountKind) {
	var part [3]int
	var size [3]int
	var sep byte
	j, k := 0, 0
	for ; k < 3; k++ {
		from := j
		for j < len(s) && isDigit(s[j]) && j-from < 9 {
			part[k] = part[k]*10 + int(s[j]-'0')
			j++
		}
		size[k] = j - from
		if k == 2 || j+1 >= len(s) || strings.IndexByte("-/.:", s[j]) < 0 || !isDigit(s[j+1]) || sep != 0 && s[j] != sep {
			k++
			break
		}
		sep = s[j]
		j++
	}
	next := byte(' ')
	if j < len(s) {
		next = s[j]
	}
	if isDigit(next) {
		return 0, ""
	}
	day := func(d, m int) bool { return d >= 1 && d <= 31 && m >= 1 && m <= 12 }
	switch {
	case k == 1 && size[0] == 8:
		y, m, d := part[0]/10000, part[0]/100%100, part[0]%100
		if y >= 1900 && y < 2100 && day(d, m) || part[0]%10000 >= 1900 && part[0]%10000 < 2100 && day(part[0]/1_000_000, part[0]/10000%100) {
			if !isLetter(next) && next != '.' && next != ',' {
				return j, KindDate
			}
		}
	case k == 3 && sep != ':' && size[0] <= 2 && size[1] <= 2 && (size[2] == 2 || size[2] == 4) && day(part[0], part[1]) && !isLetter(next):
		return j, KindDate
	case k == 3 && sep != ':' && size[0] == 4 && part[0] >= 1900 && part[0] < 2100 && day(part[2], part[1]) && size[1] <= 2 && size[2] <= 2:
		return j, KindDate
	case k >= 2 && sep == ':' && size[0] <= 2 && size[1] == 2 && part[0] < 25 && part[1] < 60:
		return j, KindTime
	case k == 2 && sep == '.' && size[0] == 2 && size[1] == 2 && s[0] == '0' && part[1] < 60 && !isLetter(next) && !unitFollows(s[j:]):
		return j, KindTime
	case k == 2 && sep == '/' && size[0] <= 2 && size[1] <= 2 && part[1] > 8 && part[1] <= 12 && part[0] <= 31 && !unitFollows(s[j:]):
		return j, KindDate
	case k == 2 && sep == '/' && size[0] <= 2 && size[1] <= 2 && part[0] >= part[1] && day(part[0], part[1]) && !unitFollows(s[j:]):
		return j, KindDate
	}
	return 0, ""
}

// unitFollows reports whether a unit of money comes next.
func unitFollows(s string) bool {
	s = strings.TrimLeft(s, " ")
	n := 0
	for n < len(s) && isLetter(s[n]) {
		n++
	}
	w, ok := numberWords()[s[:n]]
	return ok && (w.kind == nRibu || w.kind == nJuta || w.kind == nMilyar)
}

// fraction recognises 1/2, 1/4 and 3/4.
func fraction(s string) (figure, int) {
	if len(s) < 3 || s[1] != '/' || len(s) > 3 && isDigit(s[3]) {
		return figure{}, 0
	}
	switch s[:3] {
	case "1/2":
		return figure{mant: 5, dec: 1}, 3
	case "1/4":
		return figure{mant: 25, dec: 2}, 3
	case "3/4":
		return figure{mant: 75, dec: 2}, 3
	}
	return figure{}, 0
}

// readFigure reads digits with . , or ' between them (rule 3 of the amount
// policy). It never rounds: what is not one number is brokenShape.
func readFigure(t string) figure {
	var f figure
	seps, last, lastLen, groupsOK := 0, byte(0), 0, true
	mixed := byte(0) // another separator, before the last
	run := 0
	for i := 0; i < len(t); i++ {
		c := t[i]
		if isDigit(c) {
			if f.digits < 100 {
				f.digits++
			}
			run++
			if f.mant < 1e16 {
				f.mant = f.mant*10 + int64(c-'0')
			}
			continue
		}
		if seps == 0 {
			groupsOK = run <= 3
		} else if run != 3 {
			groupsOK = false
		}
		if last != 0 && last != c {
			if mixed != 0 {
				groupsOK = false
			}
			mixed = last
		}
		last, run = c, 0
		seps++
	}
	lastLen = run
	f.lead0 = len(t) > 1 && t[0] == '0'
	switch {
	case f.digits > 15:
		f.shape = brokenShape
	case seps == 0:
	case mixed != 0:
		// 1.250.000,00: cents that are none
		if groupsOK && lastLen == 2 && strings.HasSuffix(t, "00") && last != '\'' {
			f.shape, f.mant = groupedShape, f.mant/100
		} else {
			f.shape = brokenShape
		}
	case seps == 1 && lastLen == 3 && last == '\'' && groupsOK:
		f.shape = groupedShape
	case seps == 1 && lastLen == 3 && groupsOK:
		f.shape = oneGroup
	case seps == 1 && lastLen <= 2 && last != '\'':
		f.shape, f.dec = decimalShape, int8(lastLen)
		if int(f.digits)-lastLen >= 5 && strings.HasSuffix(t, "00") && lastLen == 2 {
			f.shape, f.dec, f.mant = groupedShape, 0, f.mant/100 // 350000,00
		}
	case seps > 1 && groupsOK && lastLen == 3:
		f.shape = groupedShape
	default:
		f.shape = brokenShape
	}
	return f
}
