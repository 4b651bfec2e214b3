package prokus

import (
	"encoding/json"
	"time"
)

// Message is one thing to be said, decided now and rendered when it is sent: a text key with arguments and a language, or
// a frozen literal. It becomes an outbox row; see design.md, "One door out".
type Message struct {
	Key       string // natural key of what is scheduled ("prompt:123:2026-W23"); empty for replies
	Person    int64  // to whom: a person, a member of staff, or
	Staff     int64
	Channel   string // the road: set for replies (the adapter it came by), empty: chosen when sent
	Via       string // sms, telegram …; set together with To
	To        string // E.164 or chat id; empty: chosen when sent
	Kind      Kind
	Text      string          // text key
	Args      json.RawMessage // typed arguments of the text, see flows/text
	Lang      Lang
	Literal   string          // a broadcast's frozen text; then Text is empty
	Buttons   json.RawMessage // options and command buttons for channels that have them
	Picture   json.RawMessage // what a picture above the words shows, drawn when it is sent; channels without pictures say the words
	Keyboard  string          // name of a reply keyboard, or "share_phone"
	Edits     string          // our id of the chat message that this one replaces, where it still can (R22)
	Opens     string          // flow#step in which marking it sent puts the person
	OpensVars json.RawMessage
	Cause     int64 // the inbox row that caused it, 0 if the clock did
	Case      int64
	Broadcast int64
	NotBefore time.Time // zero: now
	NotAfter  time.Time // zero: it never expires
}

// DeliverArgs is the job that sends outbox rows, in the order given: what one turn says to one address keeps its order.
// It carries ids only (faults.md H7).
type DeliverArgs struct {
	IDs []string `json:"ids"`
}

// Kind names the job for River.
func (DeliverArgs) Kind() string { return "deliver" }
