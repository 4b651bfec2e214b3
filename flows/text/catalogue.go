package text

import (
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/kabar-prokus/kabar/flows/internal/source"
)

// Fault is something wrong in a text file, with its line.
type Fault = source.Fault

// base is the language that is complete and that others fall back on.
const base = "id"

const placeholdersFile = "placeholders.yaml"

// dir is where the files are at home, for naming them in faults.
const dir = "flows/text"

// Catalogue holds the texts of all languages. It may be read and overridden
// from several goroutines.
type Catalogue struct {
	languages []string // base first
	complete  map[string]bool
	draft     map[string]bool
	without   map[string][]leftOut
	meanings  map[string]meaning

	mu      sync.RWMutex
	entries map[string]map[string]*entry // language, key
	changed map[change]form              // approved changes, over the files
}

// leftOut is a pattern of texts that a complete language leaves to Indonesian: what only officers read.
type leftOut struct {
	pattern string
	line    int
}

type change struct{ lang, key, variant string }

var keyShape = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$`)

// Load reads the language files and placeholders.yaml of a directory. The error
// is source.Faults: everything wrong with the files themselves, at once. What
// their words amount to is for Faults.
func Load(fsys fs.FS) (*Catalogue, error) {
	c := &Catalogue{
		complete: map[string]bool{}, draft: map[string]bool{}, without: map[string][]leftOut{},
		entries: map[string]map[string]*entry{}, changed: map[change]form{},
	}
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, source.Faults{{File: dir, Problem: err.Error()}}
	}
	var faults source.Faults
	for _, must := range []string{base + ".yaml", placeholdersFile} {
		if !slices.Contains(names, must) {
			faults = append(faults, Fault{File: path.Join(dir, must), Problem: "is missing"})
		}
	}
	for _, name := range names {
		p, root := source.Open(fsys, dir, name)
		if name == placeholdersFile {
			c.meanings = readPlaceholders(p, root)
		} else {
			c.readLanguage(p, root, strings.TrimSuffix(name, ".yaml"))
		}
		faults = append(faults, p.Faults...)
	}
	if len(faults) > 0 {
		return nil, faults.Sorted()
	}
	c.languages = slices.SortedFunc(maps.Keys(c.entries), func(a, b string) int {
		if (a == base) != (b == base) {
			return map[bool]int{true: -1, false: 1}[a == base]
		}
		return strings.Compare(a, b)
	})
	return c, nil
}

func (c *Catalogue) readLanguage(p *source.Page, root source.Node, lang string) {
	c.entries[lang] = map[string]*entry{}
	declared := false
	for _, f := range p.Fields(root, "a language file", "language", "complete", "without", "draft", "texts") {
		switch f.Key {
		case "language":
			declared = true
			if got := p.Word(f.Value, "language"); got != lang {
				p.Fault(f.Line, "language is %q, but the file is for %q", got, lang)
			}
		case "complete":
			c.complete[lang] = p.Bool(f.Value, "complete")
		case "without":
			for _, n := range f.Value.List() {
				c.without[lang] = append(c.without[lang], leftOut{p.Word(n, "without"), n.Line})
			}
		case "draft":
			c.draft[lang] = p.Bool(f.Value, "draft")
		case "texts":
			for _, t := range p.Fields(f.Value, "texts") {
				c.entries[lang][t.Key] = readEntry(p, t)
			}
		}
	}
	if !declared {
		p.Fault(1, "language: is missing")
	}
	if lang == base && !c.complete[lang] {
		p.Fault(1, "%s must say complete: true, since others fall back on it", base)
	}
}

func readEntry(p *source.Page, t source.Field) *entry {
	e := &entry{forms: map[string]form{}, file: p.File, line: t.Line, lines: map[string]int{}}
	if !keyShape.MatchString(t.Key) {
		p.Fault(t.Line, "%q is no key: small letters, digits and _, joined by dots", t.Key)
	}
	put := func(variant string, n source.Node, line int) {
		f, err := compile(n.Value)
		if n.Kind != source.Scalar {
			p.Fault(line, "%s must be a text", t.Key)
			return
		}
		if err != nil {
			p.Fault(line, "%s: %v", t.Key, err)
			return
		}
		e.forms[variant], e.lines[variant] = f, line
	}
	if t.Value.Kind != source.Map {
		put(plain, t.Value, t.Line)
		return e
	}
	for _, f := range p.Fields(t.Value, "text "+t.Key, variants...) {
		put(f.Key, f.Value, f.Line)
	}
	return e
}

// Languages are the languages there are, Indonesian first.
func (c *Catalogue) Languages() []string { return slices.Clone(c.languages) }

// Draft reports whether a language still waits for a native reader.
func (c *Catalogue) Draft(lang string) bool { return c.draft[lang] }

// Has reports whether a text exists.
func (c *Catalogue) Has(key string) bool {
	_, ok := c.entries[base][key]
	return ok
}

// Keys are all texts, with where the Indonesian one stands, in order of key.
func (c *Catalogue) Keys() []source.Mark {
	var out []source.Mark
	for _, key := range slices.Sorted(maps.Keys(c.entries[base])) {
		e := c.entries[base][key]
		out = append(out, source.Mark{Key: key, File: e.file, Line: e.line})
	}
	return out
}

// Placeholders are the placeholders of a text on a road, sorted; via "" for
// those of all its variants.
func (c *Catalogue) Placeholders(key, lang, via string) []string {
	if via != plain {
		f, _, err := c.find(key, lang, Route{Via: via})
		if err != nil {
			return nil
		}
		return f.names()
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	e := c.entries[lang][key]
	if e == nil {
		e = c.entries[base][key]
	}
	if e == nil {
		return nil
	}
	var out []string
	for v, f := range e.forms {
		if now, ok := c.changed[change{lang, key, v}]; ok {
			f = now
		}
		out = append(out, f.names()...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Given are the placeholders that every turn supplies: of the service, and
// those of the person when it is known who writes.
func (c *Catalogue) Given(known bool) []string {
	var out []string
	for name, m := range c.meanings {
		if m.from == fromEveryone || known && m.from == fromPerson {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}
