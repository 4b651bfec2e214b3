package smpp

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// gsmBasic is the default alphabet of 3GPP TS 23.038, a rune for each value from 0x00 ("@") to 0x7F. 0x1B, here a blank,
// leads to the extension table and is never a character.
const gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"

const gsmEscape = 0x1B

// gsmExtended is the extension table: what follows an escape.
var gsmExtended = map[byte]rune{
	0x0A: '\f', 0x14: '^', 0x28: '{', 0x29: '}', 0x2F: '\\', 0x3C: '[', 0x3D: '~', 0x3E: ']', 0x40: '|', 0x65: '€',
}

var gsmRunes = []rune(gsmBasic)

var gsmCodes = func() map[rune][]byte {
	m := map[rune][]byte{}
	for i, r := range gsmRunes {
		if i != gsmEscape {
			m[r] = []byte{byte(i)}
		}
	}
	for code, r := range gsmExtended {
		m[r] = []byte{gsmEscape, code}
	}
	return m
}()

// alphabet is how the octets of a short message stand for characters.
type alphabet int

const (
	gsm7 alphabet = iota
	latin1
	ucs2
	binary8 // no text at all
)

// alphabetOf reads data_coding (SMPP 3.4, 5.2.19; its upper groups as in 3GPP TS 23.038).
func alphabetOf(coding byte) alphabet {
	switch {
	case coding == 0x00:
		return gsm7
	case coding == 0x01, coding == 0x03: // IA5 is the lower half of Latin-1
		return latin1
	case coding == 0x08:
		return ucs2
	case coding >= 0xF0: // message class
		if coding&0x04 == 0 {
			return gsm7
		}
	case coding >= 0x10 && coding < 0x20: // general data coding with a class
		switch coding & 0x0C {
		case 0x00:
			return gsm7
		case 0x08:
			return ucs2
		}
	}
	return binary8
}

// decodeText makes UTF-8 of a short message. NUL, which no phone can type and no database column keeps, is dropped: some
// centres end a text with it. The "@" of GSM-7, whose code is 0x00, stays.
func decodeText(a alphabet, b []byte) string {
	var out strings.Builder
	switch a {
	case gsm7:
		decodeGSM(&out, b)
	case latin1:
		for _, c := range b {
			out.WriteRune(rune(c))
		}
	case ucs2:
		units := make([]uint16, 0, len(b)/2+1)
		for i := 0; i+1 < len(b); i += 2 {
			units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
		}
		if len(b)%2 == 1 { // half a character
			units = append(units, utf8.RuneError)
		}
		for _, r := range utf16.Decode(units) {
			out.WriteRune(r)
		}
	case binary8:
	}
	return strings.ReplaceAll(out.String(), "\x00", "")
}

func decodeGSM(out *strings.Builder, b []byte) {
	for i := 0; i < len(b); i++ {
		c := b[i]
		switch {
		case c > 0x7F: // not the alphabet that was announced
			out.WriteRune(utf8.RuneError)
		case c != gsmEscape:
			out.WriteRune(gsmRunes[c])
		case i+1 < len(b):
			i++
			if r, ok := gsmExtended[b[i]]; ok {
				out.WriteRune(r)
			} else if b[i] < 0x80 && b[i] != gsmEscape { // TS 23.038: an unknown extension shows the basic character
				out.WriteRune(gsmRunes[b[i]])
			} else {
				out.WriteByte(' ')
			}
		default: // an escape that leads nowhere is shown as a space
			out.WriteByte(' ')
		}
	}
}

// encodeGSM writes a character in GSM-7, one septet an octet; nil if the alphabet has no such character.
func encodeGSM(r rune) []byte { return gsmCodes[r] }

// encodeUCS2 writes a character in UTF-16, big end first.
func encodeUCS2(r rune) []byte {
	if r1, r2 := utf16.EncodeRune(r); r1 != utf8.RuneError {
		return []byte{byte(r1 >> 8), byte(r1), byte(r2 >> 8), byte(r2)}
	}
	return []byte{byte(r >> 8), byte(r)}
}
