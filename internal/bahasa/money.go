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
	if st == Full {
		if n < 0 {
			return "-Rp" + Number(-n)
		}
		return "Rp" + Number(n)
	}
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	out := ""
	put := func(v int64, unit string) {
		if v == 0 {
			return
		}
		if out != "" {
			out += " "
		}
		out += strconv.FormatInt(v, 10) + unit
	}
	put(n/1_000_000, " jt")
	put(n%1_000_000/1000, " rb")
	put(n%1000, "")
	if out == "" {
		out = "0"
	}
	return sign + out
}

// Thousands writes an amount in thousands, as people say it: 750 ribu.
func Thousands(n int64) string {
	if n%1000 != 0 {
		return Number(n)
	}
	return Number(n/1000) + " ribu"
}

// Number writes a whole number with Indonesian grouping: 1.250.000.
func Number(n int64) string {
	s := strconv.FormatInt(n, 10)
	start := 0
	if n < 0 {
		start = 1
	}
	for i := len(s) - 3; i > start; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}

// Percent1 writes num/den with at most one decimal: 12,5%. A zero den gives "-".
func Percent1(num, den int64) string {
	if den == 0 {
		return "-"
	}
	neg := (num < 0) != (den < 0) && num != 0
	if num < 0 {
		num = -num
	}
	if den < 0 {
		den = -den
	}
	t := (num*2000/den + 1) / 2 // tenths of a percent, rounded half up
	s := Number(t / 10)
	if t%10 != 0 {
		s += "," + strconv.FormatInt(t%10, 10)
	}
	if neg && t != 0 {
		s = "-" + s
	}
	return s + "%"
}
