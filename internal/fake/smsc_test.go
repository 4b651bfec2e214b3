package fake

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// smscClient talks to the double in octets written by hand from the specification.
type smscClient struct {
	t *testing.T
	net.Conn
}

func smscDial(t *testing.T, s *SMSC) smscClient {
	t.Helper()
	c, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(time.Minute))
	return smscClient{t, c}
}

func smscOctets(t *testing.T, s string) []byte {
	t.Helper()
	var out []byte
	for i, piece := range strings.Split(s, "'") {
		if i%2 == 1 {
			out = append(out, piece...)
			continue
		}
		b, err := hex.DecodeString(strings.Join(strings.Fields(piece), ""))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, b...)
	}
	return out
}

func (c smscClient) send(s string) {
	c.t.Helper()
	if _, err := c.Write(smscOctets(c.t, s)); err != nil {
		c.t.Fatal(err)
	}
}

// expect reads as many octets as are expected.
func (c smscClient) expect(s string) {
	c.t.Helper()
	want := smscOctets(c.t, s)
	got := make([]byte, len(want))
	if n, err := io.ReadFull(c, got); err != nil || !bytes.Equal(got, want) {
		c.t.Fatalf("got %x, %v\nwant %x", got[:n], err, want)
	}
}

const (
	smscBindAs  = "00000023 00000009 00000000 00000001 'kabar' 00 'rahasia' 00 00 34 00 00 00"
	smscBoundAs = "0000001c 80000009 00000000 00000001 'DOUBLE' 00 0210 0001 34"
	smscSubmitA = "0000003a 00000004 00000000 00000002 00 03 00 '93456' 00 01 01 '6281200000001' 00 00 00 00 00 00 01 00 00 00 07 'Halo' 00 1b65"
)

func smscDouble(t *testing.T) *SMSC {
	s := NewSMSC("kabar", "rahasia")
	t.Cleanup(s.Close)
	return s
}

func TestSMSCBindSubmitReceiptEnquireUnbind(t *testing.T) {
	s := smscDouble(t)
	at := time.Date(2026, 6, 7, 18, 30, 0, 0, time.UTC)
	s.Clock(func() time.Time { return at })
	s.IDs(SMSCIDs{ResponseHex: true}, 0x1A2B)
	s.AutoReceipt("DELIVRD", false)
	c := smscDial(t, s)
	c.send(smscBindAs)
	c.expect(smscBoundAs)
	c.send(smscSubmitA)
	c.expect("00000015 80000004 00000000 00000002 '1A2B' 00")
	receipt := "id:6699 sub:001 dlvrd:001 submit date:2606071830 done date:2606071830 stat:DELIVRD err:000 text:Terima kasih"
	body := "00 01 01 '6281200000001' 00 01 01 '93456' 00 04 00 00 00 00 00 00 00 00 " + hex.EncodeToString([]byte{byte(len(receipt))}) + "'" + receipt + "'"
	c.expect("0000009f 00000005 00000000 00000001" + body)
	c.send("00000011 80000005 00000000 00000001 00")
	c.send("00000010 00000015 00000000 00000003")
	c.expect("00000010 80000015 00000000 00000003")
	c.send("00000010 00000006 00000000 00000004")
	c.expect("00000010 80000006 00000000 00000004")
	m := s.Submits()
	if len(m) != 1 || m[0].Text != "Halo@€" || m[0].To != "6281200000001" || m[0].Registered != 1 || s.Count("+6281200000001", "Halo@€") != 1 || s.Undelivered() != 0 {
		t.Errorf("%+v", m)
	}
	if v := s.Violations(); len(v) != 0 {
		t.Errorf("%q", v)
	}
}

func TestSMSCIsStrict(t *testing.T) {
	const head = "00 03 00 '93456' 00 01 01 '6281200000001' 00 "
	for name, body := range map[string]string{
		"a national number":        "00 03 00 '93456' 00 01 01 '081200000001' 00 00 00 00 00 00 01 00 00 00 01 41",
		"no type of number":        "00 03 00 '93456' 00 00 01 '6281200000001' 00 00 00 00 00 00 01 00 00 00 01 41",
		"an absolute validity":     head + "00 00 00 00 '0001' 00 01 00 00 00 01 41",
		"no text":                  head + "00 00 00 00 00 01 00 00 00 00",
		"eight bits in seven":      head + "00 00 00 00 00 01 00 00 00 01 e9",
		"half a UCS-2 character":   head + "00 00 00 00 00 01 00 08 00 01 41",
		"161 septets":              head + "00 00 00 00 00 01 00 00 00 a1 " + strings.Repeat("41", 161),
		"154 septets behind a UDH": head + "40 00 00 00 00 01 00 00 00 a0 050003010201" + strings.Repeat("41", 154),
		"a UDH without its flag":   head + "00 00 00 00 00 01 00 00 00 07 0500030102e1 41",
		"part 3 of 2":              head + "40 00 00 00 00 01 00 00 00 07 050003010203 41",
		"half a parameter":         head + "00 00 00 00 00 01 00 00 00 01 41 04",
		"it ends early":            head + "00 00 00",
	} {
		s := smscDouble(t)
		c := smscDial(t, s)
		c.send(smscBindAs)
		c.expect(smscBoundAs)
		b := smscOctets(t, body)
		c.send(hex.EncodeToString([]byte{0, 0, 0, byte(16 + len(b))}) + "00000004 00000000 00000002")
		_, _ = c.Write(b)
		c.expect("00000010 80000004 00000002 00000002")
		if len(s.Submits()) != 0 || len(s.Violations()) != 1 || s.Calls() != 1 {
			t.Errorf("%s: %+v, %q", name, s.Submits(), s.Violations())
		}
	}
	for name, octets := range map[string]string{
		"submit before bind":      smscSubmitA,
		"a sequence number twice": smscBindAs + "00000010 00000015 00000000 00000001",
		"an unknown command":      smscBindAs + "00000010 00000099 00000000 00000002",
		"an answer to nothing":    smscBindAs + "00000011 80000005 00000000 00000009 00",
	} {
		s := smscDouble(t)
		c := smscDial(t, s)
		c.send(octets)
		if !s.Await(time.Minute, func() bool {
			_ = c.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
			_, _ = c.Read(make([]byte, 100))
			return len(s.Violations()) == 1
		}) {
			t.Errorf("%s: %q", name, s.Violations())
		}
	}
}

func TestSMSCFaults(t *testing.T) {
	s := smscDouble(t)
	c := smscDial(t, s)
	c.send(smscBindAs)
	c.expect(smscBoundAs)
	second := smscDial(t, s)
	second.send(smscBindAs)
	second.expect("00000010 80000009 00000005 00000001")
	wrong := smscDial(t, s)
	wrong.send("00000023 00000009 00000000 00000001 'kabar' 00 'rahasib' 00 00 34 00 00 00")
	wrong.expect("00000010 80000009 0000000e 00000001")
	submit := func(seq byte) string {
		return strings.Replace(smscSubmitA, "00000002 00", "000000"+hex.EncodeToString([]byte{seq})+" 00", 1)
	}
	s.ThrottleEvery(2)
	c.send(submit(2))
	c.expect("00000015 80000004 00000000 00000002 '6699' 00")
	c.send(submit(3))
	c.expect("00000010 80000004 00000058 00000003")
	s.ThrottleEvery(0)
	s.FailNumber("6281200000001", SMSCBadNumber)
	c.send(submit(4))
	c.expect("00000010 80000004 0000000b 00000004")
	s.FailNumber("6281200000001", 0)
	s.Mute(true)
	c.send("00000010 00000015 00000000 00000005")
	s.Mute(false)
	s.LimitData(20)
	c.send(submit(6))
	if _, err := io.ReadAll(c); err == nil || errors.Is(err, io.EOF) {
		t.Errorf("the connection ends with %v, not with a reset", err)
	}
	if s.Calls() != 3 || len(s.Submits()) != 1 {
		t.Errorf("%d calls, %+v", s.Calls(), s.Submits())
	}
}

func TestSMSCDeliversAgainWhatWasNotAcknowledged(t *testing.T) {
	s := smscDouble(t)
	c := smscDial(t, s)
	c.send(smscBindAs)
	c.expect(smscBoundAs)
	done := s.Queue(SMSCInbound{From: "6281200000001", FromTON: 1, To: "93456", Text: "YA{", Ref: 7, Part: 1, Parts: 2})
	const body = "00 01 01 '6281200000001' 00 01 01 '93456' 00 40 00 00 00 00 00 00 00 00 0a 050003070201 'YA' 1b28"
	c.expect("0000003d 00000005 00000000 00000001" + body)
	c.send("00000011 80000005 00000064 00000001 00") // later
	c.expect("0000003d 00000005 00000000 00000002" + body)
	_ = c.Close() // no answer at all
	if !s.Await(time.Minute, func() bool { return s.Bound() == 0 }) {
		t.Fatal("still bound")
	}
	c = smscDial(t, s)
	c.send(smscBindAs)
	c.expect(smscBoundAs)
	c.expect("0000003d 00000005 00000000 00000001" + body)
	c.send("00000011 80000005 00000000 00000001 00")
	select {
	case status := <-done:
		if status != 0 || s.Undelivered() != 0 {
			t.Errorf("status %#x, %d left", status, s.Undelivered())
		}
	case <-time.After(time.Minute):
		t.Fatal("never done")
	}
}
