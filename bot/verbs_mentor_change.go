package bot

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// told is how many people hear of a change: everybody who has not exchanged the session for another.
func told(x prokus.Session) text.Arg { return text.Num(int64(x.Invited - x.Moved)) }

// mentorCallOff asks whether a session is to be called off. BATAL may say why at once.
func mentorCallOff(t *turn, v flows.Vars) (flows.Outcome, error) {
	x, ok, err := t.session(v, false)
	if err != nil || !ok {
		return flows.Outcome{Name: "none"}, err
	}
	vars := sessionVars(x)
	if !t.now.Before(x.Starts) {
		return outcome("over", vars)
	}
	vars["n"], vars["why"] = told(x), reasonOf(str(v, "rest"))
	return outcome("confirm", vars)
}

// offWords are how mentors say why, and what our text says for it.
var offWords = []struct {
	say *regexp.Regexp
	why string
}{
	{regexp.MustCompile(`\b(sakit|demam|dirawat|gering)\b`), acts.OffSick},
	{regexp.MustCompile(`\b(bentrok|berbenturan|acara|rapat|dinas|tugas lain)\b`), acts.OffClash},
	{regexp.MustCompile(`\b(hujan|banjir|cuaca|longsor|badai)\b`), acts.OffWeather},
}

// reasonOf reads why a session is called off: a reason that we have words for, else the mentor's own, else nothing.
func reasonOf(s string) string {
	norm := strings.TrimSpace(bahasa.Normalise(s))
	for _, w := range offWords {
		if w.say.MatchString(norm) {
			return w.why
		}
	}
	return strings.TrimSpace(bahasa.FitName(s, reasonLength))
}

// reasonLength is what the notice holds (sebab in placeholders.yaml).
const reasonLength = 24

// mentorCalledOff calls the session off once it is known why.
func mentorCalledOff(t *turn, v flows.Vars) (flows.Outcome, error) {
	why := str(v, "why")
	if why == "" && v["text"] != nil {
		why = reasonOf(str(v, "text"))
	}
	if why == "" {
		return outcome("ask", nil)
	}
	x, ok, err := t.session(v, false)
	if err != nil {
		return flows.Outcome{}, err
	}
	if !ok || x.ID != integer(v, "session") || !t.now.Before(x.Starts) {
		return outcome("over", nil)
	}
	c, err := acts.CallOff(t.ctx, t.Tx, t.mentorBy(), x.ID, why)
	if err != nil {
		return flows.Outcome{}, err
	}
	vars := sessionVars(x)
	vars["n"] = text.Num(int64(c.Told))
	if c.Replacement == nil {
		return outcome("off", vars)
	}
	vars["tgl2"], vars["jam2"] = text.Date(c.Replacement.Starts), text.Clock(c.Replacement.Starts)
	return outcome("replaced", vars)
}

// newPlaceLength is what a text allows a place that people do not know yet (tujuan in placeholders.yaml).
const newPlaceLength = 30

var (
	hourShape = regexp.MustCompile(`(?i)\b(?:jam|pukul|pkl)?\s*([01]?[0-9]|2[0-3])[.:]([0-5][0-9])\b(?:\s*wib|\s*wita|\s*wit)?`)
	hourAlone = regexp.MustCompile(`(?i)\b(?:jam|pukul|pkl)\s*([01]?[0-9]|2[0-3])\b`)
	leadWords = regexp.MustCompile(`(?i)^(?:(?:ke|di|jadi|menjadi|tempat|tempatnya|tanggal|hari|dan)\b[\s,:]*)+`)
)

// readShift reads another day, hour or place: "17 jun 13.00 Balai Desa", "jam 13", "Rumah Bu RT 03". What is not said stays.
func readShift(s string, starts time.Time, now time.Time) (at time.Time, place string) {
	rest := strings.TrimSpace(leadWords.ReplaceAllString(strings.TrimSpace(s), ""))
	at = starts
	take := func(shape *regexp.Regexp) bool {
		m := shape.FindStringSubmatchIndex(rest)
		if m == nil {
			return false
		}
		h, _ := strconv.Atoi(rest[m[2]:m[3]])
		minute := 0
		if len(m) > 4 {
			minute, _ = strconv.Atoi(rest[m[4]:m[5]])
		}
		at = time.Date(at.Year(), at.Month(), at.Day(), h, minute, 0, 0, at.Location())
		rest = strings.TrimSpace(rest[:m[0]] + " " + rest[m[1]:])
		return true
	}
	if !take(hourShape) {
		take(hourAlone)
	}
	if d, left, ok := bahasa.ReadDate(rest, now); ok {
		at = time.Date(d.Year(), d.Month(), d.Day(), at.Hour(), at.Minute(), 0, 0, at.Location())
		rest = left
	}
	place = strings.Trim(leadWords.ReplaceAllString(strings.TrimSpace(rest), ""), " .,;:-")
	return at, place
}

// mentorShift reads what a session shall be and asks whether that is right: many people hear of it.
func mentorShift(t *turn, v flows.Vars) (flows.Outcome, error) {
	x, ok, err := t.session(v, false)
	if err != nil || !ok {
		return flows.Outcome{Name: "none"}, err
	}
	vars := sessionVars(x)
	if !t.now.Before(x.Starts) {
		return outcome("over", vars)
	}
	said := str(v, "rest")
	if said == "" {
		said = str(v, "text")
	}
	vars["text"], vars["rest"] = nil, nil
	if strings.TrimSpace(said) == "" {
		return outcome("ask", vars)
	}
	at, place := readShift(said, x.Starts, t.now)
	hour, where := !at.Equal(x.Starts), place != "" && place != x.Place
	if !at.After(t.now) {
		return outcome("past", vars)
	}
	vars["n"], vars["starts"], vars["spot"] = told(x), at.Format(time.RFC3339), place
	vars["tgl2"], vars["jam2"] = text.Date(at), text.Clock(at)
	if where {
		vars["tujuan"] = text.Str(bahasa.FitName(place, newPlaceLength))
	}
	if !hour { // the place is nothing to those who will not come
		vars["n"] = text.Num(int64(x.Invited - x.Moved - x.No))
	}
	switch {
	case hour && where:
		return outcome("confirm", vars)
	case hour:
		return outcome("confirm_time", vars)
	case where:
		return outcome("confirm_place", vars)
	}
	return outcome("same", vars)
}

func mentorShifted(t *turn, v flows.Vars) (flows.Outcome, error) {
	starts, err := time.Parse(time.RFC3339, str(v, "starts"))
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("shift: %w", err)
	}
	x, ok, err := t.session(v, false)
	if err != nil {
		return flows.Outcome{}, err
	}
	if !ok || x.ID != integer(v, "session") || !t.now.Before(x.Starts) {
		return outcome("over", nil)
	}
	c, ok, err := acts.Shift(t.ctx, t.Tx, t.mentorBy(), x.ID, starts, str(v, "spot"))
	if err != nil {
		return flows.Outcome{}, err
	}
	if !ok {
		return outcome("taken", sessionVars(x))
	}
	vars := sessionVars(c.Session)
	vars["n"], vars["tujuan"] = text.Num(int64(c.Told)), text.Str(bahasa.FitName(c.Place, newPlaceLength))
	return outcome("shifted", vars)
}
