package smpp

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The commands of SMPP 3.4 that we send or understand (section 5.1.2.1). An answer has the highest bit set.
const (
	genericNack     uint32 = 0x80000000
	submitSM        uint32 = 0x00000004
	deliverSM       uint32 = 0x00000005
	unbind          uint32 = 0x00000006
	bindTransceiver uint32 = 0x00000009
	enquireLink     uint32 = 0x00000015
	answerBit       uint32 = 0x80000000
)

// Optional parameters (section 5.3.2).
const (
	tagReceiptedID    uint16 = 0x001E
	tagUserReference  uint16 = 0x0204
	tagSarRef         uint16 = 0x020C
	tagSarTotal       uint16 = 0x020E
	tagSarPart        uint16 = 0x020F
	tagMessagePayload uint16 = 0x0424
	tagMessageState   uint16 = 0x0427
)

const (
	headerSize = 16
	// maxPDU bounds what one PDU may take of our memory; the largest that makes sense is a message_payload of 64 KiB.
	maxPDU = 70_000
)

// pdu is one protocol data unit: the header's fields and the body as it travels.
type pdu struct {
	command, status, sequence uint32
	body                      []byte
}

// bytes is the PDU as it goes over the wire.
func (p pdu) bytes() []byte {
	b := make([]byte, headerSize, headerSize+len(p.body))
	binary.BigEndian.PutUint32(b, uint32(headerSize+len(p.body)))
	binary.BigEndian.PutUint32(b[4:], p.command)
	binary.BigEndian.PutUint32(b[8:], p.status)
	binary.BigEndian.PutUint32(b[12:], p.sequence)
	return append(b, p.body...)
}

// errLength is a PDU whose length cannot be true: after it the stream has no beginning any more.
var errLength = errors.New("smpp: a PDU of impossible length")

// readPDU takes the next PDU off the stream.
func readPDU(r io.Reader) (pdu, error) {
	var h [headerSize]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return pdu{}, err
	}
	p := pdu{binary.BigEndian.Uint32(h[4:]), binary.BigEndian.Uint32(h[8:]), binary.BigEndian.Uint32(h[12:]), nil}
	n := binary.BigEndian.Uint32(h[:])
	if n < headerSize || n > maxPDU {
		return p, errLength
	}
	p.body = make([]byte, n-headerSize)
	_, err := io.ReadFull(r, p.body)
	return p, err
}

// errShort is a body that ends before its fields do.
var errShort = errors.New("smpp: the body ends early")

// reader walks through a body; the first fault stays.
type reader struct {
	b   []byte
	err error
}

func (r *reader) octet() byte {
	if r.err != nil || len(r.b) == 0 {
		r.fail(errShort)
		return 0
	}
	v := r.b[0]
	r.b = r.b[1:]
	return v
}

func (r *reader) octets(n int) []byte {
	if r.err != nil || len(r.b) < n {
		r.fail(errShort)
		return nil
	}
	v := r.b[:n:n]
	r.b = r.b[n:]
	return v
}

// text reads a C-octet string of at most limit octets, its NUL among them.
func (r *reader) text(limit int) string {
	for i := 0; r.err == nil && i < len(r.b) && i < limit; i++ {
		if r.b[i] == 0 {
			s := string(r.b[:i])
			r.b = r.b[i+1:]
			return s
		}
	}
	r.fail(fmt.Errorf("smpp: a string without its end within %d octets", limit))
	return ""
}

func (r *reader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

// params reads optional parameters up to the end. The first of a kind counts.
func (r *reader) params() map[uint16][]byte {
	m := map[uint16][]byte{}
	for r.err == nil && len(r.b) > 0 {
		head := r.octets(4)
		if r.err != nil {
			break
		}
		tag := binary.BigEndian.Uint16(head)
		value := r.octets(int(binary.BigEndian.Uint16(head[2:])))
		if _, known := m[tag]; r.err == nil && !known {
			m[tag] = value
		}
	}
	return m
}

// writer builds a body.
type writer struct{ b []byte }

func (w *writer) octet(v ...byte) { w.b = append(w.b, v...) }

// text writes a C-octet string.
func (w *writer) text(s string) { w.b = append(append(w.b, s...), 0) }

func (w *writer) param(tag uint16, value []byte) {
	w.b = binary.BigEndian.AppendUint16(w.b, tag)
	w.b = binary.BigEndian.AppendUint16(w.b, uint16(len(value)))
	w.b = append(w.b, value...)
}
