package bot

import (
	"fmt"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/bahasa"
)

// mentoringAttend is HADIR: with the code on the board she is there, without it she means the session that is on now, or
// says that she will come.
func mentoringAttend(t *turn, v flows.Vars) (flows.Outcome, error) {
	code := strings.Trim(str(v, "rest"), " .,!")
	if v["number"] != nil {
		code = fmt.Sprint(integer(v, "number"))
	}
	if code == "" || strings.Trim(code, "0123456789") != "" {
		return t.attendWithoutCode()
	}
	c, became, err := acts.CheckIn(t.ctx, t.Tx, t.by(), t.person(), code)
	if err != nil {
		return flows.Outcome{}, err
	}
	vars := flows.Vars{}
	if became != acts.CodeNone {
		vars = inviteVars(c.Invite)
	}
	switch became {
	case acts.CodeNone:
		return outcome("no_session", nil)
	case acts.CodeRight:
		vars["ke"], vars["dari"] = text.Num(int64(c.N)), text.Num(int64(max(c.N, c.Of)))
		if c.Homework == "" {
			return outcome("here_plain", vars)
		}
		vars["tugas"] = text.Quote(c.Homework)
	}
	return outcome(became, vars)
}

// checkInCode reads HADIR 731 before any open question does: an amount is never asked for with that word.
func checkInCode(s string) (code string, ok bool) {
	c := bahasa.ReadCommand(s)
	code = strings.Trim(c.Rest, " .,!")
	return code, c.Intent == bahasa.AttendYes && len(code) >= 2 && len(code) <= 4 && strings.Trim(code, "0123456789") == ""
}

// arriving is how long before a session a bare HADIR means that she is there.
const arriving = 30 * time.Minute

func (t *turn) attendWithoutCode() (flows.Outcome, error) {
	on, err := t.Attending(t.ctx, t.personID(), t.now)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("attend: %w", err)
	}
	for _, i := range on {
		if !i.Attended && sameDay(t.now, i.Starts) && t.now.After(i.Starts.Add(-arriving)) {
			return outcome("ask", inviteVars(i))
		}
	}
	return outcome("rsvp", nil)
}

// mentoringRate keeps whether the session was useful, and tells the next one.
func mentoringRate(t *turn, v flows.Vars) (flows.Outcome, error) {
	rating := 0
	if _, err := fmt.Sscan(str(v, "rating"), &rating); err != nil {
		return flows.Outcome{}, fmt.Errorf("rate: %w", err)
	}
	next, ok, err := acts.Rate(t.ctx, t.Tx, t.by(), t.person(), integer(v, "session"), rating)
	if err != nil || !ok {
		return flows.Outcome{Name: "last"}, err
	}
	return outcome("next", inviteVars(next))
}
