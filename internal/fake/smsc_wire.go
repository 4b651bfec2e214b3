package fake

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
)

// The commands that the double knows.
const (
	smscNack       = 0x80000000
	smscSubmit     = 0x00000004
	smscDeliver    = 0x00000005
	smscUnbind     = 0x00000006
	smscBind       = 0x00000009
	smscEnquire    = 0x00000015
	smscResp       = 0x80000000
	smscBadLength  = 0x02
	smscBadCommand = 0x03
	smscNotBound   = 0x04
	smscBadID      = 0x0F
)

type smscPDU struct {
	command, status, seq uint32
	body                 []byte
}

func smscRead(r io.Reader) (p smscPDU, err error) {
	var head struct{ Length, Command, Status, Seq uint32 }
	if err := binary.Read(r, binary.BigEndian, &head); err != nil {
		return p, err
	}
	p = smscPDU{command: head.Command, status: head.Status, seq: head.Seq}
	if head.Length < 16 || head.Length > 100_000 {
		return p, fmt.Errorf("command_length %d", head.Length)
	}
	p.body = make([]byte, head.Length-16)
	_, err = io.ReadFull(r, p.body)
	return p, err
}

func (p smscPDU) wire() []byte {
	var b bytes.Buffer
	for _, v := range []uint32{uint32(16 + len(p.body)), p.command, p.status, p.seq} {
		_ = binary.Write(&b, binary.BigEndian, v)
	}
	b.Write(p.body)
	return b.Bytes()
}

// smscFields takes mandatory fields off a body: "s" a C-octet string, "b" an octet, "m" a length and so many octets.
func smscFields(body []byte, form string) (strs []string, octets []byte, message, rest []byte, err error) {
	short := errors.New("the body ends early")
	for _, f := range form {
		switch f {
		case 's':
			i := bytes.IndexByte(body, 0)
			if i < 0 {
				return nil, nil, nil, nil, short
			}
			strs, body = append(strs, string(body[:i])), body[i+1:]
		case 'b':
			if len(body) == 0 {
				return nil, nil, nil, nil, short
			}
			octets, body = append(octets, body[0]), body[1:]
		case 'm':
			if len(body) == 0 || len(body) < 1+int(body[0]) {
				return nil, nil, nil, nil, short
			}
			message, body = body[1:1+int(body[0])], body[1+int(body[0]):]
		}
	}
	return strs, octets, message, body, nil
}

func smscParams(b []byte) (map[uint16][]byte, error) {
	out := map[uint16][]byte{}
	for len(b) > 0 {
		if len(b) < 4 || len(b)-4 < int(binary.BigEndian.Uint16(b[2:])) {
			return nil, errors.New("an optional parameter ends early")
		}
		n := int(binary.BigEndian.Uint16(b[2:]))
		out[binary.BigEndian.Uint16(b)] = b[4 : 4+n]
		b = b[4+n:]
	}
	return out, nil
}

// smscAlphabet is GSM 03.38 as a table of sixteen rows; ␛ is the escape.
const smscAlphabet = "@£$¥èéùìòÇ\nØø\rÅå" + "Δ_ΦΓΛΩΠΨΣΘΞ␛ÆæßÉ" + " !\"#¤%&'()*+,-./" + "0123456789:;<=>?" +
	"¡ABCDEFGHIJKLMNO" + "PQRSTUVWXYZÄÖÑÜ§" + "¿abcdefghijklmno" + "pqrstuvwxyzäöñüà"

// smscExtension pairs each character of the extension table with the basic one that shares its code.
const smscExtension = "^Λ{(})\\/[<~=]>|¡€e"

// SMSCEncode writes a text for the air: coding 0 GSM 03.38, 3 Latin-1, 8 UCS-2. It panics where a character has no code.
func SMSCEncode(coding byte, text string) []byte {
	var out []byte
	switch coding {
	case 8:
		for _, u := range utf16.Encode([]rune(text)) {
			out = append(out, byte(u>>8), byte(u))
		}
	case 3, 1:
		for _, r := range text {
			if r > 0xFF {
				panic("fake: not Latin-1: " + text)
			}
			out = append(out, byte(r))
		}
	default:
		basic := []rune(smscAlphabet)
		code := func(r rune) byte {
			for i, b := range basic {
				if b == r {
					return byte(i)
				}
			}
			panic("fake: not GSM 03.38: " + text)
		}
		ext := []rune(smscExtension)
		for _, r := range text {
			pair := -1
			for i := 0; i < len(ext); i += 2 {
				if ext[i] == r {
					pair = i
				}
			}
			if pair >= 0 {
				out = append(out, 0x1B, code(ext[pair+1]))
				continue
			}
			out = append(out, code(r))
		}
	}
	return out
}

func smscDecode(coding byte, b []byte) string {
	if coding == 8 {
		var u []uint16
		for i := 0; i+1 < len(b); i += 2 {
			u = append(u, binary.BigEndian.Uint16(b[i:]))
		}
		return string(utf16.Decode(u))
	}
	basic, ext := []rune(smscAlphabet), []rune(smscExtension)
	var out strings.Builder
	for i := 0; i < len(b); i++ {
		if b[i] == 0x1B && i+1 < len(b) && b[i+1] < 0x80 {
			i++
			for j := 1; j < len(ext); j += 2 {
				if ext[j] == basic[b[i]] {
					out.WriteRune(ext[j-1])
				}
			}
			continue
		}
		out.WriteRune(basic[b[i]&0x7F])
	}
	return out.String()
}
