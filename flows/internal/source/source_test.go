package source

import (
	"strings"
	"testing"
	"testing/fstest"
)

func open(t *testing.T, text string) (*Page, Node) {
	t.Helper()
	return Open(fstest.MapFS{"a.yaml": {Data: []byte(text)}}, "", "a.yaml")
}

func TestScalarsStayAsTyped(t *testing.T) {
	p, n := open(t, "a: 0812\nb: yes\nc: 007.50\nd: true\ne: '9'\non: {no: 0x1F}\nf: |\n  two\n  lines\ng:\nh: 2026-06-01\ni: 1_000\n")
	if len(p.Faults) > 0 {
		t.Fatal(p.Faults)
	}
	want := map[string]string{"a": "0812", "b": "yes", "c": "007.50", "d": "true", "e": "9", "f": "two\nlines", "g": "", "h": "2026-06-01", "i": "1_000"}
	for _, f := range n.Fields {
		if f.Key == "on" {
			if got := f.Value.Fields[0]; got.Key != "no" || got.Value.Value != "0x1F" {
				t.Errorf("on: got %+v", got)
			}
			continue
		}
		if f.Value.Value != want[f.Key] {
			t.Errorf("%s: got %q, want %q", f.Key, f.Value.Value, want[f.Key])
		}
		delete(want, f.Key)
	}
	if len(want) > 0 {
		t.Errorf("not read: %v", want)
	}
}

func TestLines(t *testing.T) {
	_, n := open(t, "# a remark\nflow: x\n\nsteps:\n  ask:\n    say: one\n    choose:\n      - {key: 1}\n      - key: 2\n        label: b\n")
	ask := n.Fields[1].Value.Fields[0]
	if ask.Key != "ask" || ask.Line != 5 || ask.Value.Line != 6 {
		t.Errorf("ask: %q line %d, value line %d", ask.Key, ask.Line, ask.Value.Line)
	}
	items := ask.Value.Fields[1].Value.Items
	if items[0].Line != 8 || items[1].Line != 9 {
		t.Errorf("options on lines %d and %d, want 8 and 9", items[0].Line, items[1].Line)
	}
}

func TestFaultsNameTheLine(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"a: 1\nb: 2\na: 3\n", `a.yaml:3: "a" stands here twice, first on line 1`},
		{"a: 1\nb: &x 2\n", "a.yaml:2: anchors"},
		{"a: 1\nb: !!str 2\n", "a.yaml:2: anchors"},
		{"a: 1\n---\nb: 2\n", "a.yaml:3: holds a second document"},
		{"a: [1\nb: 2\n", "a.yaml:2: is not YAML"},
		{"{a: 1}: 2\n", "a.yaml:1: is not YAML"},
	} {
		p, _ := open(t, c.text)
		if len(p.Faults) == 0 || !strings.HasPrefix(p.Faults[0].String(), c.want) {
			t.Errorf("%q: got %v, want %s", c.text, p.Faults, c.want)
		}
	}
}

func FuzzOpen(f *testing.F) {
	for _, s := range []string{"a: 1", "a: [1, {b: c}]", "- a\n- b: |\n   x", "a: &b 1\nc: *b", "<<: {a: 1}", "? a\n: b", "%YAML 1.2\n---\na", "a: >-\n  b", "\xff\xfe"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		_, n := Open(fstest.MapFS{"a.yaml": {Data: []byte(s)}}, "", "a.yaml")
		var walk func(Node)
		walk = func(n Node) {
			for _, f := range n.Fields {
				walk(f.Value)
			}
			for _, i := range n.Items {
				walk(i)
			}
		}
		walk(n)
	})
}

func TestWhatCannotBeRead(t *testing.T) {
	for name, want := range map[string]string{"none.yaml": "flows/none.yaml: cannot be read", "huge.yaml": "flows/huge.yaml: is larger than"} {
		p, n := Open(fstest.MapFS{"huge.yaml": {Data: make([]byte, maxBytes+1)}}, "flows", name)
		if n.Kind != Empty || len(p.Faults) != 1 || !strings.HasPrefix(p.Faults[0].String(), want) {
			t.Errorf("%s: %+v, %v", name, n, p.Faults)
		}
	}
	p, n := open(t, "a: [x, [y], ' ']\nb: {c: 1}\nd: maybe\n")
	if got := p.Words(n.Fields[0].Value, "a"); len(got) != 1 || got[0] != "x" {
		t.Errorf("words %v", got)
	}
	if got := p.Word(n.Fields[1].Value, "b"); got != "" {
		t.Errorf("word %q", got)
	}
	if p.Bool(n.Fields[2].Value, "d") || len(p.Fields(n.Fields[2].Value, "d", "x")) != 0 || len(p.Fields(n.Fields[1].Value, "b", "x")) != 0 {
		t.Error("read what is not there")
	}
	if got := p.Faults.Error(); strings.Count(got, "\n") != 5 {
		t.Errorf("want six faults:\n%s", got)
	}
}
