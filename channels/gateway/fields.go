package gateway

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	idLimit   = 128 // bytes of an aggregator's id
	codeLimit = 32  // and of its codes
)

// fields is what a call or an answer holds, by name.
type fields struct {
	text string     // an answer as it came
	form url.Values // of a form or a query
	tree any        // of JSON
}

// read takes an answer apart, which may be JSON or plain text.
func (a *Adapter) read(body []byte) fields {
	f := fields{text: string(body)}
	f.tree, _ = decoded(body)
	return f
}

// decoded reads one JSON value, numbers as they were written.
func decoded(body []byte) (any, bool) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil || d.More() {
		return nil, false
	}
	return v, true
}

// piece is what an Extract finds.
func (a *Adapter) piece(f fields, e Extract) (string, bool) {
	switch {
	case e.Field != "":
		return f.get(e.Field)
	case e.Match != "":
		g := a.patterns[e.Match].FindStringSubmatch(f.text)
		if g == nil {
			return "", false
		}
		return strings.TrimSpace(g[min(1, len(g)-1)]), true
	}
	return "", false
}

// get is a field's value as text; a path goes through objects and, by number, lists. Objects, lists and null are no values.
func (f fields) get(path string) (string, bool) {
	if path == "" {
		return "", false
	}
	if f.form != nil {
		v, ok := f.form[path]
		if !ok {
			return "", false
		}
		return v[0], true
	}
	at := f.tree
	for _, step := range strings.Split(path, ".") {
		switch v := at.(type) {
		case map[string]any:
			at = v[step]
		case []any:
			n, err := strconv.Atoi(step)
			if err != nil || n < 0 || n >= len(v) {
				return "", false
			}
			at = v[n]
		default:
			return "", false
		}
	}
	switch v := at.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// name is a short value that identifies something: printable, of limited length.
func (f fields) name(path string, limit int) (string, bool) {
	v, ok := f.get(path)
	if !ok || v == "" || len(v) > limit || !utf8.ValidString(v) || strings.IndexFunc(v, func(r rune) bool { return r < 0x20 || r == 0x7f }) >= 0 {
		return "", false
	}
	return v, true
}

// meets is true if a condition holds; none is met by everything.
func (f fields) meets(c *Condition) bool {
	if c == nil {
		return true
	}
	v, ok := f.get(c.Field)
	if !ok || len(c.Is) == 0 {
		return ok
	}
	for _, is := range c.Is {
		if v == is {
			return true
		}
	}
	return false
}
