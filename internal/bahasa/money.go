package bahasa

import "strconv"

// MoneyStyle is how a route writes money.
type MoneyStyle int

const (
	// Full writes Rp1.250.000.
	Full MoneyStyle = iota
	// Short writes 1 jt 250 rb, for routes that drop digit runs over three.
	Short
)

// Money writes whole rupiah in a style (R30).
func Money(n int64, st MoneyStyle) string {
	sign, u := magnitude(n)
	if st == Full {
		return sign + "Rp" + grouped(u)
	}
	out := ""
	put := func(v uint64, unit string) {
		if v == 0 {
			return
		}
		if out != "" {
			out += " "
		}
		out += grouped(v) + unit
	}
	put(u/1_000_000, " jt")
	put(u%1_000_000/1000, " rb")
	put(u%1000, "")
	if out == "" {
		out = "0"
	}
	return sign + out
}

// Thousands writes an amount as people say it, "750 ribu" (rebu in Sundanese,
// ewu in Javanese), and in full where it is not a whole number of thousands.
func Thousands(n int64, lang string) string {
	if n%1000 != 0 || n == 0 {
		return Number(n)
	}
	word := " ribu"
	switch lang {
	case "su":
		word = " rebu"
	case "jv":
		word = " ewu"
	}
	return Number(n/1000) + word
}

// Number writes a whole number with Indonesian grouping: 1.250.000.
func Number(n int64) string {
	sign, u := magnitude(n)
	return sign + grouped(u)
}

func magnitude(n int64) (string, uint64) {
	if n < 0 {
		return "-", -uint64(n)
	}
	return "", uint64(n)
}

func grouped(u uint64) string {
	s := strconv.FormatUint(u, 10)
	if len(s) <= 3 {
		return s
	}
	out := make([]byte, 0, len(s)+len(s)/3)
	for i := range len(s) {
		if i > 0 && (len(s)-i)%3 == 0 {
			out = append(out, '.')
		}
		out = append(out, s[i])
	}
	return string(out)
}

// Percent1 writes num/den with one decimal, half away from zero: 12,5%, 75,0%.
// Without a denominator there is no percentage: "-".
func Percent1(num, den int64) string {
	if den == 0 {
		return "-"
	}
	if den < 0 {
		num, den = -num, -den
	}
	sign, u := magnitude(num)
	d := uint64(den)
	// In two steps, so that amounts in rupiah cannot overflow.
	tenths := u/d*1000 + (u%d*1000+d/2)/d
	s := grouped(tenths/10) + "," + strconv.FormatUint(tenths%10, 10)
	if tenths == 0 {
		sign = ""
	}
	return sign + s + "%"
}
