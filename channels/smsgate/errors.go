package smsgate

import (
	"regexp"
	"strings"

	"github.com/kabar-prokus/kabar/channels"
)

// The codes that are ours, for what the app says in words.
const (
	codeExpired   = "TTL_EXPIRED"
	codeCancelled = "CANCELLED"
	codeNumber    = "INVALID_NUMBER"
	codeNoSIM     = "NO_SIM"
	codeOther     = "OTHER"
	codeLimit     = "ERROR_LIMIT_EXCEEDED"
)

var resultName = regexp.MustCompile(`\bRESULT_([A-Z_]{3,48})\b`)

// codeOf is the code of a phone's reason. The reason itself is not kept: it may hold the number.
func codeOf(reason string) string {
	if g := resultName.FindStringSubmatch(reason); g != nil {
		return g[1]
	}
	words := strings.ToLower(reason)
	switch {
	case strings.Contains(words, "ttl"):
		return codeExpired
	case strings.Contains(words, "invalid") && strings.Contains(words, "number"):
		return codeNumber
	case strings.Contains(words, "sim"):
		return codeNoSIM
	}
	return codeOther
}

// aboutDelivery is true for a failure that the network reported after the phone had sent. Delivery reports mean nothing in
// Indonesia, so it neither makes a message undelivered nor has it sent again.
func aboutDelivery(reason string) bool { return strings.HasPrefix(reason, "Delivery result") }

// KindOfCode classes the codes of Status.Code. All but a few are the phone's own trouble (no signal, no balance, too many at
// once): nothing has left, and the message is worth another try in an hour. About the number they say nothing.
func KindOfCode(code string) (kind channels.ErrorKind, ok bool) {
	switch code {
	case "":
		return "", false
	case codeNumber, "ERROR_NULL_PDU", "ERROR_FDN_CHECK_FAILURE", "ERROR_SHORT_CODE_NOT_ALLOWED", "ERROR_SHORT_CODE_NEVER_ALLOWED",
		"INVALID_ARGUMENTS", "INVALID_SMS_FORMAT", "ENCODING_ERROR":
		return channels.Invalid, true
	}
	return channels.OutOfReach, true
}
