package flows

import (
	"regexp"

	"github.com/kabar-prokus/kabar/flows/internal/source"
)

var (
	// kinds are what a typed answer may be. The caller reads the message as
	// these, in package bahasa.
	kinds = []string{"amount", "code", "year", "days", "number", "text", "phone", "date", "week", "photo", "voice", "contact"}
	roads = []string{"sms", "ussd", "telegram", "whatsapp"}

	keyShape = regexp.MustCompile(`^([0-9A-Z]|yes|no)$`)
)

func (r reader) say(n source.Node) say {
	if n.Kind != source.Map {
		return say{key: r.Word(n, "say"), line: n.Line}
	}
	out := say{line: n.Line}
	for _, f := range r.Fields(n, "say", "text", "as", "only") {
		switch f.Key {
		case "text":
			out.key = r.Word(f.Value, "text")
		case "as":
			out.as = r.oneOf(f.Value, "as", AsEdit, AsToast, AsPicture)
		case "only":
			out.only = r.someOf(f.Value, "only", roads...)
		}
	}
	if out.key == "" {
		r.Fault(n.Line, "say needs a text")
	}
	return out
}

// also reads a receipt besides the screen: {via: sms, say: key}.
func (r reader) also(n source.Node) say {
	out := say{line: n.Line}
	for _, f := range r.Fields(n, "also", "via", "say") {
		switch f.Key {
		case "via":
			out.via = r.oneOf(f.Value, "via", "sms")
		case "say":
			out.key = r.Word(f.Value, "say")
		}
	}
	if out.key == "" || out.via == "" {
		r.Fault(n.Line, "also needs via and say")
	}
	return out
}

// outcomes reads outcome: ref, or a list in which a bare name stands for the
// step of that name: on: [up, same, {none: nothing_kept}].
func (r reader) outcomes(n source.Node) []outcome {
	var out []outcome
	add := func(name string, to link) {
		for _, before := range out {
			if before.name == name {
				r.Fault(to.line, "outcome %s stands here twice, first on line %d", name, before.next.line)
				return
			}
		}
		out = append(out, outcome{name, to})
	}
	if n.Kind != source.List {
		n = source.Node{Kind: source.List, Line: n.Line, Items: []source.Node{n}}
	}
	for _, item := range n.Items {
		if item.Kind == source.Scalar {
			add(item.Value, r.link(source.Field{Key: "on", Line: item.Line, Value: item}))
			continue
		}
		for _, o := range r.Fields(item, "on") {
			add(o.Key, r.link(o))
		}
	}
	return out
}

// asks reads one kind, a list of kinds, or kinds with a next each.
func (r reader) asks(n source.Node) []ask {
	var out []ask
	if n.Kind == source.Map {
		for _, f := range r.Fields(n, "ask", kinds...) {
			out = append(out, ask{f.Key, r.link(f)})
		}
		return out
	}
	for _, k := range r.someOf(n, "ask", kinds...) {
		out = append(out, ask{kind: k})
	}
	return out
}

// choose reads a list of options, or the mapping of a list that a verb makes.
func (r reader) choose(s *step, n source.Node) {
	options := n
	if n.Kind == source.Map {
		options = source.Node{}
		for _, f := range r.Fields(n, "choose", "from", "set", "next", "also") {
			switch f.Key {
			case "from":
				s.from = word{r.Word(f.Value, "from"), f.Line}
			case "set":
				s.set = r.Word(f.Value, "set")
			case "next":
				s.choiceNext = r.link(f)
			case "also":
				options = f.Value
			}
		}
		if s.from.text == "" && options.Kind == source.Empty {
			r.Fault(n.Line, "choose needs from or options")
		}
	}
	for _, o := range options.List() {
		s.options = append(s.options, r.option(o))
	}
	if !s.waits() {
		r.Fault(n.Line, "choose offers nothing")
	}
}

func (r reader) option(n source.Node) option {
	o := option{line: n.Line}
	for _, f := range r.Fields(n, "an option", "key", "label", "is", "set", "value", "only", "next") {
		switch f.Key {
		case "key":
			o.Key = r.Word(f.Value, "key")
			if !keyShape.MatchString(o.Key) {
				r.Fault(f.Line, "key %q: keys are 0-9, A-Z, yes and no", o.Key)
			}
		case "label":
			o.LabelKey = r.Word(f.Value, "label")
		case "is":
			o.Is = r.Words(f.Value, "is")
		case "value":
			o.Value = r.Word(f.Value, "value")
		case "only":
			o.Only = r.someOf(f.Value, "only", roads...)
		case "next":
			o.next = r.link(f)
		case "set":
			o.Set = map[string]string{}
			for _, v := range r.Fields(f.Value, "set") {
				o.Set[v.Key] = r.Word(v.Value, v.Key)
			}
		}
	}
	if o.Key == "" {
		r.Fault(n.Line, "an option needs a key")
	}
	return o
}
