package flows

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/flows/internal/source"
)

var nameShape = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// reader reads one flow file.
type reader struct {
	*source.Page
	flow string
}

func (b *Book) readFlow(p *source.Page, root source.Node, name string) {
	r := reader{p, name}
	f := flow{name: name, file: p.File, line: root.Line}
	var steps source.Node
	ttl := DefaultTTL
	declared := false
	for _, d := range r.Fields(root, "a flow", "flow", "about", "ttl", "steps") {
		switch d.Key {
		case "flow":
			declared = true
			if got := r.Word(d.Value, "flow"); got != name {
				r.Fault(d.Line, "flow is called %q, but its file %q", got, name)
			}
			if !nameShape.MatchString(name) {
				r.Fault(d.Line, "a flow's name has small letters, digits and _ only")
			}
		case "about":
			f.about = r.Word(d.Value, "about")
		case "ttl":
			ttl = r.duration(d)
		case "steps":
			steps = d.Value
		}
	}
	if !declared {
		r.Fault(1, "flow: is missing")
	}
	if f.about == "" {
		r.Fault(1, "about: is missing: say in one line what the flow is for")
	}
	if len(steps.Fields) == 0 {
		r.Fault(1, "a flow needs steps")
	}
	b.flows = append(b.flows, f)
	for _, d := range r.Fields(steps, "steps") {
		s := r.step(d, ttl)
		b.steps[s.ref] = s
		b.order = append(b.order, s)
	}
}

func (r reader) step(d source.Field, ttl time.Duration) *step {
	s := &step{ref: r.flow + "#" + d.Key, flow: r.flow, file: r.File, line: d.Line, ttl: ttl}
	if !nameShape.MatchString(d.Key) || d.Key == End {
		r.Fault(d.Line, "%q is no name for a step: small letters, digits and _, and not end", d.Key)
	}
	for _, f := range r.Fields(d.Value, "step "+s.ref,
		"say", "ask", "choose", "do", "with", "on", "next", "else", "keep", "ttl", "buttons", "keyboard", "also") {
		switch f.Key {
		case "say":
			for _, n := range f.Value.List() {
				s.say = append(s.say, r.say(n))
			}
		case "also":
			for _, n := range f.Value.List() {
				s.also = append(s.also, r.also(n))
			}
		case "ask":
			s.asks = r.asks(f.Value)
		case "choose":
			r.choose(s, f.Value)
		case "do":
			s.do = word{r.Word(f.Value, "do"), f.Line}
		case "with":
			s.with = Vars{}
			for _, c := range r.Fields(f.Value, "with") {
				s.with[c.Key] = r.Word(c.Value, c.Key)
			}
		case "on":
			s.on = r.outcomes(f.Value)
		case "next":
			s.next = r.link(f)
		case "else":
			s.orElse = r.link(f)
		case "keep":
			s.keep = r.Bool(f.Value, "keep")
		case "ttl":
			s.ttl = r.duration(f)
		case "buttons":
			for _, n := range f.Value.List() {
				s.buttons = append(s.buttons, word{r.Word(n, "a button"), n.Line})
			}
		case "keyboard":
			s.keyboard = r.oneOf(f.Value, "keyboard", KeyboardMenu, KeyboardContact, KeyboardNone)
		}
	}
	r.settle(s)
	return s
}

// settle fills in the links that options and answers leave out, and refuses
// steps that do two things at once.
func (r reader) settle(s *step) {
	for i, a := range s.asks {
		if a.next.ref == "" {
			s.asks[i].next = s.next
		}
		if s.asks[i].next.ref == "" {
			r.Fault(s.line, "step %s asks %s, but has no next for the answer", s.ref, a.kind)
		}
	}
	if s.choiceNext.ref == "" {
		s.choiceNext = s.next
	}
	if s.from.text != "" && s.choiceNext.ref == "" {
		r.Fault(s.from.line, "the choice from %s needs a next", s.from.text)
	}
	for i, o := range s.options {
		if o.next.ref == "" {
			s.options[i].next = s.choiceNext
		}
		if s.options[i].next.ref == "" {
			r.Fault(o.line, "option %s leads nowhere: it has no next", o.Key)
		}
	}
	switch {
	case s.waits() && s.do.text != "":
		r.Fault(s.line, "step %s both waits and does: the verb belongs into a step of its own", s.ref)
	case s.do.text != "" && s.next.ref != "":
		r.Fault(s.line, "step %s has next beside do: outcomes lead on", s.ref)
	case s.do.text != "" && len(s.on) == 0:
		r.Fault(s.line, "step %s does %s, but has no on", s.ref, s.do.text)
	case s.do.text == "" && (len(s.on) > 0 || len(s.with) > 0):
		r.Fault(s.line, "step %s has on or with, but no do", s.ref)
	case s.keep && (s.waits() || s.do.text != "" || s.next.ref != ""):
		r.Fault(s.line, "step %s keeps the open question: it can only say", s.ref)
	case s.orElse.ref != "" && !s.waits():
		r.Fault(s.line, "step %s has else, but does not wait", s.ref)
	case len(s.say) == 0 && len(s.also) == 0 && !s.waits() && s.do.text == "" && s.next.ref == "":
		r.Fault(s.line, "step %s says and does nothing", s.ref)
	}
	if len(s.say) == 0 && (len(s.buttons) > 0 || s.keyboard != "") {
		r.Fault(s.line, "step %s has buttons or a keyboard, but says nothing", s.ref)
	}
}

// link reads a ref; a bare name is a step of the same flow.
func (r reader) link(f source.Field) link {
	ref := r.Word(f.Value, f.Key)
	if ref != "" && ref != End && !strings.Contains(ref, "#") {
		ref = r.flow + "#" + ref
	}
	return link{ref, f.Line}
}

func (r reader) duration(f source.Field) time.Duration {
	d, err := time.ParseDuration(f.Value.Value)
	if err != nil || d <= 0 {
		r.Fault(f.Line, "%s must be a length of time such as 48h or 30m", f.Key)
		return DefaultTTL
	}
	return d
}

func (r reader) oneOf(n source.Node, what string, known ...string) string {
	w := r.Word(n, what)
	if w != "" && !slices.Contains(known, w) {
		r.Fault(n.Line, "%s is %q; known are %s", what, w, strings.Join(known, ", "))
	}
	return w
}

func (r reader) someOf(n source.Node, what string, known ...string) []string {
	words := r.Words(n, what)
	for _, w := range words {
		if !slices.Contains(known, w) {
			r.Fault(n.Line, "%s is %q; known are %s", what, w, strings.Join(known, ", "))
		}
	}
	return words
}
