package smpp

// Data codings that we send (section 5.2.19).
const (
	codingGSM  byte = 0x00
	codingUCS2 byte = 0x08
)

// coded is a text in the octets of its data_coding, cut into the parts that a phone joins again.
type coded struct {
	coding byte
	parts  [][]byte
}

// encode writes a text in GSM-7 where that holds every character, else in UCS-2. One message takes 160 septets or 140
// octets; each of several 153 or 134, which leaves room for the header that joins them. Neither an escape nor a surrogate
// is ever parted from what follows it.
func encode(text string) coded {
	c := coded{coding: codingGSM}
	one, each, code := 160, 153, encodeGSM
	total := 0
	for _, r := range text {
		n := len(encodeGSM(r))
		if n == 0 {
			c.coding, one, each, code = codingUCS2, 140, 134, encodeUCS2
			break
		}
		total += n
	}
	if c.coding == codingUCS2 {
		total = 0
		for _, r := range text {
			total += len(encodeUCS2(r))
		}
	}
	room := each
	if total <= one {
		room = one
	}
	var part []byte
	for _, r := range text {
		b := code(r)
		if len(part)+len(b) > room {
			c.parts, part = append(c.parts, part), nil
		}
		part = append(part, b...)
	}
	if len(part) > 0 {
		c.parts = append(c.parts, part)
	}
	return c
}
