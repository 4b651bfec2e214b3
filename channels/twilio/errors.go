package twilio

import (
	"net/http"
	"strconv"

	"github.com/kabar-prokus/kabar/channels"
)

// KindOfCode classes Twilio's error codes, both those of a refused call and those that arrive later with a status
// callback; ok is false for a code that this list does not know.
func KindOfCode(code string) (kind channels.ErrorKind, ok bool) {
	n, err := strconv.Atoi(code)
	if err != nil {
		return "", false
	}
	switch n {
	case 20429, 14107, 21611, 30022, 63018, 63038:
		// too many calls, our sender's queue full, WhatsApp's rate
		return channels.Throttled, true
	case 21610, 63014:
		return channels.BlockedBy, true
	case 30003:
		return channels.OutOfReach, true
	case 21211, 21214, 21217, 21219, 21265, 21266, 21604, 21612, 21614, 30005, 30006, 63003, 63013, 63024:
		// no such number, a landline, not reachable by us, our own number
		return channels.Invalid, true
	case 21602, 21605, 21617, 21619, 21655, 21656, 30004, 30007, 63015, 63032:
		// no text, too long, no such template, filtered: never again as it is
		return channels.Invalid, true
	case 63016, 63027, 63028, 63040, 63041, 63042:
		// outside WhatsApp's 24 hours, or a template that is not (or no longer) approved: otherwise, or by another road
		return channels.NoWindow, true
	case 21408: // a country that our account does not serve: about this number, so the channel goes on
		return channels.Invalid, true
	case 20003, 20005, 20006, 20404, 20426, 21212, 21222, 21224, 21603, 21606, 21609, 21659, 21660, 21701, 21703, 30002, 63007:
		// credentials, account, sender or callback address are wrong
		return channels.Misconfig, true
	case 20500, 20503, 30001, 30008, 30009, 30010:
		return channels.Temporary, true
	}
	return "", false
}

// kindOfHTTP classes an answer whose code says nothing. Twilio has answered, so the message is known not to have been
// taken; only a gateway that gave up waiting leaves that open.
func kindOfHTTP(status int) channels.ErrorKind {
	switch {
	case status == http.StatusTooManyRequests:
		return channels.Throttled
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusNotFound:
		return channels.Misconfig
	case status == http.StatusGatewayTimeout:
		return channels.Ambiguous
	case status == http.StatusRequestTimeout, status >= 500:
		return channels.Temporary
	case status >= 400:
		return channels.Invalid
	case status >= 300: // redirected: nobody's Twilio
		return channels.Misconfig
	}
	return channels.Ambiguous
}
