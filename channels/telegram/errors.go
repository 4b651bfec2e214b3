package telegram

import (
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-telegram/bot"

	"github.com/kabar-prokus/kabar/channels"
)

// classify says what a failed call means. It also opens the pause that a 429 asks for, whichever call met it: the limit
// holds for the whole bot (faults.md B6).
func (a *Adapter) classify(err error) *channels.SendError {
	kind, code, wait := classOf(err)
	switch kind {
	case channels.Throttled:
		a.pace.pause(wait)
	case channels.Misconfig:
		a.setRefused(&channels.SendError{Kind: kind, Code: code, Err: errors.New("telegram: the token is refused")})
	}
	return &channels.SendError{Kind: kind, Code: code, RetryAfter: wait, Err: a.masked(err)}
}

// classOf is the table of faults.md section 1: what the library and the network can say, and its class.
func classOf(err error) (kind channels.ErrorKind, code string, wait time.Duration) {
	var (
		throttle *bot.TooManyRequestsError
		migrated *bot.MigrateError
		status   *statusError
		lost     *lostError
		dial     *net.OpError
	)
	switch {
	case errors.As(err, &throttle): // errors.Is does not know it (V5)
		wait = max(time.Duration(throttle.RetryAfter)*time.Second, time.Second)
		return channels.Throttled, "429", wait
	case errors.Is(err, bot.ErrorForbidden):
		return channels.BlockedBy, "403", 0
	case errors.As(err, &migrated), errors.Is(err, bot.ErrorBadRequest):
		return channels.Invalid, "400", 0
	case errors.Is(err, bot.ErrorUnauthorized):
		return channels.Misconfig, "401", 0
	case errors.Is(err, bot.ErrorNotFound):
		return channels.Misconfig, "404", 0
	case errors.Is(err, bot.ErrorConflict):
		return channels.Temporary, "409", 0
	case errors.As(err, &status) && status.status == http.StatusGatewayTimeout:
		// The proxy had passed the request on, and only the answer is missing.
		return channels.Ambiguous, "504", 0
	case errors.As(err, &status):
		return channels.Temporary, strconv.Itoa(status.status), 0
	case errors.As(err, &dial) && dial.Op == "dial":
		return channels.Temporary, "network", 0
	case errors.As(err, &lost) && !lost.left:
		return channels.Temporary, "network", 0
	case errors.As(err, &lost):
		return channels.Ambiguous, "network", 0
	}
	return channels.Ambiguous, "", 0
}

// invalid is a refusal of our own, before any call.
func invalid(code, why string) *channels.SendError {
	return &channels.SendError{Kind: channels.Invalid, Code: code, Err: errors.New(why)}
}

// says reports whether Telegram's refusal holds one of these descriptions. They are not promised to stay, so nothing but
// a fallback hangs on them.
func says(err error, descriptions ...string) bool {
	if err == nil {
		return false
	}
	text := strings.ToLower(err.Error())
	for _, d := range descriptions {
		if strings.Contains(text, d) {
			return true
		}
	}
	return false
}

// unchanged: an edit that would change nothing has already happened.
func unchanged(err error) bool { return says(err, "message is not modified") }

// uneditable: the message is gone, too old, or not ours.
func uneditable(err error) bool {
	return says(err, "message can't be edited", "message to edit not found", "message_id_invalid", "message identifier")
}

// stale: the button was answered before, or too long ago.
func stale(err error) bool { return says(err, "query is too old", "query id is invalid") }
