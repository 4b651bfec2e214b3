// Package flows holds what is asked and what follows, as YAML, and the pure
// function that steps through it. Data says what is asked, Go says what is
// true: there are no conditions here. A branch is a choice, a typed answer or
// one of a verb's outcomes; where an "if" is wanted, the answer is a verb.
//
// # A flow file
//
//	flow: report                    # the file's name
//	about: The weekly report        # one line for readers
//	ttl: 48h                        # how long its questions stay open (default 48h)
//	steps:
//	  ask:                          # report#ask
//	    say: report.ask             # a text key, or a list said in order
//	    ask: amount                 # waits for a typed answer ...
//	    choose:                     # ... and/or for a choice
//	      - {key: 0, label: report.holiday, is: [CLOSED], set: {reason: libur}, next: holiday}
//	    next: weigh                 # where the answer goes
//	    else: unread                # where a message goes that answers nothing (optional)
//	  weigh:
//	    do: report.weigh            # a verb in Go
//	    with: {week: this}          # constants for this call only, always strings
//	    on:                         # every outcome of the verb, and no other
//	      stored_up: up
//	      ambiguous: thousand
//	  up:
//	    say: report.up
//	    buttons: [change, tips]     # chat only: command buttons
//
// Outcomes may also be a list, in which a bare name leads to the step of that
// name: on: [up, same, {ambiguous: thousand}].
//
// A step says first, and then does exactly one thing: it waits (ask, choose),
// it does (do, on), it goes on (next), or the flow ends there.
//
// A ref is flow#step; a bare name is a step of the same flow; end ends the flow.
//
// # say
//
// An item is a text key, or {text: key, as: edit|toast|picture, only: [telegram]}.
// as: edit replaces the message whose button was pressed or, where the answer was
// typed, the message that asked; where there is nothing to replace it is an
// ordinary message, or nothing if something else is said. toast is the short
// answer to a tap, picture a caption; roads that know no such thing get an
// ordinary message, unless only leaves them out. keyboard: menu|contact|none is
// the reply keyboard of chat apps. also: {via: sms, say: key} is a receipt
// besides a USSD screen.
//
// buttons: [change] shows the label button.change with the data "!change". A
// press is routed like a word: routes.yaml has a line "change: correct#ask" for
// some role.
//
// keep: true on a step that only says leaves the question that was open before.
//
// # ask
//
// One of amount, code, year, days, number, text, phone, date, week, photo,
// voice, contact; or a list of them; or a mapping with a next for each:
// ask: {text: note, photo: seen}. The value lands in the variable of that name,
// the words themselves in the variable said.
//
// # choose
//
// A list of options: key (0-9, A-Z, yes, no), label (text key of the button or
// of the line "key label" on a USSD screen; without it the option is typed
// only), is (intents that mean it), set (variables), only (roads), next. What
// has no next goes to the step's own.
//
//	choose: {from: weeks, set: week, next: change, also: [{key: 0, label: back, next: cancel}]}
//
// offers the options that a verb left in vars.weeks ([]Option); the chosen
// Value (its key where it has none) lands in vars.week, and written options may
// stand beside. An empty list is an outcome of the verb's, not a question.
//
// # USSD
//
// A flow called ussd or ussd_... is shown on screens: its options need digits
// and labels, and everything said from one answer to the next question has to
// fit into 182 septets together with the option lines. Links do not cross
// between USSD and the other roads; the verbs are the same.
//
// # routes.yaml
//
// Role, word, ref. Roles: beneficiary, tksk, mentor, coordinator, unknown,
// ussd_beneficiary, ussd_tksk, ussd_unknown. Words are intents and commands of
// package bahasa, start for USSD's first screen, and the names of buttons.
//
// # Variables
//
// Variables are JSON: they are kept with the person's place between two
// messages. A text's placeholders are filled from them; package text says what
// they may hold. Every turn supplies those that placeholders.yaml marks from:
// everyone or from: person; the others come from verbs (Verb.Gives), openers
// (Open.Gives), answers and set. Check follows every way through the flows and
// tells of a text whose placeholder nothing gives on some way to it.
package flows
