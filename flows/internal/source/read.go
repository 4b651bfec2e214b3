package source

import (
	"slices"
	"strings"
)

// Fields are the entries of a mapping; known are the keys it may have, none for
// any. what names the mapping in a fault.
func (p *Page) Fields(n Node, what string, known ...string) []Field {
	if n.Kind == Empty {
		return nil
	}
	if n.Kind != Map {
		p.Fault(n.Line, "%s must be a mapping", what)
		return nil
	}
	if len(known) == 0 {
		return n.Fields
	}
	var out []Field
	for _, f := range n.Fields {
		if !slices.Contains(known, f.Key) {
			p.Fault(f.Line, "unknown key %q in %s; known are %s", f.Key, what, strings.Join(known, ", "))
			continue
		}
		out = append(out, f)
	}
	return out
}

// Word is a scalar that is not empty.
func (p *Page) Word(n Node, what string) string {
	if n.Kind != Scalar || strings.TrimSpace(n.Value) == "" {
		p.Fault(n.Line, "%s must be one word or text", what)
		return ""
	}
	return n.Value
}

// Words are a scalar or a list of scalars.
func (p *Page) Words(n Node, what string) []string {
	if n.Kind != List {
		if w := p.Word(n, what); w != "" {
			return []string{w}
		}
		return nil
	}
	var out []string
	for _, i := range n.Items {
		if w := p.Word(i, what); w != "" {
			out = append(out, w)
		}
	}
	return out
}

// List are a list's items, or a single value as a list of one.
func (n Node) List() []Node {
	switch n.Kind {
	case List:
		return n.Items
	case Empty:
		return nil
	}
	return []Node{n}
}

// Bool is true or false.
func (p *Page) Bool(n Node, what string) bool {
	switch n.Value {
	case "true":
		return true
	case "false":
		return false
	}
	p.Fault(n.Line, "%s must be true or false", what)
	return false
}
