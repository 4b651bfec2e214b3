package flows

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// MaxSteps is how many steps one message may run through. Check proves that no
// flow gets there; the limit holds for what slips past it.
const MaxSteps = 100

var (
	// ErrNoStep: a ref leads nowhere, as after a change of the flows under an
	// open question. The caller closes the question.
	ErrNoStep = errors.New("no such step")
	// ErrNotOffered: the answer's option or kind is not one the question offers.
	ErrNotOffered = errors.New("not offered by the question")
	// ErrOutcome: a verb answered with an outcome that the step does not know.
	ErrOutcome = errors.New("unknown outcome")
	// ErrOptions: a verb has not made the options that a step offers.
	ErrOptions = errors.New("no options")
	// ErrLoop: MaxSteps without a question.
	ErrLoop = errors.New("too many steps without a question")
)

// Start runs from a step until something is asked or the flow ends. vars are
// not changed; the result has its own.
func (b *Book) Start(ref string, vars Vars, do Do) (Result, error) {
	return b.run(ref, cloned(vars), do)
}

// Answer goes on from an open question. options are those kept with the place;
// nil stands for those of the step and its variables.
func (b *Book) Answer(ref string, options []Option, vars Vars, a Answer, do Do) (Result, error) {
	s, ok := b.steps[ref]
	if !ok {
		return Result{}, fmt.Errorf("answer at %s: %w", ref, ErrNoStep)
	}
	vars = cloned(vars)
	if a.Text != "" {
		vars["said"] = a.Text
	}
	if a.Option != "" {
		if options == nil {
			var err error
			if options, err = b.offered(s, vars); err != nil {
				return Result{}, err
			}
		}
		i := slices.IndexFunc(options, func(o Option) bool { return o.Key == a.Option })
		if i < 0 {
			return Result{}, fmt.Errorf("option %s at %s: %w", a.Option, ref, ErrNotOffered)
		}
		o := options[i]
		if s.set != "" && o.Value != "" {
			vars[s.set] = o.Value
		}
		for k, v := range o.Set {
			vars[k] = v
		}
		return b.run(o.Next, vars, do)
	}
	i := slices.IndexFunc(s.asks, func(k ask) bool { return k.kind == a.Kind })
	if i < 0 {
		return Result{}, fmt.Errorf("a typed %q at %s: %w", a.Kind, ref, ErrNotOffered)
	}
	vars[a.Kind] = a.Value
	if a.Value == nil && a.Kind == "text" {
		vars[a.Kind] = a.Text
	}
	return b.run(s.asks[i].next.ref, vars, do)
}

// Else goes on from an open question with a message that does not answer it
// and means nothing else; false when the question has no else.
func (b *Book) Else(ref string, vars Vars, do Do) (Result, bool, error) {
	s, ok := b.steps[ref]
	if !ok {
		return Result{}, false, fmt.Errorf("else at %s: %w", ref, ErrNoStep)
	}
	if s.orElse.ref == "" {
		return Result{}, false, nil
	}
	r, err := b.run(s.orElse.ref, cloned(vars), do)
	return r, true, err
}

// Open is the question of a step that something outside the flows has asked,
// such as the weekly prompt.
func (b *Book) Open(ref string, vars Vars) (Wait, error) {
	s, ok := b.steps[ref]
	if !ok || !s.waits() {
		return Wait{}, fmt.Errorf("open %s: %w", ref, ErrNoStep)
	}
	return b.wait(s, vars)
}

func (b *Book) run(ref string, vars Vars, do Do) (Result, error) {
	r := Result{Vars: vars}
	main := -1 // the last text on her own road: it carries the options
	for range MaxSteps {
		if ref == End {
			return r, nil
		}
		s, ok := b.steps[ref]
		if !ok {
			return r, fmt.Errorf("%s: %w", ref, ErrNoStep)
		}
		if len(s.say) > 0 {
			for _, w := range s.say {
				r.Said = append(r.Said, Said{Key: w.key, Only: w.only, As: w.as, Args: maps.Clone(vars)})
			}
			main = len(r.Said) - 1
			for _, w := range s.buttons {
				r.Said[main].Buttons = append(r.Said[main].Buttons, w.text)
			}
			r.Said[main].Keyboard = s.keyboard
		}
		for _, w := range s.also {
			r.Said = append(r.Said, Said{Key: w.key, Via: w.via, Args: maps.Clone(vars)})
		}
		switch {
		case s.waits():
			w, err := b.wait(s, vars)
			if err != nil {
				return r, err
			}
			r.Wait = &w
			if main >= 0 {
				r.Said[main].Options = w.Options
			}
			return r, nil
		case s.do.text != "":
			next, err := s.act(vars, do)
			if err != nil {
				return r, err
			}
			ref = next
		case s.next.ref != "":
			ref = s.next.ref
		default:
			r.Keep = s.keep
			return r, nil
		}
	}
	return r, fmt.Errorf("%s: %w", ref, ErrLoop)
}

// act lets the verb act, merges what it gives into vars, and finds the way on.
func (s *step) act(vars Vars, do Do) (next string, err error) {
	given := maps.Clone(vars) // a verb changes variables by its outcome only
	maps.Copy(given, s.with)
	out, err := do(s.do.text, given)
	if err != nil {
		return "", err
	}
	for k, v := range out.Vars {
		if v == nil {
			delete(vars, k)
		} else {
			vars[k] = v
		}
	}
	for _, o := range s.on {
		if o.name == out.Name {
			return o.next.ref, nil
		}
	}
	return "", fmt.Errorf("%s: %s answered %q: %w", s.ref, s.do.text, out.Name, ErrOutcome)
}

func (b *Book) wait(s *step, vars Vars) (Wait, error) {
	options, err := b.offered(s, vars)
	if err != nil {
		return Wait{}, err
	}
	w := Wait{Ref: s.ref, Options: options, TTL: s.ttl, Else: s.orElse.ref != ""}
	for _, a := range s.asks {
		w.Ask = append(w.Ask, a.kind)
	}
	return w, nil
}

// offered are a step's options: those that a verb made, then the written ones.
func (b *Book) offered(s *step, vars Vars) ([]Option, error) {
	static := s.static()
	if s.from.text == "" {
		return static, nil
	}
	made, err := optionsOf(vars[s.from.text])
	if err != nil {
		return nil, fmt.Errorf("%s: variable %s: %w", s.ref, s.from.text, err)
	}
	seen := map[string]bool{}
	for _, o := range static {
		seen[o.Key] = true
	}
	for i := range made {
		o := &made[i]
		if o.Key == "" || seen[o.Key] {
			return nil, fmt.Errorf("%s: variable %s: key %q is empty or taken: %w", s.ref, s.from.text, o.Key, ErrOptions)
		}
		seen[o.Key] = true
		if o.Value == "" {
			o.Value = o.Key
		}
		switch {
		case o.Next == "":
			o.Next = s.choiceNext.ref
		case o.Next != End && !strings.Contains(o.Next, "#"):
			o.Next = s.flow + "#" + o.Next
		}
		if _, ok := b.steps[o.Next]; !ok && o.Next != End {
			return nil, fmt.Errorf("%s: option %s leads to %s: %w", s.ref, o.Key, o.Next, ErrNoStep)
		}
	}
	if len(made)+len(static)+len(s.asks) == 0 {
		return nil, fmt.Errorf("%s: variable %s is an empty list: %w", s.ref, s.from.text, ErrOptions)
	}
	return append(made, static...), nil
}

// optionsOf reads a variable with options, as a verb set it or as JSON gave it
// back.
func optionsOf(v any) ([]Option, error) {
	switch v := v.(type) {
	case nil:
		return nil, ErrOptions
	case []Option:
		return slices.Clone(v), nil
	}
	data, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var out []Option
	if err := json.Unmarshal(data, &out); err != nil {
		return nil, errors.Join(ErrOptions, err)
	}
	return out, nil
}

func cloned(v Vars) Vars {
	if v == nil {
		return Vars{}
	}
	return maps.Clone(v)
}
