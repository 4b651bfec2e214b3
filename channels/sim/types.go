package sim

import (
	"encoding/json"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/bahasa"
)

// Directions of a message, as the programme sees them.
const (
	In  = "in"  // written by the owner of the phone
	Out = "out" // sent by Kabar
)

// Message is one SMS on a phone.
type Message struct {
	Direction string
	Text      string
	At        time.Time
	Segments  int
	// Kind is what an outgoing message is for (prokus.Kind). The interface knows no other kinds; what somebody wrote
	// herself is a "reply", which she gives and Direction tells from ours.
	Kind string
}

// MarshalJSON writes whole seconds: nobody reads more on a phone.
func (m Message) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Direction string `json:"direction"`
		Text      string `json:"text"`
		At        string `json:"at"`
		Segments  int    `json:"segments"`
		Kind      string `json:"kind"`
	}{m.Direction, m.Text, stamp(m.At), m.Segments, m.Kind})
}

// Sent is one message that left, whoever it went to.
type Sent struct {
	ID       string
	To       string // E.164; of a chat here, the number of its phone
	Text     string
	At       time.Time
	Segments int
	Via      channels.Via
	Kind     string
	Who      string // name of the person or member of staff, empty if unknown
	Role     string // see Owner
}

// Owner is somebody with a phone.
type Owner struct {
	Number    string `json:"number"`
	Name      string `json:"name"`
	Role      string `json:"role"` // penerima, tksk, mentor, koordinator, kementerian
	Area      string `json:"area"` // name of the kecamatan, kabupaten …
	Code      string `json:"code,omitempty"`
	Consent   string `json:"consent,omitempty"` // of a beneficiary (prokus.Consent)
	Lang      string `json:"lang"`
	Chat      bool   `json:"chat"`      // has a chat here
	Preferred bool   `json:"preferred"` // scheduled messages go to the chat
}

// ChatMessage is one message in a chat.
type ChatMessage struct {
	ID        string // of ours, by which buttons are pressed; empty for what was written or pressed
	Direction string
	Kind      string // of ours as in Message; of theirs: text, choice, contact
	Text      string
	At        time.Time
	Buttons   [][]channels.Button
	Keys      [][]string // the reply keyboard that came with it
	AskPhone  string     // label of the key that shares the number
	Edited    bool
}

// MarshalJSON writes whole seconds.
func (m ChatMessage) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		ID        string              `json:"id,omitempty"`
		Direction string              `json:"direction"`
		Kind      string              `json:"kind"`
		Text      string              `json:"text"`
		At        string              `json:"at"`
		Buttons   [][]channels.Button `json:"buttons,omitempty"`
		Keys      [][]string          `json:"keys,omitempty"`
		AskPhone  string              `json:"ask_phone,omitempty"`
		Edited    bool                `json:"edited,omitempty"`
	}{m.ID, m.Direction, m.Kind, m.Text, stamp(m.At), m.Buttons, m.Keys, m.AskPhone, m.Edited})
}

// Card is how a chat message looks beyond its words, which the outbox keeps.
type Card struct {
	Message  string // our message id
	Edits    string // the message that it replaced; empty: it is a message of its own
	Text     string // EditCard: the new words
	Buttons  [][]channels.Button
	Keys     [][]string
	AskPhone string
}

func stamp(t time.Time) string { return t.Truncate(time.Second).Format(time.RFC3339) }

// Segments is how many SMS a text takes, at least one.
func Segments(text string) int {
	n, _, _ := bahasa.Segments(text)
	return max(n, 1)
}
