package bahasa

import (
	_ "embed"
	"slices"
	"strings"
)

//go:embed data/rules.txt
var rulesText string

// rule is one line of rules.txt.
type rule struct {
	intent Intent
	parts  []rulePart
	not    []uint16 // concepts that must not occur
	whole  bool     // must explain the whole message
	denied bool     // holds also behind a denial
	safety bool     // stands among the first four intents
	first  bool     // goes before every rule without it
	any    bool     // its parts may stand in any order and anywhere
}

type rulePart struct {
	class    uint16
	literal  string // instead of a class
	gap      bool   // up to three words before it
	optional bool
	notNext  bool // must not follow
	name     bool // an unknown word: somebody's name, or a message cut short
	person   bool // an unknown word that is in no list: a name
	sum      bool // a figure or a number word
	end      bool // nothing but politeness may follow
}

// parseRules compiles rules.txt; a word in lower case stands for itself.
func (sp *speech) parseRules(text string) []rule {
	var out []rule
	var intent Intent
	safety := true
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if line[0] == '[' {
			intent = Intent(strings.Trim(line, "[]"))
			safety = safety && (intent == Violence || intent == Complaint || intent == Bereaved || intent == Disaster)
			continue
		}
		r := rule{intent: intent, safety: safety}
		if rest, ok := strings.CutPrefix(line, "="); ok {
			r.whole, line = true, rest
		}
		if rest, ok := strings.CutPrefix(line, "+"); ok {
			r.first, line = true, rest
		}
		if rest, ok := strings.CutPrefix(line, "~"); ok {
			r.any, line = true, rest
		}
		if rest, ok := strings.CutPrefix(line, "!"); ok {
			r.denied, line = true, rest
		}
		gap := false
		for _, f := range strings.Fields(line) {
			if f == ".." {
				gap = true
				continue
			}
			p := rulePart{gap: gap}
			gap = false
			if rest, ok := strings.CutPrefix(f, "-"); ok {
				r.not = append(r.not, sp.lex.class(rest))
				continue
			}
			if rest, ok := strings.CutPrefix(f, "^"); ok {
				p.notNext, f = true, rest
			}
			if rest, ok := strings.CutSuffix(f, "?"); ok {
				p.optional, f = true, rest
			}
			switch {
			case f == "$":
				p.end = true
			case f == "NAME":
				p.name = true
			case f == "PERSON":
				p.person = true
			case f == "SUM":
				p.sum = true
			case f[0] >= 'A' && f[0] <= 'Z' && f != "NIK":
				p.class = sp.lex.class(f)
			default:
				p.literal = spell(strings.ToLower(f))
				sp.lex.parts[p.literal] = struct{}{}
			}
			r.parts = append(r.parts, p)
		}
		out = append(out, r)
	}
	return out
}

func (p rulePart) fits(w word) bool {
	switch {
	case p.name:
		return len(w.is) == 0 && !onlyDigits(w.text)
	case p.person:
		return len(w.is) == 0 && !w.common && !onlyDigits(w.text) && !isNumber(w.text)
	case p.sum:
		return w.text != "" && isDigit(w.text[0]) || isNumber(w.text)
	case p.literal != "":
		return w.text == p.literal
	}
	return w.is.has(p.class)
}

// matcher tries rules on the words of one message.
type matcher struct {
	*speech
	w    []word
	used [16]int // the words that the parts took
}

// score returns how many words a rule explains; 0 when it does not hold.
func (m *matcher) score(r *rule) int {
	for _, c := range r.not {
		for _, w := range m.w {
			if w.is.has(c) {
				return 0
			}
		}
	}
	if r.any {
		return m.scattered(r)
	}
	best := 0
	for i := range m.w {
		if !r.parts[0].optional && !r.parts[0].fits(m.w[i]) {
			continue
		}
		if r.whole && i > 0 && !m.filler(0, i) {
			break
		}
		if n := m.from(r, 0, i, 0); n > best {
			best = n
		}
	}
	return best
}

// scattered is score for a rule whose parts may stand anywhere: each takes the
// first word that no part before it took and no denial stands before.
func (m *matcher) scattered(r *rule) int {
	n, last := 0, 0
	for k, p := range r.parts {
		if p.notNext {
			if last+1 < len(m.w) && p.fits(m.w[last+1]) {
				return 0
			}
			continue
		}
		found := false
		for i, w := range m.w {
			if slices.Contains(m.used[:k], i) || !p.fits(w) {
				continue
			}
			m.used[k], last = i, i
			if !r.denied && m.isDeniedAt(i) || p.class == m.take && i > 0 && m.w[i-1].is.has(m.me) {
				return 0 // not done, or done by herself: "sudah saya ambil"
			}
			found, n = true, n+w.n
			break
		}
		if !found {
			return 0
		}
	}
	return n
}

// isDeniedAt reports whether a denial stands before the word at i, politeness and
// "ada" between.
func (m *matcher) isDeniedAt(i int) bool {
	for i--; i >= 0 && (m.w[i].is.has(m.fill) || m.w[i].is.has(m.any) || m.w[i].text == "pernah") && !m.denies(i); i-- {
	}
	return i >= 0 && m.denies(i)
}

func (m *matcher) filler(from, to int) bool {
	for _, w := range m.w[from:to] {
		if !w.is.has(m.fill) {
			return false
		}
	}
	return true
}

// from matches the parts from k on at word i; taken is how many words the parts
// before took, whose places are in m.used.
func (m *matcher) from(r *rule, k, i, taken int) int {
	if k == len(r.parts) {
		if r.whole && !m.filler(i, len(m.w)) {
			return 0
		}
		if !r.denied && m.isDenied(taken) {
			return 0
		}
		n := 0
		for _, at := range m.used[:taken] {
			n += m.w[at].n
		}
		return n
	}
	p := r.parts[k]
	if p.end {
		if !m.filler(i, len(m.w)) {
			return 0
		}
		return m.from(r, k+1, i, taken)
	}
	if p.notNext {
		for i < len(m.w) && m.w[i].is.has(m.fill) && !p.fits(m.w[i]) {
			i++
		}
		if i < len(m.w) && p.fits(m.w[i]) {
			return 0
		}
		return m.from(r, k+1, i, taken)
	}
	best, room := 0, 0
	if p.gap {
		room = 3
	}
	if taken < len(m.used) {
		for j := i; j < len(m.w) && j < i+reach; j++ {
			if p.fits(m.w[j]) {
				m.used[taken] = j
				best = max(best, m.from(r, k+1, j+1, taken+1))
			}
			if !m.passes(m.w[j]) {
				if room--; room < 0 {
					break
				}
			}
		}
	}
	if p.optional {
		best = max(best, m.from(r, k+1, i, taken))
	}
	return best
}

// reach is how far behind a part the next is looked for. Nobody puts more words of
// politeness between them, and without an end a long message of such words takes
// seconds.
const reach = 10

// passes reports whether a word may stand between two parts of a rule: politeness,
// whose it is, that it is so now ("modal saya sudah habis").
func (m *matcher) passes(w word) bool {
	if w.is.has(m.fill) || w.is.has(m.me) || w.is.has(m.this) || w.is.has(m.done) {
		return true
	}
	switch w.text {
	case "lagi", "yang", "juga", "masih", "nuju", "keur", "saweg", "sedang", "nu", "sing", "ingkang", "anu", "malah", "jadi", "terus":
		return true
	}
	return false
}

// isDenied reports whether a denial that the rule did not ask for stands right
// before one of its words, also over "ada" and "kena": "tidak ada potongan".
func (m *matcher) isDenied(taken int) bool {
	for t, at := range m.used[:taken] {
		prev := at - 1
		for prev >= 0 && (m.w[prev].is.has(m.fill) || m.w[prev].is.has(m.any) || m.w[prev].is.has(m.kena) || m.w[prev].text == "pernah") && !m.denies(prev) {
			if t > 0 && m.used[t-1] == prev {
				break
			}
			prev--
		}
		if prev < 0 || !m.denies(prev) || m.denies(at) {
			continue
		}
		mine := false
		for _, u := range m.used[:taken] {
			mine = mine || u == prev
		}
		if !mine {
			return true
		}
	}
	return false
}

func (m *matcher) denies(i int) bool {
	is := m.w[i].is
	return is.has(m.neg) || is.has(m.dont) || is.has(m.before) || is.has(m.never)
}
