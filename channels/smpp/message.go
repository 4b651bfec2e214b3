package smpp

import (
	"encoding/binary"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// address is a number or a name with its type (section 5.2.5, 5.2.6).
type address struct {
	ton, npi byte
	addr     string
}

const (
	tonUnknown       byte = 0
	tonInternational byte = 1
	tonNetwork       byte = 3
	tonAlphanumeric  byte = 5
	npiUnknown       byte = 0
	npiISDN          byte = 1
)

var (
	e164      = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	shortCode = regexp.MustCompile(`^[0-9]{3,8}$`)
	named     = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9 ._&-]{0,10}$`)
	typed     = regexp.MustCompile(`^([0-9]{1,2})/([0-9]{1,2})/(\+?[A-Za-z0-9 ._&-]{1,20})$`)
)

// parseSource reads our sender: +62…, a short code, a name of at most eleven characters, or ton/npi/address where an
// operator wants other types than these have by themselves. Empty lets the centre choose.
func parseSource(s string) (address, error) {
	switch m := typed.FindStringSubmatch(s); {
	case s == "":
		return address{}, nil
	case m != nil:
		ton, err1 := strconv.ParseUint(m[1], 10, 8)
		npi, err2 := strconv.ParseUint(m[2], 10, 8)
		if err1 != nil || err2 != nil || ton > 6 || npi > 18 {
			return address{}, errors.New("type or plan of the source address is beyond SMPP's")
		}
		return address{byte(ton), byte(npi), strings.TrimPrefix(m[3], "+")}, nil
	case e164.MatchString(s):
		return address{tonInternational, npiISDN, s[1:]}, nil
	case shortCode.MatchString(s):
		return address{tonNetwork, npiUnknown, s}, nil
	case named.MatchString(s):
		return address{tonAlphanumeric, npiUnknown, s}, nil
	}
	return address{}, errors.New("the source address must be +62…, a short code, a name of at most 11 characters, or ton/npi/address")
}

func (w *writer) address(a address) {
	w.octet(a.ton, a.npi)
	w.text(a.addr)
}

func (r *reader) address() address { return address{r.octet(), r.octet(), r.text(21)} }

const (
	classUDHI    byte = 0x40 // esm_class: the message begins with a user data header
	classKind    byte = 0x3C // esm_class of a deliver_sm: what it is; zero is an ordinary message
	classReceipt byte = 0x04
	classInterim byte = 0x20 // an intermediate notification, in the form of a receipt
)

// bindBody is the body of bind_transceiver (section 4.1.5).
func bindBody(systemID, password, systemType string) []byte {
	var w writer
	w.text(systemID)
	w.text(password)
	w.text(systemType)
	w.octet(0x34)        // interface_version
	w.address(address{}) // every address that the account has
	return w.b
}

// submission is one submit_sm to be.
type submission struct {
	from     address
	to       string // digits
	validity string
	coding   byte
	content  []byte
	long     Long
	ref      uint16
	part, of int  // 1 and 1 where there is only one
	payload  bool // all of it in message_payload
}

// body is the submit_sm (section 4.4.1). A receipt is asked for both success and failure.
func (s submission) body() []byte {
	class, content := byte(0), s.content
	many := s.of > 1
	if many && s.long == LongUDH { // 3GPP TS 23.040, 9.2.3.24.1
		class |= classUDHI
		content = append([]byte{5, 0, 3, byte(s.ref), byte(s.of), byte(s.part)}, content...)
	}
	var w writer
	w.text("") // service_type
	w.address(s.from)
	w.address(address{tonInternational, npiISDN, s.to})
	w.octet(class, 0, 0) // esm_class, protocol_id, priority_flag
	w.text("")           // schedule_delivery_time: now
	w.text(s.validity)
	w.octet(1, 0, s.coding, 0) // registered_delivery, replace_if_present_flag, data_coding, sm_default_msg_id
	if s.payload {
		w.octet(0)
		w.param(tagMessagePayload, content)
		return w.b
	}
	w.octet(byte(len(content)))
	w.octet(content...)
	if many && s.long == LongSAR {
		w.param(tagSarRef, binary.BigEndian.AppendUint16(nil, s.ref))
		w.param(tagSarTotal, []byte{byte(s.of)})
		w.param(tagSarPart, []byte{byte(s.part)})
	}
	return w.b
}

// The bounds of a validity period. A month has no fixed length in SMPP's relative times, so days end at 28.
const (
	validityMin = time.Second
	validityMax = 28 * 24 * time.Hour
)

// relative writes a validity period as YYMMDDhhmmsstnnR (section 7.1.1), how long from now.
func relative(d time.Duration) string {
	s := int64(max(validityMin, min(validityMax, d)) / time.Second)
	return fmt.Sprintf("0000%02d%02d%02d%02d000R", s/86400, s/3600%24, s/60%60, s%60)
}

// delivery is a deliver_sm as it arrived.
type delivery struct {
	from, to address
	class    byte
	coding   byte
	schedule string // absolute time, where a centre says here when it took the message
	content  []byte // without header
	// ref, part and of tell which part of which message this is; of is 0 for one that is whole.
	ref      uint16
	part, of int
	params   map[uint16][]byte
}

// decodeDelivery reads a deliver_sm (section 4.6.1). A user data header that cannot be read makes the message plain: its
// words are worth more than its form.
func decodeDelivery(body []byte) (delivery, error) {
	r := reader{b: body}
	var d delivery
	r.text(6) // service_type
	d.from, d.to = r.address(), r.address()
	d.class = r.octet()
	r.octets(2) // protocol_id, priority_flag
	d.schedule = r.text(17)
	r.text(17)  // validity_period
	r.octets(2) // registered_delivery, replace_if_present_flag
	d.coding = r.octet()
	r.octet() // sm_default_msg_id
	d.content = r.octets(int(r.octet()))
	d.params = r.params()
	if r.err != nil {
		return d, r.err
	}
	if len(d.content) == 0 {
		d.content = d.params[tagMessagePayload]
	}
	if d.class&classUDHI != 0 {
		d.header()
	}
	if ref, total, part := d.params[tagSarRef], d.params[tagSarTotal], d.params[tagSarPart]; d.of == 0 && len(ref) == 2 && len(total) == 1 && len(part) == 1 {
		d.joined(binary.BigEndian.Uint16(ref), total[0], part[0])
	}
	return d, nil
}

// header takes the user data header off the content and reads the element that joins parts, with a reference of 8 or 16
// bits. Other elements (ports, pictures) are left out.
func (d *delivery) header() {
	if len(d.content) == 0 || int(d.content[0]) >= len(d.content) {
		return
	}
	h := d.content[1 : 1+int(d.content[0])]
	d.content = d.content[1+len(h):]
	for len(h) >= 2 && len(h) >= 2+int(h[1]) {
		e := h[2 : 2+int(h[1])]
		switch {
		case h[0] == 0x00 && len(e) == 3:
			d.joined(uint16(e[0]), e[1], e[2])
		case h[0] == 0x08 && len(e) == 4:
			d.joined(binary.BigEndian.Uint16(e), e[2], e[3])
		}
		h = h[2+len(e):]
	}
}

// joined notes which part this is; impossible figures are ignored (TS 23.040: then the message stands alone).
func (d *delivery) joined(ref uint16, total, part byte) {
	if total > 1 && part >= 1 && part <= total {
		d.ref, d.of, d.part = ref, int(total), int(part)
	}
}
