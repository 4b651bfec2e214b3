package flows

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/flows/internal/source"
)

// Fault is something wrong in a flow, a route or a text, with its file and line.
type Fault = source.Fault

// Faults are all faults of a Load, as one error.
type Faults = source.Faults

// End as a ref ends the flow.
const End = "end"

// dir is where the files are at home, for naming them in faults.
const dir = "flows"

// DefaultTTL is how long a question stays open (R03).
const DefaultTTL = 48 * time.Hour

// Book holds all flows and routes. It does not change after Load.
type Book struct {
	steps  map[string]*step
	order  []*step // as written, for faults and listings
	routes map[string]map[string]link
	flows  []flow
}

type flow struct {
	name, about, file string
	line              int
}

// link points to a step, from a line of a file.
type link struct {
	ref  string
	line int
}

type step struct {
	ref, flow string
	file      string
	line      int

	say      []say
	also     []say
	buttons  []word
	keyboard string
	keep     bool

	asks       []ask
	options    []option
	from       word // variable with the options that a verb made
	set        string
	choiceNext link
	ttl        time.Duration

	do   word
	with Vars
	on   []outcome

	next   link
	orElse link
}

type say struct {
	key, via, as string
	only         []string
	line         int
}

type word struct {
	text string
	line int
}

type ask struct {
	kind string
	next link
}

type option struct {
	Option
	next link
	line int
}

type outcome struct {
	name string
	next link
}

func (s *step) waits() bool { return len(s.asks) > 0 || len(s.options) > 0 || s.from.text != "" }

// Load reads every flow and routes.yaml of a directory. The error is Faults:
// everything that is wrong with the files themselves, at once. What they refer
// to is for Check.
func Load(fsys fs.FS) (*Book, error) {
	b := &Book{steps: map[string]*step{}, routes: map[string]map[string]link{}}
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, Faults{{File: dir, Problem: err.Error()}}
	}
	slices.Sort(names)
	var faults Faults
	if !slices.Contains(names, routesFile) {
		faults = append(faults, Fault{File: path.Join(dir, routesFile), Problem: "is missing"})
	}
	for _, name := range names {
		p, root := source.Open(fsys, dir, name)
		if name == routesFile {
			b.readRoutes(p, root)
		} else {
			b.readFlow(p, root, strings.TrimSuffix(path.Base(name), ".yaml"))
		}
		faults = append(faults, p.Faults...)
	}
	if len(faults) > 0 {
		return nil, faults.Sorted()
	}
	return b, nil
}

// Route finds where a word leads for a role. Words are opaque here: intents
// and commands of package bahasa, start for USSD's first screen, and the names
// of Telegram's command buttons.
func (b *Book) Route(role, word string) (ref string, ok bool) {
	l, ok := b.routes[role][word]
	return l.ref, ok
}

// Step finds a step by flow#step.
func (b *Book) Step(ref string) (Step, bool) {
	s, ok := b.steps[ref]
	if !ok {
		return Step{}, false
	}
	return s.public(), true
}

// Steps are all steps, flow by flow in the order written.
func (b *Book) Steps() []Step {
	out := make([]Step, len(b.order))
	for i, s := range b.order {
		out[i] = s.public()
	}
	return out
}

func (s *step) public() Step {
	out := Step{Ref: s.ref, From: s.from.text, Waits: s.waits(), Do: s.do.text, Options: s.static()}
	for _, w := range append(slices.Clone(s.say), s.also...) {
		out.Say = append(out.Say, Said{Key: w.key, Via: w.via, Only: w.only, As: w.as})
	}
	for _, a := range s.asks {
		out.Ask = append(out.Ask, a.kind)
	}
	return out
}

// static are the options written in the step, with their links filled in.
func (s *step) static() []Option {
	var out []Option
	for _, o := range s.options {
		o.Option.Next = o.next.ref
		out = append(out, o.Option)
	}
	return out
}
