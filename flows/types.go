package flows

import (
	"slices"
	"time"
)

// Vars are a flow's variables. They survive JSON, because they are kept with
// the person's place between two messages.
type Vars map[string]any

// Option is one way to answer a question: a digit, a letter, yes or no, a
// button. A verb may make options too (choose: {from: ...}).
type Option struct {
	Key       string            `json:"key"`             // 1-9, 0, A-Z, yes, no
	LabelKey  string            `json:"label,omitempty"` // text key of its button or screen line; "" = typed only
	LabelArgs map[string]any    `json:"args,omitempty"`  // for the label of an option that a verb made
	Value     string            `json:"value,omitempty"` // lands in the variable named by choose.set
	Is        []string          `json:"is,omitempty"`    // intents that mean this option
	Only      []string          `json:"only,omitempty"`  // roads on which it is offered; empty = all
	Next      string            `json:"next,omitempty"`  // where it leads
	Set       map[string]string `json:"set,omitempty"`   // variables that choosing it sets
}

// Said is one text to be said. The caller renders it; Args hold a snapshot of
// the variables at the moment it was said.
type Said struct {
	Key      string   `json:"key"`
	Via      string   `json:"via,omitempty"`  // "" = the road she writes on, "sms" = an SMS besides (USSD receipts)
	Only     []string `json:"only,omitempty"` // roads on which it is said at all; empty = all
	As       string   `json:"as,omitempty"`   // "" = a message; edit, toast, picture where the road knows them
	Args     Vars     `json:"args,omitempty"`
	Options  []Option `json:"options,omitempty"`  // of the question, on the last text before it
	Buttons  []string `json:"buttons,omitempty"`  // Telegram command buttons: label "button.<name>", data "!<name>"
	Keyboard string   `json:"keyboard,omitempty"` // menu, contact or none
}

// Wait is an open question.
type Wait struct {
	Ref     string        `json:"ref"`
	Ask     []string      `json:"ask,omitempty"` // what a typed answer may be: amount, code, year ...
	Options []Option      `json:"options,omitempty"`
	TTL     time.Duration `json:"ttl"`
	Else    bool          `json:"else,omitempty"` // Else has somewhere to go
}

// Choice says whether a question takes the place of an older choice (R03): it is chosen from by digit or by yes and no. A way out
// beside a typed answer (0, a letter) belongs to that answer: the weekly question with its button for a holiday is an open
// amount, and leaves the choice before it open.
func Choice(options []Option, typed bool) bool {
	return slices.ContainsFunc(options, func(o Option) bool {
		return !typed || o.Key == "yes" || o.Key == "no" || len(o.Key) == 1 && o.Key >= "1" && o.Key <= "9"
	})
}

// Result is what a run of steps came to.
type Result struct {
	Said []Said
	Wait *Wait // nil = the flow is over
	Vars Vars
	Keep bool // the question that was open before stays open
}

// Outcome is a verb's answer. Its Vars merge into the flow's; a nil value
// removes the variable.
type Outcome struct {
	Name string
	Vars Vars
}

// Do lets a verb act. An error ends the run and is returned as it is.
type Do func(verb string, vars Vars) (Outcome, error)

// Answer is a message as the open question reads it: an option's key, or a
// typed answer of a kind that was asked for.
type Answer struct {
	Option string
	Kind   string
	Value  any    // JSON-able; nil with Kind text means Text
	Text   string // the words themselves, kept in the variable "said"
}

// Verb describes a rule in Go that steps may name.
type Verb struct {
	Name     string
	Outcomes []string
	Gives    []string // variables it may set, for texts and options
	Knows    bool     // after it the turn knows who writes, as after linking a number
	Says     []string // text keys it may name itself (labels, nested texts); "x.*" is a family
	Offers   []Offer  // lists of options it may make
}

// Offer is a list of options that a verb makes, at its largest.
type Offer struct {
	Var   string   // choose: {from: Var}
	Label string   // text key of every option's label
	Max   int      // how many at most
	Next  []string // flow#step that its options may lead to by themselves
}

// Open is a text said outside the flows (a prompt, a reminder, a notice). Ref
// is the step that sending it opens, "" if it opens none.
type Open struct {
	By    string   // who says it, for the fault's wording
	Ref   string   // flow#step or ""
	Says  string   // text key; "x.*" is a family; "" if the step's own text is said
	Gives []string // variables it brings along
}

// Step is a step as the caller may want to look at it.
type Step struct {
	Ref     string
	Say     []Said
	Ask     []string
	Options []Option // static ones
	From    string   // variable with the options that a verb made
	Do      string   // verb
	Waits   bool
}

// The ways of saying a text, where the road knows them; an ordinary message
// elsewhere.
const (
	AsEdit    = "edit"    // instead of the message whose button was pressed (R22)
	AsToast   = "toast"   // the short answer to a pressed button
	AsPicture = "picture" // the caption of a picture that the verb has named in its variables
)

// The reply keyboards of chat apps.
const (
	KeyboardMenu    = "menu"    // the four everyday keys
	KeyboardContact = "contact" // share my number
	KeyboardNone    = "none"    // take the keyboard away
)

// On reports whether an option is offered on a road.
func (o Option) On(via string) bool { return len(o.Only) == 0 || slices.Contains(o.Only, via) }

// On reports whether a text is said on a road.
func (s Said) On(via string) bool { return len(s.Only) == 0 || slices.Contains(s.Only, via) }
