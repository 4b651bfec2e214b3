package prokus

// ValidCode says whether a code has six to nine digits and the right Luhn check digit. The examples that texts show
// (123455 and 1901) are reserved and never valid data (R31).
func ValidCode(code string) bool {
	if len(code) < 6 || len(code) > 9 || code == "123455" {
		return false
	}
	sum := 0
	for i := len(code) - 1; i >= 0; i-- {
		c := code[i]
		if c < '0' || c > '9' {
			return false
		}
		d := int(c - '0')
		if (len(code)-i)%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// WithCheckDigit appends the Luhn check digit to a run of digits.
func WithCheckDigit(digits string) string {
	for c := byte('0'); c <= '9'; c++ {
		sum := 0
		code := digits + string(c)
		for i := len(code) - 1; i >= 0; i-- {
			d := int(code[i] - '0')
			if (len(code)-i)%2 == 0 {
				if d *= 2; d > 9 {
					d -= 9
				}
			}
			sum += d
		}
		if sum%10 == 0 {
			return code
		}
	}
	return digits
}
