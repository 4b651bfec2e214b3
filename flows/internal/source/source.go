// Package source reads YAML files with the line of everything in them, so that
// a fault can be told as file:line. It is shared by flows and flows/text.
//
// It knows mappings, lists and scalars. Every scalar is its own text (0812 and
// yes stay what was typed); anchors, aliases, merges and tags are faults.
package source

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Kind is what a node is.
type Kind int

// The kinds of nodes. Empty is a key without a value.
const (
	Empty Kind = iota
	Scalar
	Map
	List
)

// Node is a value in a file.
type Node struct {
	Kind   Kind
	Line   int
	Value  string  // of a Scalar
	Fields []Field // of a Map, in the order written
	Items  []Node  // of a List
}

// Field is one entry of a mapping.
type Field struct {
	Key   string
	Line  int
	Value Node
}

// Page is one file being read. Its faults gather until all of it is read.
type Page struct {
	File   string
	Faults Faults
}

// maxBytes bounds a file; ours are some tens of kilobytes.
const maxBytes = 4 << 20

// Open reads a file of a directory; dir is only for naming it in faults. What
// cannot be read is a fault, and the node is Empty.
func Open(fsys fs.FS, dir, name string) (*Page, Node) {
	p := &Page{File: path.Join(dir, name)}
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		p.Fault(0, "cannot be read: %v", err)
		return p, Node{}
	}
	if len(data) > maxBytes {
		p.Fault(0, "is larger than %d bytes", maxBytes)
		return p, Node{}
	}
	return p, p.parse(data)
}

func (p *Page) parse(data []byte) (root Node) {
	// The parser is somebody else's: a file that breaks it is a faulty file.
	defer func() {
		if r := recover(); r != nil {
			p.Fault(0, "is not YAML that can be read: %v", r)
			root = Node{}
		}
	}()
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		var at yaml.Error
		if errors.As(err, &at) && at.GetToken() != nil && at.GetToken().Position != nil {
			p.Fault(at.GetToken().Position.Line, "is not YAML: %s", at.GetMessage())
		} else {
			p.Fault(0, "is not YAML: %v", err)
		}
		return Node{}
	}
	docs := 0
	for _, d := range file.Docs {
		if d == nil || d.Body == nil {
			continue
		}
		if docs++; docs > 1 {
			p.Fault(lineOf(d.Body), "holds a second document")
			break
		}
		root = p.node(d.Body)
	}
	return root
}

// Fault notes something wrong on a line.
func (p *Page) Fault(line int, format string, args ...any) {
	p.Faults = append(p.Faults, Fault{File: p.File, Line: line, Problem: fmt.Sprintf(format, args...)})
}

func (p *Page) node(n ast.Node) Node {
	out := Node{Line: lineOf(n)}
	switch n := n.(type) {
	case nil, *ast.NullNode:
	case *ast.MappingNode:
		out.Kind = Map
		for _, v := range n.Values {
			p.field(&out, v)
		}
	case *ast.MappingValueNode:
		out.Kind = Map
		p.field(&out, n)
	case *ast.SequenceNode:
		out.Kind = List
		for _, v := range n.Values {
			out.Items = append(out.Items, p.node(v))
		}
	case *ast.StringNode:
		out.Kind, out.Value = Scalar, n.Value
	case *ast.LiteralNode:
		out.Kind = Scalar
		if n.Value != nil {
			out.Value = strings.TrimRight(n.Value.Value, "\n")
		}
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		out.Kind, out.Value = Scalar, n.GetToken().Value
	default:
		p.Fault(out.Line, "anchors, aliases, merges and tags are not used here")
	}
	return out
}

func (p *Page) field(out *Node, v *ast.MappingValueNode) {
	if v == nil || v.Key == nil {
		return
	}
	key := p.node(v.Key)
	if key.Kind != Scalar {
		p.Fault(key.Line, "a key must be a plain word")
		return
	}
	for _, f := range out.Fields {
		if f.Key == key.Value {
			p.Fault(key.Line, "%q stands here twice, first on line %d", key.Value, f.Line)
			return
		}
	}
	f := Field{Key: key.Value, Line: key.Line, Value: p.node(v.Value)}
	if f.Value.Kind == Empty || f.Value.Line == 0 {
		f.Value.Line = key.Line
	}
	if out.Line == 0 || f.Line < out.Line {
		out.Line = f.Line
	}
	out.Fields = append(out.Fields, f)
}

func lineOf(n ast.Node) int {
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return 0
	}
	return n.GetToken().Position.Line
}
