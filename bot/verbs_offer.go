package bot

import (
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// The rules for what people answer to broadcasts (J9-SMS-01, R25).
func offerVerbs() []verb {
	return []verb{
		{flows.Verb{
			Name: "offer.join", Outcomes: []string{"joined", "waiting", "already", "already_waiting", "closed", "gone"},
			Gives: []string{"acara", "lapak", "urut", "kursi", "tgl"},
		}, offerJoin},
		{flows.Verb{Name: "offer.leave", Outcomes: []string{"left", "declined", "gone"}, Gives: []string{"acara"}}, offerLeave},
		{flows.Verb{Name: "offer.cancel", Outcomes: []string{"left", "none"}, Gives: []string{"acara"}}, offerCancel},
		{flows.Verb{Name: "reply.keep", Outcomes: []string{"kept", "added"}, Gives: []string{"unit", "tgl"}, Says: []string{"reply.unit.*"}}, replyKeep},
	}
}

// offerOf is the offer that a button or question names, else the newest.
func (t *turn) offerOf(v flows.Vars) (prokus.Offer, bool, error) {
	return t.OfferTo(t.ctx, t.personID(), t.in.From, integer(v, "broadcast"), t.now)
}

func offerJoin(t *turn, v flows.Vars) (flows.Outcome, error) {
	o, ok, err := t.offerOf(v)
	if err != nil || !ok {
		return flows.Outcome{Name: "gone"}, err
	}
	vars := flows.Vars{"acara": text.Str(o.Event), "lapak": text.Str(o.Place), "kursi": text.Str(fmt.Sprint(o.Seats)), "tgl": text.Date(o.LastDay)}
	seat, err := t.SeatOf(t.ctx, o.Broadcast, t.personID())
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("join: %w", err)
	}
	if seat.Number == 0 && seat.Waiting == 0 {
		if o.Closed(t.now) {
			return outcome("closed", vars)
		}
		if seat, err = acts.Join(t.ctx, t.Tx, t.by(), t.person(), o); err != nil {
			return flows.Outcome{}, err
		}
	}
	name := map[bool]string{true: "joined", false: "already"}[seat.Fresh]
	n := seat.Number
	if seat.Waiting > 0 {
		name, n = map[bool]string{true: "waiting", false: "already_waiting"}[seat.Fresh], seat.Waiting
	}
	vars["urut"] = text.Str(fmt.Sprint(n))
	return outcome(name, vars)
}

// offerLeave is BATAL IKUT, and no to the offer.
func offerLeave(t *turn, v flows.Vars) (flows.Outcome, error) {
	o, ok, err := t.offerOf(v)
	if err != nil || !ok {
		return flows.Outcome{Name: "gone"}, err
	}
	left, err := acts.Withdraw(t.ctx, t.Tx, t.by(), o.Broadcast, t.personID())
	if err != nil {
		return flows.Outcome{}, err
	}
	name := "declined"
	if left {
		name = "left"
	}
	return outcome(name, flows.Vars{"acara": text.Str(o.Event)})
}

// cancelFor is how long BATAL takes back what was done last (decisions.md).
const cancelFor = 48 * time.Hour

// offerCancel is BATAL with nothing open: it gives up a seat if taking that was the last thing she did.
func offerCancel(t *turn, _ flows.Vars) (flows.Outcome, error) {
	broadcast, at, ok, err := t.LastSeat(t.ctx, t.personID(), t.now.Add(-cancelFor))
	if err != nil || !ok {
		return flows.Outcome{Name: "none"}, err
	}
	if c, reported, err := t.LastChange(t.ctx, t.personID()); err != nil {
		return flows.Outcome{}, fmt.Errorf("cancel: %w", err)
	} else if reported && c.At.After(at) {
		return outcome("none", nil)
	}
	return offerLeave(t, flows.Vars{"broadcast": broadcast})
}

// replyKeep gives her words to the unit that sent the newest broadcast.
func replyKeep(t *turn, _ flows.Vars) (flows.Outcome, error) {
	told, ok, err := t.LastTold(t.ctx, t.personID(), t.in.From, t.now)
	if err != nil || !ok {
		return flows.Outcome{}, fmt.Errorf("reply: broadcast found %t: %w", ok, err)
	}
	due, fresh, err := acts.Reply(t.ctx, t.Tx, t.by(), t.person(), told)
	if err != nil {
		return flows.Outcome{}, err
	}
	name := "added"
	if fresh {
		name = "kept"
	}
	return outcome(name, flows.Vars{"unit": unitOf(told), "tgl": text.Date(due.In(t.now.Location()))})
}

// unitOf names the office that sent a broadcast.
func unitOf(t prokus.Told) text.Arg {
	if t.AreaName == "" {
		return text.Key("reply.unit.nation", nil)
	}
	return text.Key("reply.unit.district", text.Args{"kabupaten": text.Str(bahasa.FitName(t.AreaName, 16))})
}
