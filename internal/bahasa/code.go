package bahasa

// ReadCode reads a person's code: 6 to 9 digits, the last a Luhn check digit.
// Invalid means a code whose check digit is wrong; Ask means that it is no code.
func ReadCode(s string) (code string, verdict Verdict) {
	t := Normalise(s)
	if len(t) < 6 || len(t) > 9 {
		return "", Ask
	}
	sum := 0
	for i := range len(t) {
		c := t[len(t)-1-i]
		if c < '0' || c > '9' {
			return "", Ask
		}
		d := int(c - '0')
		if i%2 == 1 {
			d *= 2
			if d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	if sum%10 != 0 {
		return t, Invalid
	}
	return t, Value
}
