package roster

import (
	"regexp"
	"strings"
)

// rtRW are the usual ways in which lists write a neighbourhood: "3/5", "003/005", "RT 03 RW 05", "RT.3/RW.5", "RT 3".
var rtRW = regexp.MustCompile(`(?i)^(?:rt[ .:/]*)?0*([1-9][0-9]?)(?:[ ,./-]*(?:rw[ .:]*|/ *)0*([1-9][0-9]?))?$`)

// neighbourhood writes RT and RW as the TKSK reads them before the village, "RT3/5" (J7-SMS-01). What is no pair of numbers
// stays as it was written.
func neighbourhood(s string) string {
	s = strings.TrimSpace(s)
	m := rtRW.FindStringSubmatch(s)
	switch {
	case m == nil:
		return s
	case m[2] == "":
		return "RT" + m[1]
	}
	return "RT" + m[1] + "/" + m[2]
}
