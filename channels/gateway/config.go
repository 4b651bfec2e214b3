package gateway

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"embed"

	"github.com/goccy/go-yaml"
)

// Config describes one aggregator: how it is called, what its answers mean, and what its callbacks look like. It is data, so
// that a new aggregator needs no program. Send or Receive may be missing.
type Config struct {
	Name string   `yaml:"name"` // of the route: POST /channels/gateway/{name}
	Own  []string `yaml:"own"`  // our numbers at this aggregator, the first is {from}
	// Profile says how texts must be written for the route: "" as they are, or long_number for cheap routes that drop digit
	// runs over three, web addresses and words like "dana".
	Profile  string   `yaml:"profile"`
	MaxParts int      `yaml:"max_parts"` // segments of a message at most; 0 means 1
	Send     *Send    `yaml:"send"`
	Receive  *Receive `yaml:"receive"`

	// found are the values of the ${GATEWAY_…} in templates. They stay apart until a request is made: a secret that holds
	// {text} or the like is no template.
	found map[string]string
}

// Send is the request that hands a message over. Values are templates: {to} +62…, {to_digits} 62…, {to_local} 08…, {text},
// {id} our message id, {from} our first number, {seconds} and {minutes} for which the message is still worth sending.
type Send struct {
	Method  string            `yaml:"method"` // GET, or POST with form or json
	URL     string            `yaml:"url"`
	Query   map[string]string `yaml:"query"`
	Form    map[string]string `yaml:"form"`
	JSON    map[string]any    `yaml:"json"`
	Headers map[string]string `yaml:"headers"`
	Basic   *Basic            `yaml:"basic"`
	Seconds int               `yaml:"seconds"` // the longest validity, and that of messages without an end; 0 means a day
	Success Test              `yaml:"success"`
	ID      Extract           `yaml:"id"`    // the aggregator's id; none: our own stands for it
	Parts   Extract           `yaml:"parts"` // segments as the aggregator counted them
	Code    Extract           `yaml:"code"`  // of a refusal
	// Codes class refusals by their code, or by "http402": temporary, throttled, blocked, invalid, ambiguous, misconfig,
	// outofreach. The codes of status callbacks are looked up here too.
	Codes map[string]string `yaml:"codes"`
	// Otherwise is the class of a refusal whose code is not in the table; empty: by its HTTP status, and an answer of 2xx
	// that is no success is ambiguous.
	Otherwise string `yaml:"otherwise"`
}

// Basic are credentials of HTTP.
type Basic struct {
	User     string `yaml:"user"`
	Password string `yaml:"password"`
}

// Extract finds a piece of an answer: a field of its JSON (data.messages.0.id), or the first group of a pattern in its text.
type Extract struct {
	Field string `yaml:"field"`
	Match string `yaml:"match"`
}

// Test decides whether an answer is a success: its status is listed (none: any 2xx), and the piece is one of Is (none: it
// is there).
type Test struct {
	Status []int    `yaml:"status"`
	Field  string   `yaml:"field"`
	Match  string   `yaml:"match"`
	Is     []string `yaml:"is"`
}

// Receive is what the aggregator calls us with: messages from people and the states of ours.
type Receive struct {
	Method string    `yaml:"method"` // POST, or GET with query
	Format string    `yaml:"format"` // form, json or query
	Proof  Proof     `yaml:"proof"`
	Said   *Incoming `yaml:"message"`
	State  *State    `yaml:"status"`
	Answer string    `yaml:"answer"` // what it wants to read; empty means OK
}

// Proof is how a call shows that it is genuine: a shared secret in a header, a query parameter or a field; or with HMAC a
// signature there, made with the secret.
type Proof struct {
	Header string `yaml:"header"`
	Query  string `yaml:"query"`
	Field  string `yaml:"field"`
	Secret string `yaml:"secret"`
	HMAC   string `yaml:"hmac"`     // sha1, sha256 or sha512
	Over   string `yaml:"over"`     // what is signed, of {body} and {timestamp}; empty means {body}
	Coding string `yaml:"encoding"` // of the signature: hex or base64
	Prefix string `yaml:"prefix"`   // before the signature, such as "sha256="
	// Timestamp is the header with the Unix time of a signature, Window how many seconds old it may be; 0 means 300.
	Timestamp string `yaml:"timestamp"`
	Window    int    `yaml:"window"`
}

// Condition tells calls apart: the field is there, and is one of Is if that is given.
type Condition struct {
	Field string   `yaml:"field"`
	Is    []string `yaml:"is"`
}

// Incoming names the fields of a message from a person.
type Incoming struct {
	When *Condition `yaml:"when"` // missing: every call that is no status
	From string     `yaml:"from"`
	To   string     `yaml:"to"`
	Text string     `yaml:"text"`
	ID   string     `yaml:"id"`
	Time string     `yaml:"time"`
	// Layouts are those of Go (2006-01-02 15:04:05), "unix" or "unix_ms"; Zone is where a time without a zone is meant.
	Layouts []string `yaml:"layouts"`
	Zone    string   `yaml:"zone"`
	// Repeat says by what a repeated call is known: "id", or "content" (who, what and when) where ids are not to be trusted.
	Repeat string `yaml:"repeat"`
	// Call tells a missed call, which has no text, from a message; missing: there are none.
	Call *Condition `yaml:"call"`
}

// State names the fields of a status callback.
type State struct {
	When    *Condition        `yaml:"when"`
	ID      string            `yaml:"id"`    // the aggregator's
	Ours    string            `yaml:"ours"`  // our own message id, where it is returned
	State   string            `yaml:"state"` // looked up in States; what is not there says nothing
	Code    string            `yaml:"code"`
	States  map[string]string `yaml:"states"` // to queued, sending, sent, delivered, read, failed or undelivered
	Time    string            `yaml:"time"`
	Layouts []string          `yaml:"layouts"`
	Zone    string            `yaml:"zone"`
}

//go:embed examples/*.yaml
var examples embed.FS

// Examples are the shipped descriptions: a starting point, with hosts that do not exist.
func Examples() fs.FS {
	sub, err := fs.Sub(examples, "examples")
	if err != nil {
		panic(err) // the folder is built in
	}
	return sub
}

// Load reads a file of descriptions (GATEWAY_CONFIG), YAML or JSON: {gateways: […]}. Where it says ${GATEWAY_…}, the value is
// looked up, so that secrets stay out of the file; names that do not begin so are refused. All faults are told at once.
func Load(file []byte, lookup func(name string) string) ([]Config, error) {
	var v struct {
		Gateways []Config `yaml:"gateways"`
	}
	if err := yaml.UnmarshalWithOptions(bytes.TrimPrefix(file, []byte("\ufeff")), &v, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("gateway: the descriptions are not readable: %w", err)
	}
	var faults []error
	seen := map[string]bool{}
	if len(v.Gateways) == 0 {
		faults = append(faults, errors.New("gateway: no description"))
	}
	for i := range v.Gateways {
		c := &v.Gateways[i]
		faults = append(faults, c.fill(lookup)...)
		if seen[c.Name] {
			faults = append(faults, fmt.Errorf("gateway: two are called %q", c.Name))
		}
		seen[c.Name] = true
		faults = append(faults, c.faults()...)
	}
	return v.Gateways, errors.Join(faults...)
}

var variable = regexp.MustCompile(`\$\{([^}]*)\}`)

// fill puts in what the file leaves to the environment.
func (c *Config) fill(lookup func(string) string) (faults []error) {
	c.found = map[string]string{}
	put := func(s string) string {
		return variable.ReplaceAllStringFunc(s, func(v string) string {
			name := v[2 : len(v)-1]
			if !strings.HasPrefix(name, "GATEWAY_") {
				faults = append(faults, fmt.Errorf("gateway %s: ${%s}: only names with GATEWAY_ in front are looked up", c.Name, name))
				return ""
			}
			if c.found[v] == "" {
				if c.found[v] = lookup(name); c.found[v] == "" {
					faults = append(faults, fmt.Errorf("gateway %s: %s is not set", c.Name, name))
				}
			}
			return c.found[v]
		})
	}
	if s := c.Send; s != nil {
		s.URL = put(s.URL)
		for _, m := range []map[string]string{s.Query, s.Form, s.Headers} {
			for k := range m {
				put(m[k])
			}
		}
		inJSON(s.JSON, put)
		if s.Basic != nil {
			s.Basic.User, s.Basic.Password = put(s.Basic.User), put(s.Basic.Password)
		}
	}
	if c.Receive != nil {
		c.Receive.Proof.Secret = put(c.Receive.Proof.Secret)
	}
	for i := range c.Own {
		c.Own[i] = put(c.Own[i])
	}
	return faults
}

// inJSON is a copy of a tree with every text in it changed.
func inJSON(v any, change func(string) string) any {
	switch v := v.(type) {
	case string:
		return change(v)
	case map[string]any:
		if v == nil {
			return v
		}
		out := make(map[string]any, len(v))
		for k, x := range v {
			out[k] = inJSON(x, change)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = inJSON(x, change)
		}
		return out
	}
	return v
}
