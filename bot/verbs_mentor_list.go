package bot

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// listLength is how many characters of names one message holds (namasesi in placeholders.yaml); a chat takes them all.
const listLength, listLengthChat = 118, 3000

// groups of a list in its order: before the session by answer, afterwards by who came.
var groups = []string{"hadir", "ya", "mungkin", "belum", "tidak"}

func groupOf(a prokus.Attendee, begun bool) string {
	switch {
	case a.Attended != nil && *a.Attended:
		return "hadir"
	case begun || a.RSVP == "":
		return "belum"
	}
	return a.RSVP
}

// mentorNames lists who is expected, or after the beginning who has come, each with the number that HADIR takes.
func mentorNames(t *turn, v flows.Vars) (flows.Outcome, error) {
	x, ok, err := t.session(v, false)
	if err == nil && !ok {
		x, ok, err = t.session(v, true)
	}
	if err != nil || !ok {
		return flows.Outcome{Name: "none"}, err
	}
	list, err := t.Attendees(t.ctx, x.ID)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("names: %w", err)
	}
	vars := sessionVars(x)
	if len(list) == 0 {
		return outcome("nobody", vars)
	}
	begun := !t.now.Before(x.Starts)
	slices.SortStableFunc(list, func(a, b prokus.Attendee) int {
		return slices.Index(groups, groupOf(a, begun)) - slices.Index(groups, groupOf(b, begun))
	})
	from := 0
	if str(v, "more") != "" {
		from = int(integer(v, "from"))
	}
	if from >= len(list) {
		from = 0
	}
	sep, room := " ", listLength
	if t.in.Via == channels.Telegram || t.in.Via == channels.WhatsApp {
		sep, room = "\n", listLengthChat
	}
	lines, shown := nameLines(list[from:], begun, sep, room)
	vars["namasesi"], vars["from"] = text.ListBy(sep, lines...), from+shown
	vars["lain"] = text.Num(int64(len(list) - from - shown))
	if from+shown < len(list) {
		return outcome("more", vars)
	}
	return outcome("all", vars)
}

// headingLength is the longest heading of a group with its marks.
const headingLength = 14

// nameLines are the names that fit, a line a group, and how many they are.
func nameLines(list []prokus.Attendee, begun bool, sep string, room int) (lines []text.Arg, shown int) {
	group := ""
	var names []text.Arg
	flush := func() {
		if len(names) > 0 {
			lines = append(lines, text.Key("mentor.group."+group, text.Args{"isi": text.ListBy(sep, names...)}))
		}
		names = nil
	}
	for _, a := range list {
		name := bahasa.FitName(bahasa.Plain(a.First()), shortest)
		need := len(strconv.Itoa(a.Number)) + len(name) + 2
		g := groupOf(a, begun)
		if g != group {
			need += headingLength
		}
		if need > room {
			break
		}
		if g != group {
			flush()
			group = g
		}
		room -= need
		shown++
		names = append(names, text.Key("mentor.name", text.Args{"nomor": text.Num(int64(a.Number)), "singkat": text.Str(name)}))
	}
	flush()
	return lines, shown
}

var (
	digits     = regexp.MustCompile(`[0-9]+`)
	listNumber = regexp.MustCompile(`[0-9]+(?:\s*(?:-|sampai|sd)\s*[0-9]+)?`)
	listWords  = regexp.MustCompile(`\b(hadir|datang|yang|yg|nomor|no|dan|sama|juga|semua|smua|semuanya|lengkap|kecuali|kcuali|selain|sampai|sd|kemarin|tadi|hari ini|bu|pak|ya)\b`)
	allBut     = regexp.MustCompile(`\b(kecuali|selain|kcuali)\b`)
	allWord    = regexp.MustCompile(`\b(semua|smua|semuanya|lengkap)\b`)
)

// readList reads who came: "1 3 5", "1-4, 7", "semua", "semua kecuali 2 9". ok is false when it says neither.
func readList(s string) (came func(int) bool, named []int, ok bool) {
	s = strings.ToLower(bahasa.Normalise(s))
	if strings.Trim(listWords.ReplaceAllString(s, ""), " 0123456789.,;:&+-/()") != "" {
		return nil, nil, false // "kemarin 10 orang" names nobody
	}
	for _, m := range listNumber.FindAllString(s, -1) {
		ends := digits.FindAllString(m, 2)
		from, err := strconv.Atoi(ends[0])
		to, err2 := strconv.Atoi(ends[len(ends)-1])
		if err != nil || err2 != nil || from < 1 || to < from || to-from > 200 || to > 1000 {
			return nil, nil, false
		}
		for n := from; n <= to; n++ {
			named = append(named, n)
		}
	}
	in := func(n int) bool { return slices.Contains(named, n) }
	switch all := allWord.MatchString(s); {
	case all && allBut.MatchString(s) && len(named) > 0:
		return func(n int) bool { return !in(n) }, named, true
	case all && len(named) == 0:
		return func(int) bool { return true }, nil, true
	case all || len(named) == 0 || allBut.MatchString(s):
		return nil, nil, false
	}
	return in, named, true
}

// mentorAttendance keeps who came to the session that has just been.
func mentorAttendance(t *turn, v flows.Vars) (flows.Outcome, error) {
	x, ok, err := t.session(v, true)
	if err != nil {
		return flows.Outcome{}, err
	}
	if !ok {
		if x, ok, err = t.session(v, false); err != nil || !ok {
			return flows.Outcome{Name: "none"}, err
		}
		return outcome("early", sessionVars(x))
	}
	said := str(v, "rest")
	if said == "" {
		said = str(v, "text")
	}
	vars := sessionVars(x)
	vars["rest"], vars["text"] = nil, nil // said: what comes next is another message
	came, named, ok := readList(said)
	if !ok {
		return outcome("unread", vars)
	}
	r, err := acts.Attendance(t.ctx, t.Tx, t.mentorBy(), x.ID, came, named)
	if err != nil {
		return flows.Outcome{}, err
	}
	if len(r.Unknown) > 0 {
		vars["nomor"] = text.Num(int64(r.Unknown[0]))
		return outcome("unknown", vars)
	}
	vars["x"], vars["y"] = text.Num(int64(r.Came)), text.Num(int64(r.Absent))
	return outcome("recorded", vars)
}

// homeworkLength is what of it the reminder holds (tugas in placeholders.yaml).
const homeworkLength = 38

// mentorHomework keeps the homework of the session that is or was, else of the next.
func mentorHomework(t *turn, v flows.Vars) (flows.Outcome, error) {
	x, ok, err := t.session(v, true)
	if err == nil && !ok {
		x, ok, err = t.session(v, false)
	}
	if err != nil || !ok {
		return flows.Outcome{Name: "none"}, err
	}
	words := strings.TrimSpace(str(v, "rest"))
	if words == "" {
		words = strings.TrimSpace(str(v, "text"))
	}
	if words == "" {
		return outcome("ask", sessionVars(x))
	}
	if x, err = acts.Homework(t.ctx, t.Tx, t.mentorBy(), x.ID, bahasa.FitName(words, homeworkLength)); err != nil {
		if errors.Is(err, acts.ErrNotHeld) {
			return outcome("none", nil)
		}
		return flows.Outcome{}, err
	}
	vars := sessionVars(x)
	vars["rest"], vars["text"] = nil, nil
	vars["tugas"] = text.Quote(x.Homework)
	return outcome("noted", vars)
}
