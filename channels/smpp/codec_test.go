package smpp

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/fake"
)

// wire reads hand-written octets: hexadecimal, with words in quotes as they are.
func wire(t testing.TB, s string) []byte {
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

// Octets written by hand from the SMPP 3.4 specification.
func TestGoldenPDUsThatWeSend(t *testing.T) {
	a := address{tonNetwork, npiUnknown, ours}
	head := "00 03 00 '93456' 00 01 01 '6281200000001' 00 " // service_type, source, destination
	for _, c := range []struct {
		name string
		got  pdu
		want string
	}{
		{"bind_transceiver", pdu{bindTransceiver, 0, 1, bindBody("kabar", "rahasia", "")},
			"00000023 00000009 00000000 00000001 'kabar' 00 'rahasia' 00 00 34 00 00 00"},
		{"enquire_link", pdu{enquireLink, 0, 2, nil}, "00000010 00000015 00000000 00000002"},
		{"enquire_link_resp", pdu{enquireLink | answerBit, 0, 7, nil}, "00000010 80000015 00000000 00000007"},
		{"unbind", pdu{unbind, 0, 3, nil}, "00000010 00000006 00000000 00000003"},
		{"generic_nack", pdu{genericNack, statusBadCommand, 9, nil}, "00000010 80000000 00000003 00000009"},
		{"deliver_sm_resp", pdu{deliverSM | answerBit, statusTryLater, 8, []byte{0}}, "00000011 80000005 00000064 00000008 00"},
		{"submit_sm in the default alphabet, an hour long",
			pdu{submitSM, 0, 4, submission{from: a, to: "6281200000001", validity: relative(time.Hour), content: encode("Hi @{}").parts[0], part: 1, of: 1}.body()},
			"0000004b 00000004 00000000 00000004" + head + "00 00 00 00 '000000010000000R' 00 01 00 00 00 08 48 69 20 00 1b 28 1b 29"},
		{"submit_sm in UCS-2", pdu{submitSM, 0, 5, submission{from: a, to: "6281200000001", coding: codingUCS2, content: encode("ê🙏").parts[0], part: 1, of: 1}.body()},
			"00000039 00000004 00000000 00000005" + head + "00 00 00 00 00 01 00 08 00 06 00ea d83d de4f"},
		{"part 2 of 3 with a header", pdu{submitSM, 0, 6, submission{from: a, to: "6281200000001", content: []byte("x"), long: LongUDH, ref: 0x1ff, part: 2, of: 3}.body()},
			"0000003a 00000004 00000000 00000006" + head + "40 00 00 00 00 01 00 00 00 07 05 00 03 ff 03 02 78"},
		{"part 2 of 3 with parameters", pdu{submitSM, 0, 6, submission{from: a, to: "6281200000001", content: []byte("x"), long: LongSAR, ref: 0x1ff, part: 2, of: 3}.body()},
			"00000044 00000004 00000000 00000006" + head + "00 00 00 00 00 01 00 00 00 01 78 020c 0002 01ff 020e 0001 03 020f 0001 02"},
		{"as payload", pdu{submitSM, 0, 6, submission{from: a, to: "6281200000001", content: []byte("xyz"), payload: true, part: 1, of: 1}.body()},
			"0000003a 00000004 00000000 00000006" + head + "00 00 00 00 00 01 00 00 00 00 0424 0003 78797a"},
	} {
		if want := wire(t, c.want); !bytes.Equal(c.got.bytes(), want) {
			t.Errorf("%s:\n got %x\nwant %x", c.name, c.got.bytes(), want)
		}
		if p, err := readPDU(bytes.NewReader(c.got.bytes())); err != nil || p.command != c.got.command || !bytes.Equal(p.body, c.got.body) {
			t.Errorf("%s: read back as %+v, %v", c.name, p, err)
		}
	}
}

func TestGoldenPDUsThatWeTake(t *testing.T) {
	const head = "00 01 01 '6281200000001' 00 00 01 '93456' 00 " // service_type, source, destination
	siti := address{1, 1, "6281200000001"}
	to := address{0, 1, "93456"}
	for _, c := range []struct {
		name, body string
		want       delivery
	}{
		{"plain", head + "00 00 00 00 00 00 00 00 00 03 'YA' 00", delivery{from: siti, to: to, content: []byte("YA\x00")}},
		{"with its time", head + "00 00 00 '260607113000028+' 00 00 00 00 00 00 02 'YA'", delivery{from: siti, to: to, content: []byte("YA"), schedule: "260607113000028+"}},
		{"part 1 of 2", head + "40 00 00 00 00 00 00 00 00 08 05 00 03 c8 02 01 'YA'", delivery{from: siti, to: to, class: 0x40, content: []byte("YA"), ref: 200, part: 1, of: 2}},
		{"a reference of 16 bits after a port", head + "40 00 00 00 00 00 00 08 00 0f 0c 05 04 0b84 23f0 08 04 01c8 02 02 0059",
			delivery{from: siti, to: to, class: 0x40, coding: 8, content: []byte{0, 'Y'}, ref: 456, part: 2, of: 2}},
		{"part 2 of 2 by parameters", head + "00 00 00 00 00 00 00 00 00 02 'YA' 020c 0002 0102 020e 0001 02 020f 0001 02",
			delivery{from: siti, to: to, content: []byte("YA"), ref: 258, part: 2, of: 2}},
		{"as payload", head + "00 00 00 00 00 00 00 03 00 00 0424 0002 'YA'", delivery{from: siti, to: to, coding: 3, content: []byte("YA")}},
		{"a header longer than the message stays text", head + "40 00 00 00 00 00 00 00 00 02 '%A'", delivery{from: siti, to: to, class: 0x40, content: []byte("%A")}},
		{"part 3 of 2 stands alone", head + "40 00 00 00 00 00 00 00 00 08 05 00 03 c8 02 03 'YA'", delivery{from: siti, to: to, class: 0x40, content: []byte("YA")}},
	} {
		got, err := decodeDelivery(wire(t, c.body))
		got.params = nil
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
	}
	for name, body := range map[string]string{
		"nothing": "", "ends in the address": "00 01 01 '628'", "a number of 21 digits": "00 01 01 '628120000000000000000' 00",
		"shorter than it says":       head + "00 00 00 00 00 00 00 00 00 03 'YA'",
		"half a parameter":           head + "00 00 00 00 00 00 00 00 00 02 'YA' 04",
		"a parameter without an end": head + "00 00 00 00 00 00 00 00 00 02 'YA' 0424 ffff 00",
	} {
		if d, err := decodeDelivery(wire(t, body)); err == nil {
			t.Errorf("%s is taken: %+v", name, d)
		}
	}
}

func TestAPDUOfImpossibleLengthIsNotReadOn(t *testing.T) {
	for _, s := range []string{"0000000f 00000015 00000000 00000001", "7fffffff 00000015 00000000 00000001", "ffffffff 00000015 00000000 00000001"} {
		if _, err := readPDU(bytes.NewReader(wire(t, s))); !errors.Is(err, errLength) {
			t.Errorf("%s: %v", s, err)
		}
	}
	if _, err := readPDU(bytes.NewReader(wire(t, "00000012 00000015 00000000 00000001 00"))); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a body that breaks off: %v", err)
	}
}

func TestG6TextInEveryAlphabet(t *testing.T) {
	const all = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./09:;<=>?¡AZÄÖÑÜ§¿azäöñüà^{}\\[~]|€"
	if got := decodeText(gsm7, fake.SMSCEncode(0, all)); got != all {
		t.Errorf("GSM 03.38: %q", got)
	}
	for _, c := range []struct {
		name   string
		coding byte
		octets string
		want   string
	}{
		{"@ is 0x00", 0, "00 'a' 00", "@a@"},
		{"an unknown extension shows the basic character", 0, "1b 41", "A"},
		{"an escape at the end", 0, "41 1b", "A "},
		{"two escapes", 0, "41 1b 1b 42", "A B"},
		{"beyond the alphabet", 0, "41 e9", "A\uFFFD"},
		{"Latin-1", 3, "'caf' e9 40", "café@"},
		{"Latin-1 that ends with NUL", 3, "'YA' 00", "YA"},
		{"IA5", 1, "'LAPOR 350rb'", "LAPOR 350rb"},
		{"UCS-2", 8, "0059 0041 00ea d83d de4f", "YAê🙏"},
		{"UCS-2 with NUL", 8, "0059 0000 0041", "YA"},
		{"a lone surrogate", 8, "d83d 0041", "\uFFFDA"},
		{"half a character", 8, "0059 41", "Y\uFFFD"},
		{"class 1", 0xF1, "00", "@"},
		{"class 0, UCS-2", 0x18, "0059", "Y"},
	} {
		if got := decodeText(alphabetOf(c.coding), wire(t, c.octets)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	for _, coding := range []byte{0x02, 0x04, 0x05, 0x06, 0x07, 0x09, 0x14, 0xC0, 0xF5} {
		if alphabetOf(coding) != binary8 {
			t.Errorf("data_coding %#x is taken for text", coding)
		}
	}
}

// The network counts as bahasa counts; another reads what we write.
func TestB14PartsAreAsManyAsWereCounted(t *testing.T) {
	for _, s := range []string{
		"", "a", strings.Repeat("a", 160), strings.Repeat("a", 161), strings.Repeat("a", 306), strings.Repeat("a", 307),
		strings.Repeat("€", 80), strings.Repeat("€", 81), "a" + strings.Repeat("€", 80), strings.Repeat("a", 152) + strings.Repeat("€", 10),
		strings.Repeat("ê", 70), strings.Repeat("ê", 71), strings.Repeat("🙏", 35), strings.Repeat("🙏", 36), "a" + strings.Repeat("🙏", 66), "Terima kasih Bu – 🙏",
	} {
		c := encode(s)
		want, gsm, _ := bahasa.Segments(s)
		if len(c.parts) != want || gsm != (c.coding == codingGSM) {
			t.Errorf("%q: %d parts in %d, bahasa counts %d", s, len(c.parts), c.coding, want)
		}
		var back strings.Builder
		for i, p := range c.parts {
			one, each := 160, 153
			if c.coding == codingUCS2 {
				one, each = 140, 134
			}
			if len(p) > one || len(c.parts) > 1 && len(p) > each {
				t.Errorf("%q: part %d has %d octets", s, i, len(p))
			}
			back.WriteString(decodeText(alphabetOf(c.coding), p)) // each part alone: nothing is cut inside a character
		}
		if back.String() != s {
			t.Errorf("%q is read as %q", s, back.String())
		}
	}
}

func TestValidityPeriod(t *testing.T) {
	for d, want := range map[time.Duration]string{
		time.Hour: "000000010000000R", 26*time.Hour + 61*time.Second: "000001020101000R", -time.Second: "000000000001000R",
		0: "000000000001000R", 365 * 24 * time.Hour: "000028000000000R", 1500 * time.Millisecond: "000000000001000R",
	} {
		if got := relative(d); got != want {
			t.Errorf("%s: %s, want %s", d, got, want)
		}
	}
	if at := absolute("260607183000028+"); !at.Equal(start) {
		t.Errorf("an absolute time is %s", at)
	}
	for _, s := range []string{"", "000000010000000R", "260607183000099+", "261307183000028+", "260607183000028"} {
		if at := absolute(s); !at.IsZero() {
			t.Errorf("%q is %s", s, at)
		}
	}
}

func TestWhoWrites(t *testing.T) {
	for _, c := range []struct {
		a    address
		want string
	}{
		{address{1, 1, "6281200000001"}, siti}, {address{1, 1, "+6281200000001"}, siti}, {address{0, 1, "6281200000001"}, siti},
		{address{0, 0, "081200000001"}, siti}, {address{2, 1, "081200000001"}, siti}, {address{2, 1, "81200000001"}, siti},
		{address{0, 1, "81200000001"}, siti}, {address{1, 1, "60123456789"}, "+60123456789"}, {address{0, 1, "60123456789"}, "+60123456789"},
		{address{5, 0, "BANK"}, ""}, {address{5, 0, "6281200000001"}, ""}, {address{3, 0, "93456"}, ""}, {address{1, 1, "888"}, ""},
		{address{1, 1, ""}, ""}, {address{0, 0, "62812 JAKARTA"}, ""}, {address{2, 1, "0999"}, ""}, {address{1, 1, "6281200000001999999"}, ""},
	} {
		if got := person(c.a); got != c.want {
			t.Errorf("%+v is %q, want %q", c.a, got, c.want)
		}
	}
}

func TestOurSender(t *testing.T) {
	for s, want := range map[string]address{
		"": {}, "+62812000000": {1, 1, "62812000000"}, "93456": {3, 0, "93456"}, "KEMENSOS": {5, 0, "KEMENSOS"},
		"0/1/93456": {0, 1, "93456"}, "5/0/PRO KUS": {5, 0, "PRO KUS"}, "1/1/+62812000000": {1, 1, "62812000000"},
	} {
		if got, err := parseSource(s); err != nil || got != want {
			t.Errorf("%q: %+v, %v", s, got, err)
		}
	}
	for _, s := range []string{"KEMENTERIAN SOSIAL", "+0812", "9/1/93456", "0/99/93456", "é", "a\x00b"} {
		if got, err := parseSource(s); err == nil {
			t.Errorf("%q is taken: %+v", s, got)
		}
	}
}

func TestConfigurationIsJudgedAtOnce(t *testing.T) {
	b := newBook()
	good := config(&clock{at: start}, b, "127.0.0.1:2775")
	for name, c := range map[string]struct {
		change func(*Config)
		want   []string
	}{
		"everything": {func(c *Config) {
			*c = Config{Password: "terlalupanjang", SystemType: strings.Repeat("x", 13), SourceAddr: "é", Window: -1, EnquireEvery: time.Minute, Long: "wap", ReceiptIDs: "octal"}
		}, []string{"address", "system id", "password", "system type", "source", "window", "tried", "long texts", "receipt ids", "clock"}},
		"negative time": {func(c *Config) { c.Patience = -1 }, []string{"negative"}},
		"no port":       {func(c *Config) { c.Addr = "smsc.example.id" }, []string{"host:port"}},
	} {
		conf := good
		c.change(&conf)
		_, err := New(conf, b, b)
		if err == nil {
			t.Errorf("%s: accepted", name)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v does not tell %q", name, err, want)
			}
		}
		if strings.Contains(err.Error(), "terlalupanjang") {
			t.Errorf("%s: the error tells the password", name)
		}
	}
	if a, err := New(good, b, b); err != nil || a.Name() != "smpp" || a.Health() == nil {
		t.Errorf("a good one: %v", err)
	}
}

func TestB9EveryStatusOfTheTable(t *testing.T) {
	for status, want := range map[uint32]channels.ErrorKind{
		0x58: channels.Throttled, 0x14: channels.Throttled, 0x0B: channels.Invalid, 0x01: channels.Invalid, 0x65: channels.Invalid, 0x66: channels.Invalid,
		0xC4: channels.Invalid, 0x64: channels.Temporary, 0x08: channels.Temporary, 0x45: channels.Temporary, 0x04: channels.Temporary, 0xFF: channels.Temporary,
		0x0E: channels.Misconfig, 0x0F: channels.Misconfig, 0x0D: channels.Misconfig, 0x0A: channels.Misconfig,
		0x400: channels.Temporary, 0x7FFFFFFF: channels.Temporary, // an operator's own
	} {
		if se := refused(status); se.Kind != want || se.Code == "" {
			t.Errorf("%#x is %s, want %s", status, se.Kind, want)
		}
	}
	if _, ok := KindOfStatus(0x400); ok {
		t.Error("an operator's own status is said to be known")
	}
}
