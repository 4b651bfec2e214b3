package sim

import (
	"errors"
	"regexp"
	"strings"

	"github.com/kabar-prokus/kabar/internal/bahasa"
)

var (
	errNumber = errors.New("not a phone number: write it as +62812…, 62812… or 0812…")
	errNoChat = errors.New("not a chat of the simulator")
)

var (
	e164       = regexp.MustCompile(`^\+[1-9][0-9]{7,14}$`)
	separators = strings.NewReplacer(" ", "", "-", "", ".", "", "(", "", ")", "")
)

// phone brings a number into E.164. Any number may have a phone here, also abroad or on a network that does not exist; a
// plus that became a space on the way is put back.
func phone(s string) (string, error) {
	if n, v := bahasa.ReadPhone(s); v == bahasa.Value {
		return n, nil
	}
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
	}
	if !e164.MatchString(s) {
		return "", errNumber
	}
	return s, nil
}
