package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// read reads a message, and one that waited until we knew whose it is.
func (t *turn) read() error {
	for range 3 { // a number that proved itself may be shared, and ask for a letter next
		if err := t.readText(); err != nil || t.resume == "" {
			return err
		}
		t.text, t.resume = t.resume, ""
	}
	return nil
}

// readText reads a message in the order of R04: STOP and MULAI as the whole message; safety words; an answer that an open
// question offers; a keyword; an amount; and at last what could not be read.
func (t *turn) readText() error {
	s := strings.TrimSpace(t.text)
	if cmd, ok := strings.CutPrefix(s, "/"); ok {
		return t.readSlash(cmd)
	}
	if done, err := t.readNotMe(s); done || err != nil {
		return err
	}
	if len(t.who.shared) > 0 && t.who.staff == nil && (t.who.person == nil || s == "") {
		return t.readShared()
	}
	if t.who.role == roleTKSK || t.who.role == roleMentor || t.who.role == roleCoordinator {
		if done, err := t.readStaff(s); done || err != nil {
			return err
		}
	}
	if bahasa.IsStop(s) {
		return t.route("STOP", flows.Vars{})
	}
	places, err := t.openPlaces()
	if err != nil {
		return err
	}
	if done, err := t.readOffer(s, places); done || err != nil { // IKUT is MULAI only where no message offered it
		return err
	}
	if bahasa.IsStart(s) {
		return t.route("START", flows.Vars{})
	}
	if t.masked {
		if _, ok := t.Book.Route(t.who.role, "NIK"); ok {
			return t.route("NIK", flows.Vars{})
		}
	}
	if code, ok := checkInCode(s); ok && t.who.role == roleBeneficiary {
		return t.route(string(bahasa.AttendYes), flows.Vars{"rest": code})
	}
	if done, err := t.exact(s, places); done || err != nil {
		return err
	}
	if affects(s) {
		return t.route("AFFECTS", flows.Vars{})
	}
	if in := bahasa.Safety(s); in != bahasa.None {
		return t.route(string(in), flows.Vars{"said": s})
	}
	if word, ok := t.readKeyboard(s); ok {
		return t.route(word, flows.Vars{})
	}
	if code, ok := registers(s); ok { // six digits after DAFTAR are a code, whatever is being asked
		return t.route(string(bahasa.Register), flows.Vars{"said": s, "rest": code})
	}
	if done, err := t.toBroadcast(s, places, true); done || err != nil {
		return err
	}
	for i := range places {
		a, ok := t.answer(places[i], s)
		if !ok {
			continue
		}
		done, err := t.give(&places[i], a)
		if done || err != nil {
			return err
		}
	}
	return t.readKeyword(s, places)
}

// give hands an answer to an open question. done is false when the question has gone from the flows meanwhile: it closes,
// and the message is read on.
func (t *turn) give(p *Place, a flows.Answer) (done bool, err error) {
	t.intent = "ANSWER:" + p.Ref
	t.aside = p.Owner == numberOwner(t.in.From)
	res, err := t.Book.Answer(p.Ref, p.Options, p.Vars, a, t.do)
	if errors.Is(err, flows.ErrNoStep) || errors.Is(err, flows.ErrNotOffered) {
		return false, t.ClosePlace(t.ctx, p.ID)
	}
	if err != nil {
		return false, fmt.Errorf("answer at %s: %w", p.Ref, err)
	}
	return true, t.say(res, p)
}

// answer reads a text as what an open question expects.
func (t *turn) answer(p Place, s string) (flows.Answer, bool) {
	if key, ok := option(p.Options, s, string(t.in.Via)); ok {
		return flows.Answer{Option: key, Text: s}, true
	}
	for _, kind := range p.Typed {
		if c := bahasa.ReadCommand(s); kind == "amount" && (c.Intent == bahasa.NotStop || c.Intent == bahasa.Leave && c.Rest != "") {
			continue // "stop jualan dulu" and CUTI 2 minggu are no figures
		}
		if kind == "amount" && callsForHelp(s) {
			continue // a trouble is told, not a figure (R04)
		}
		if kind == "amount" && isCorrection(s) && !strings.HasPrefix(p.Ref, "correct#") {
			continue // UBAH 570rb changes the last report, it never answers (decisions.md)
		}
		if v, ok := typed(kind, s, t); ok {
			return flows.Answer{Kind: kind, Value: v, Text: s}, true
		}
	}
	return flows.Answer{}, false
}

// callsForHelp says whether a message tells a trouble rather than a figure: it may mean no sales, but nothing in it says how
// much, and a word in it starts something of its own.
func callsForHelp(s string) bool {
	a := bahasa.ReadAmountAsked(s)
	if a.Verdict != bahasa.Ask || len(a.Candidates) == 0 || a.Candidates[0] != 0 {
		return false
	}
	for _, in := range []bahasa.Intent{bahasa.ReadCommand(s).Intent, bahasa.ReadIntent(s).Intent} {
		switch in {
		case bahasa.Help, bahasa.CallMe, bahasa.Visit, bahasa.Sick, bahasa.Closed, bahasa.NoSales:
			return true
		}
	}
	return false
}

// isCorrection says whether a message is UBAH with a figure.
func isCorrection(s string) bool {
	c := bahasa.ReadCommand(s)
	return c.Intent == bahasa.Correct && c.Rest != "" && tellsAmount(bahasa.ReadAmount(c.Rest))
}

// registers reads DAFTAR with a code.
func registers(s string) (code string, ok bool) {
	c := bahasa.ReadCommand(s)
	if c.Intent != bahasa.Register {
		return "", false
	}
	_, v := bahasa.ReadCode(c.Rest)
	return c.Rest, v != bahasa.Ask
}

// option finds the choice that a text names: its digit or letter, a word that means it, or yes and no.
func option(options []flows.Option, s, via string) (string, bool) {
	norm := strings.Trim(bahasa.Normalise(s), " .,!?")
	for _, o := range options {
		if !o.On(via) {
			continue
		}
		switch o.Key {
		case "yes", "no":
			if yes, ok := bahasa.ReadYesNo(s); ok && yes == (o.Key == "yes") {
				return o.Key, true
			}
		default:
			if strings.EqualFold(norm, o.Key) {
				return o.Key, true
			}
		}
	}
	reading := bahasa.ReadIntent(s)
	command := bahasa.ReadCommand(s)
	for _, o := range options {
		if !o.On(via) {
			continue
		}
		for _, is := range o.Is {
			if reading.Rest == "" && string(reading.Intent) == is || command.Rest == "" && string(command.Intent) == is {
				return o.Key, true
			}
		}
	}
	return "", false
}

// typed reads a text as one kind of answer. Values are plain JSON: they live in the place between two messages.
func typed(kind, s string, t *turn) (any, bool) {
	switch kind {
	case "amount":
		a := bahasa.ReadAmountAsked(s)
		if !tellsAmount(a) && (a.Kind != bahasa.KindSame || asksElse(s)) {
			return nil, false
		}
		return amountVar(a), true
	case "code":
		code, v := bahasa.ReadCode(s)
		return code, v != bahasa.Ask && code != ""
	case "year":
		y, ok := bahasa.ReadYear(s)
		return y, ok
	case "days", "number":
		key, ok := number(s)
		return key, ok
	case "phone":
		p, v := bahasa.ReadPhone(s)
		return p, v == bahasa.Value
	case "date":
		d, _, ok := bahasa.ReadDate(s, t.now)
		return d.Format("2006-01-02"), ok
	case "week":
		m, _, ok := bahasa.ReadWeekRef(s, t.now)
		return prokus.WeekOf(m).String(), ok
	case "text":
		if c := bahasa.ReadCommand(s); c.Intent != bahasa.None && (c.Sure || len(words(s)) == 1) {
			return nil, false // a keyword alone is never somebody's story
		}
		return s, s != ""
	}
	return nil, false
}

// asksElse says whether a message with "sama" in it asks for something of its own: "kapan cair sama jadwal kapan" is no figure
// like last week's.
func asksElse(s string) bool {
	switch bahasa.ReadIntent(s).Intent {
	case bahasa.None, bahasa.Thanks, bahasa.Greeting, bahasa.Report, bahasa.Maybe:
		return false
	}
	return true
}

// tellsAmount says whether a reading answers an amount question: it holds a figure, zero sales, or something that we have a
// question for. What holds none of these is free text.
func tellsAmount(a bahasa.Amount) bool {
	switch a.Verdict {
	case bahasa.Value:
		return true
	case bahasa.Ask:
		return len(a.Candidates) > 0 || a.Low2 > 0 || a.Kind == bahasa.KindTooBig
	}
	return false
}

func number(s string) (int, bool) {
	n := 0
	w := strings.Trim(bahasa.Normalise(s), " .!")
	w = strings.TrimSpace(strings.TrimSuffix(w, "hari"))
	if w == "" || len(w) > 3 {
		return 0, false
	}
	for _, r := range w {
		if r < '0' || r > '9' {
			return 0, false
		}
		n = n*10 + int(r-'0')
	}
	return n, true
}

// amountVar keeps a reading in a flow's variables.
func amountVar(a bahasa.Amount) any {
	b, err := json.Marshal(a)
	if err != nil {
		return nil // a struct of numbers and strings always marshals
	}
	var v any
	_ = json.Unmarshal(b, &v)
	return v
}

// readKeyword reads what no open question wanted: a word that starts something, an amount without a question, else what
// could not be read.
func (t *turn) readKeyword(s string, places []Place) error {
	c := bahasa.ReadCommand(s)
	in := bahasa.ReadIntent(s)
	word := c.Intent
	if word == bahasa.None {
		word = in.Intent
	}
	if t.who.role == roleUnknown { // a code alone is read like DAFTAR, and no number is an amount
		if _, v := bahasa.ReadCode(s); v != bahasa.Ask {
			return t.route(string(bahasa.Register), flows.Vars{"code": s})
		}
	}
	amount := bahasa.ReadAmount(s)
	if t.who.role == roleUnknown || t.who.role == roleDoubted {
		amount = bahasa.Amount{}
	}
	vars := flows.Vars{"said": s, "reason": in.Reason}
	if c.Intent != bahasa.None && c.Rest != "" {
		vars["rest"] = c.Rest
	}
	if tellsAmount(amount) {
		vars["amount"] = amountVar(amount)
	}
	if key := strings.Trim(bahasa.Normalise(s), " .,!?)"); t.who.role == roleBeneficiary && len(key) == 1 && key[0] >= '1' && key[0] <= '9' {
		return t.route("DIGIT", vars) // an answer to a question that is over, and no figure of a week
	}
	// LAPOR 750rb is a report, UBAH 570rb a correction; a figure inside any other word's message belongs to that word.
	switch {
	case t.in.Kind == channels.Edit && tellsAmount(amount) && (word == bahasa.None || word == bahasa.Report) && t.who.role == roleBeneficiary:
		return t.route(string(bahasa.Correct), vars) // an edited figure is a correction, no second report (faults.md E9)
	case word == bahasa.Report && tellsAmount(amount), word == bahasa.None && tellsAmount(amount):
		if amount.Verdict == bahasa.Value || word == bahasa.Report {
			return t.route("AMOUNT", vars)
		}
	case saysWhen(word) && amount.Verdict == bahasa.Value && amount.Rupiah > 0: // "telat bu 300rb"
		return t.route("AMOUNT", vars)
	case word == bahasa.Sick && amount.Verdict == bahasa.Value, (word == bahasa.NoSales || word == bahasa.Closed) && tellsAmount(amount):
		return t.route("AMOUNT", vars)
	}
	if word == bahasa.Cancel && c.Rest == "" {
		if done, err := t.leave(places); done || err != nil {
			return err
		}
	}
	// "alhamdulillah lumayan" under an open question is an answer that we could not read, not thanks.
	// So is "don't know": it says something about a session only where a session was asked for.
	polite := (word == bahasa.Thanks || word == bahasa.Greeting) && !in.Sure || word == bahasa.Maybe
	if polite && t.in.Kind == channels.Text && len(words(s)) > 2 {
		if done, err := t.toBroadcast(s, places, false); done || err != nil {
			return err
		}
	}
	if polite {
		if done, err := t.orElse(places); done || err != nil {
			return err
		}
	}
	if _, ok := t.Book.Route(t.who.role, string(word)); ok && word != bahasa.None {
		return t.route(string(word), vars)
	}
	if tellsAmount(amount) {
		return t.route("AMOUNT", vars)
	}
	if t.in.Kind == channels.Text {
		if done, err := t.toBroadcast(s, places, false); done || err != nil {
			return err
		}
	}
	if done, err := t.orElse(places); done || err != nil {
		return err
	}
	if t.in.Kind == channels.Edit {
		return nil // an edit that we cannot read changes nothing
	}
	return t.route("NONE", vars)
}

// saysWhen says whether a word is about time, and so stands beside a figure without making it something else.
func saysWhen(word bahasa.Intent) bool {
	return word == bahasa.Later || word == bahasa.Maybe || word == bahasa.AttendNo || word == bahasa.AttendYes
}

// orElse goes where the newest open question sends a message that it cannot read.
func (t *turn) orElse(places []Place) (done bool, err error) {
	for i := range places {
		res, ok, err := t.Book.Else(places[i].Ref, places[i].Vars, t.do)
		if err != nil {
			return false, fmt.Errorf("else: %w", err)
		}
		if ok {
			t.intent = "UNREAD:" + places[i].Ref
			return true, t.say(res, &places[i])
		}
	}
	return false, nil
}
