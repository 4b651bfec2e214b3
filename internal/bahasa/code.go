package bahasa

import "strings"

// exampleCode stands in our texts; people copy it, so it is never a person's
// code although its check digit fits (R31).
const exampleCode = "123455"

// ReadCode reads a person's code: 6 to 9 digits, the last a Luhn check digit,
// also in groups or after the word "kode". Invalid means a code with a wrong
// check digit, which needs no look-up; Ask means that it is no code at all.
func ReadCode(s string) (code string, verdict Verdict) {
	t := Normalise(s)
	for _, w := range [...]string{"kode", "code", "no", "nomor"} {
		if rest, ok := strings.CutPrefix(t, w); ok {
			t = strings.TrimLeft(rest, " .:=")
		}
	}
	t = strings.TrimRight(t, " .,!")
	d := make([]byte, 0, 9)
	for i := 0; i < len(t); i++ {
		switch {
		case isDigit(t[i]):
			if len(d) == 9 {
				return "", Ask
			}
			d = append(d, t[i])
		case (t[i] == ' ' || t[i] == '-' || t[i] == '.') && i > 0 && isDigit(t[i-1]):
		default:
			return "", Ask
		}
	}
	if len(d) < 6 {
		return "", Ask
	}
	if !luhn(d) || string(d) == exampleCode {
		return string(d), Invalid
	}
	return string(d), Value
}

// luhn checks the last digit against the others.
func luhn(d []byte) bool {
	sum := 0
	for i := range d {
		n := int(d[len(d)-1-i] - '0')
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}
