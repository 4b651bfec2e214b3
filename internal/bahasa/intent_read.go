package bahasa

import (
	"strings"
)

// ReadIntent reads a message without context, as `kabar parse intent` prints it:
// the names of the labelled data, or NONE. The order is that of R04: stop and
// start, then safety, then phrases and rules.
func ReadIntent(s string) IntentReading {
	text := Normalise(head(s, maxBytes))
	r := IntentReading{Intent: None}
	if text == "0#" {
		return IntentReading{Intent: Menu, Sure: true}
	}
	if text == "" || !strings.ContainsFunc(text, func(c rune) bool { return c < 0x80 && isAlnum(byte(c)) }) {
		return readSigns(s, text)
	}
	if text[0] == '?' && len(text) < 8 {
		return IntentReading{Intent: Menu, Sure: true} // "? bu"
	}
	if IsStop(s) {
		return IntentReading{Intent: Stop, Sure: true, Lang: langOf(text)}
	}
	sp := speechData()
	ws := sp.read(text)
	if len(sp.core(ws)) == 0 && strings.ContainsAny(s, thankful) {
		return IntentReading{Intent: Thanks, Sure: true} // "🙏 bu"
	}
	r.Lang = langOf(text)
	key := strings.Join(ws, " ")
	if it, ok := sp.phrases[key]; ok {
		r.Intent, r.Sure = it, true
	} else if IsStart(s) {
		r.Intent, r.Sure = Start, true
	} else {
		sp.understand(ws, &r)
	}
	switch r.Intent {
	case Closed, Sick, NotStop, NoSales:
		r.Reason = sp.reason(ws, r.Intent)
	}
	if c, ok := leading(ws); ok && !c.alone {
		r.Rest = restAfter(s, c.words)
		if r.Intent == None && !c.is.own() {
			r.Intent = c.is // "jual 350rb"
		}
	}
	return r
}

// understand reads a message that is no listed phrase.
func (sp *speech) understand(ws []string, r *IntentReading) {
	var buf [24]word
	m := matcher{speech: sp, w: sp.concepts(ws, true, buf[:0])}
	if it := sp.danger(ws, &m); it != None {
		r.Intent = it
		return
	}
	if sp.courteous(ws, r) {
		return
	}
	// Titles first, all politeness then: "sore saja bu" is no greeting.
	for _, less := range [...][]string{untitled(ws), sp.core(ws)} {
		if len(less) == 0 || len(less) == len(ws) {
			continue
		}
		if it, ok := sp.phrase(less); ok {
			r.Intent, r.Sure = it, true
			return
		}
	}
	if it, ok := sp.cores[strings.Join(ws, " ")]; ok {
		r.Intent, r.Sure = it, true
		return
	}
	// "siap bu rina": a name after a title is no part of the phrase.
	if it, ok := sp.withoutName(ws); ok {
		r.Intent, r.Sure = it, true
		return
	}
	if it := m.allOf(); it != None {
		r.Intent, r.Sure = it, true
		return
	}
	best, top := m.best(0)
	if hasJoined(m.w) {
		var loose [24]word
		m.w = sp.concepts(ws, false, loose[:0])
		if it, n := m.best(top); n > top {
			best = it
		}
	}
	r.Intent = best
	if r.Intent == None {
		r.Intent = m.led()
	}
	if r.Intent == None && m.accuses() {
		r.Intent = Complaint
	}
}

// accuses reports whether a message that nothing else explains speaks of an
// officer and of a card or the grant: rather read by the desk of complaints than
// by the officer it may be about.
func (m *matcher) accuses() bool {
	staff, thing := false, false
	for _, w := range m.w {
		switch {
		case w.is.has(m.sell), w.is.has(m.report), w.is.has(m.neutral):
			return false
		case w.is.has(m.staff):
			staff = true
		case w.is.has(m.card), w.is.has(m.grant) && w.text != "bantuan":
			thing = true
		}
	}
	return staff && thing
}

// safety returns the first safety rule that holds.
func (m *matcher) safety() Intent {
	for i := range m.rules {
		if r := &m.rules[i]; r.safety && m.score(r) > 0 {
			return r.intent
		}
	}
	return None
}

// best returns the intent of the rule that explains the most words, when they
// are more than top, and how many;
// a rule that goes first counts for a hundred.
func (m *matcher) best(top int) (Intent, int) {
	it := None
	for i := range m.rules {
		if r := &m.rules[i]; !r.safety {
			n := m.score(r)
			if n > 0 && r.first {
				n += 100
			}
			if n > top {
				it, top = r.intent, n
			}
		}
	}
	return it, top
}

func hasJoined(ws []word) bool {
	for _, w := range ws {
		if w.n > 1 {
			return true
		}
	}
	return false
}

// allOf reads a message that holds only words of one kind: agreement, denial, a
// greeting, thanks. Thanks and "tidak apa-apa" may carry the others with them.
func (m *matcher) allOf() Intent {
	yes, no, hi, thank, fine := true, true, true, true, true
	thanks, fines, n := 0, 0, 0
	for _, w := range m.w {
		y, t, f := w.is.has(m.yes), w.is.has(m.thank), w.is.has(m.fine)
		if (w.is.has(m.fill) || w.is.has(m.me)) && !y {
			continue
		}
		n++
		yes, no, hi = yes && y, no && w.is.has(m.no), hi && w.is.has(m.hi)
		thank = thank && (y || t || f || w.is.has(m.hi))
		fine = fine && (y || f)
		if t {
			thanks++
		}
		if f {
			fines++
		}
	}
	switch {
	case n == 0:
	case yes:
		return Yes
	case no:
		return No
	case hi:
		return Greeting
	case fine && fines > 0:
		return NotNo
	case thank && thanks > 0:
		return Thanks
	}
	return None
}

// led reads a message that begins with a clear yes or no, when nothing else in
// it is known: "siap gerak".
func (m *matcher) led() Intent {
	if len(m.w) == 0 || len(m.w) > 4 {
		return None
	}
	for _, w := range m.w[1:] {
		if len(w.is) > 0 && !w.is.has(m.fill) && !w.is.has(m.all) {
			return None
		}
	}
	switch m.w[0].text {
	case "ya", "oke", "siap", "baik", "setuju", "benar", "nggih", "inggih", "muhun", "iyo", "boleh", "mangga", "monggo", "sip", "leres":
		return Yes
	case "tidak", "ora", "mboten", "henteu", "moal", "emoh", "alim", "embung", "ogah", "jangan":
		return No
	}
	return None
}

// withoutName drops an unknown word behind a title and tries the phrase again.
func (sp *speech) withoutName(ws []string) (Intent, bool) {
	out := make([]string, 0, len(ws))
	cut := false
	for i, w := range ws {
		if i > 0 && !sp.lex.knows(w) && title(ws[i-1]) {
			if i > 1 && notMe(ws[i-2]) {
				return None, false // "bukan pak budi" is about the name
			}
			cut = true
			continue
		}
		out = append(out, w)
	}
	if !cut {
		return None, false
	}
	if it, ok := sp.phrase(out); ok {
		return it, true
	}
	if core := sp.core(out); len(core) > 0 {
		return sp.phrase(core)
	}
	return None, false
}

// notMe are the words that deny a name.
func notMe(w string) bool {
	switch w {
	case "bukan", "dudu", "sanes", "lain", "dede":
		return true
	}
	return false
}

func untitled(ws []string) []string {
	out := make([]string, 0, len(ws))
	for _, w := range ws {
		if !title(w) {
			out = append(out, w)
		}
	}
	return out
}

func title(w string) bool {
	switch w {
	case "ibu", "pak", "bu", "bapak", "mbak", "mas", "kak", "kang", "teh", "neng", "mbah", "bang", "tante", "om":
		return true
	}
	return false
}

// thankful are the signs that say thanks.
const thankful = "🙏👍👌❤😊😁🙂💪👏☺😀😃😄😍🤝🤲🥰♥🌹"

// readSigns reads a message of signs only: ? asks for the menu, a thumb or
// folded hands are thanks.
func readSigns(raw, text string) IntentReading {
	switch {
	case strings.ContainsAny(text, "?"), strings.ContainsAny(text, "#*"):
		return IntentReading{Intent: Menu, Sure: true}
	case strings.ContainsAny(raw, thankful):
		return IntentReading{Intent: Thanks, Sure: true}
	case strings.ContainsAny(raw, "✅✔☑"):
		return IntentReading{Intent: Yes, Sure: true}
	case strings.ContainsAny(raw, "❌✖👎"):
		return IntentReading{Intent: No, Sure: true}
	}
	return IntentReading{Intent: None}
}

// Safety finds violence, disaster, a death or a complaint about an officer in a
// message; None when there is nothing of the kind (R04). Words of our own
// questions ("belum dipotong modal") are no complaint.
func Safety(s string) Intent {
	sp := speechData()
	ws := sp.read(Normalise(head(s, maxBytes)))
	switch it := sp.phrases[strings.Join(ws, " ")]; it {
	case Violence, Complaint, Disaster, Bereaved:
		return it
	case "":
	default:
		return None
	}
	var buf [24]word
	m := matcher{speech: sp, w: sp.concepts(ws, true, buf[:0])}
	return sp.danger(ws, &m)
}

// danger looks for a safety rule in the words as they join, and as they stand
// alone, because a joined phrase must not hide one ("uang saya dipotong").
func (sp *speech) danger(ws []string, m *matcher) Intent {
	if it := m.safety(); it != None {
		return it
	}
	if !hasJoined(m.w) {
		return None
	}
	var buf [24]word
	alone := matcher{speech: sp, w: sp.concepts(ws, false, buf[:0])}
	return alone.safety()
}

// reason says why there was no trade, in the words of the weekly question's
// reasons: sakit, hajatan, modal, sepi, libur or lainnya.
func (sp *speech) reason(ws []string, it Intent) string {
	var buf [24]word
	found := map[string]bool{}
	for _, w := range sp.concepts(ws, true, buf[:0]) {
		for _, c := range w.is {
			found[sp.lex.names[c]] = true
		}
	}
	switch {
	case it == Sick || found["SICK"]:
		return "sakit"
	case found["HAPPYDAY"]:
		return "hajatan"
	case found["CAPITAL"] && !found["OFF"] || found["TOOL"] && found["BROKEN"] || found["BROKEN"]:
		if it == NoSales && !found["OUT"] && !found["BROKEN"] {
			return ""
		}
		return "modal"
	case found["QUIET"]:
		return "sepi"
	case found["OFF"], found["AWAY"], found["HARVEST"], found["FAST"], it == Closed && (found["OPEN"] || found["NEG"] && found["SELL"]):
		return "libur" // "belum buka warung"
	case it == NoSales || it == NotStop:
		return ""
	}
	return "lainnya"
}
