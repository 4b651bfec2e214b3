package ussd

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"regexp"
	"strings"

	"github.com/kabar-prokus/kabar/channels"
)

const (
	textLimit  = 1024 // bytes of all inputs together; a whole conversation is far below
	inputLimit = 64   // inputs
	inputRunes = 182  // one input: what a phone lets people type
)

var (
	sessionID  = regexp.MustCompile(`^[!-~]{1,128}$`) // printable ASCII
	shortNames = regexp.MustCompile(`^[ -~]{0,32}$`)
	separators = strings.NewReplacer(" ", "", "-", "", ".", "", "(", "", ")", "")
	e164       = regexp.MustCompile(`^\+[1-9][0-9]{7,14}$`)
)

// verdict is what a form is.
type verdict int

const (
	malformed  verdict = iota // not what a gateway sends
	ended                     // a notification: the session is over
	unreadable                // a gateway's request that no turn can take: the person gets help
	step                      // a step of a conversation
)

// decode reads one step. Text is the newest input, Inputs are all of them, Raw the whole field as it came. The ID holds
// session, phone and inputs, so that the same step delivered twice is the same (faults.md F2) and a foreign one is not.
func decode(form url.Values) (channels.Inbound, verdict) {
	for _, v := range form {
		if len(v) != 1 {
			return channels.Inbound{}, malformed
		}
	}
	session, phone, text := form.Get("sessionId"), form.Get("phoneNumber"), form.Get("text")
	code := form.Get("serviceCode")
	switch {
	case !sessionID.MatchString(session), !form.Has("phoneNumber"), !shortNames.MatchString(code), !shortNames.MatchString(form.Get("networkCode")):
		return channels.Inbound{}, malformed
	case !form.Has("text") && (form.Has("durationInMillis") || form.Has("status")):
		return channels.Inbound{Session: session}, ended
	}
	in := channels.Inbound{
		Channel: "ussd", Via: channels.USSD, Kind: channels.Text, To: code, Session: session, Raw: []byte(text),
	}
	from, ok := normalise(phone)
	if !ok || len(text) > textLimit || strings.Count(text, "*") >= inputLimit {
		return in, unreadable
	}
	in.From = from
	in.ID = session + ":" + hash(from+"\x00"+text)
	if text != "" {
		for raw := range strings.SplitSeq(text, "*") {
			in.Inputs = append(in.Inputs, strings.TrimSpace(channels.Readable([]byte(raw), inputRunes)))
		}
		in.Text = in.Inputs[len(in.Inputs)-1]
	}
	return in, step
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:12])
}

// normalise brings the gateway's spelling of a number into E.164: +62…, 62…, 08…, and a plus that became a space on the way.
// It is about spelling only; whether anyone answers there is not decided here.
func normalise(s string) (string, bool) {
	lostPlus := strings.HasPrefix(s, " ")
	s = separators.Replace(s)
	switch {
	case strings.HasPrefix(s, "+"):
	case strings.HasPrefix(s, "00"):
		s = "+" + s[2:]
	case strings.HasPrefix(s, "08"):
		s = "+62" + s[1:]
	case strings.HasPrefix(s, "62"), lostPlus:
		s = "+" + s
	default: // 812… could be Indonesia without its zero or Japan without its plus
		return "", false
	}
	return s, e164.MatchString(s)
}
