package bahasa

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

//go:embed data/spelling.txt
var spellingText string

// spellings maps what people type to the one spelling of a word.
var spellings = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for name, words := range sections(spellingText) {
		for _, w := range words {
			out[w] = name
		}
	}
	return out
})

// sections reads "NAME: word word …" lines; a name may have several lines.
func sections(text string) map[string][]string {
	out := map[string][]string{}
	for _, line := range strings.Split(text, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		name, words, ok := strings.Cut(line, ":")
		if !ok {
			panic("bahasa: no colon in " + line)
		}
		out[name] = append(out[name], strings.Fields(words)...)
	}
	return out
}

// spell returns the one spelling of a normalised word.
func spell(w string) string {
	if s, ok := spellings()[w]; ok {
		return s
	}
	return w
}

// lexicon finds words, and words that stand together, and says which classes
// they belong to.
type lexicon struct {
	names  []string // of the classes
	single map[string]classes
	multi  map[string][]joined // by first word, longest first
	parts  map[string]struct{} // every word that an entry of several holds
}

// classes is a small sorted set of class numbers.
type classes []uint16

func (c classes) has(n uint16) bool { return slices.Contains(c, n) }

type joined struct {
	words []string
	is    classes
}

// newLexicon compiles a text of sections. Words go through spell and reduce, so
// the data may be written in any spelling.
func newLexicon(text string) *lexicon {
	l := &lexicon{single: map[string]classes{}, multi: map[string][]joined{}, parts: map[string]struct{}{}}
	all := sections(text)
	for name := range all {
		l.names = append(l.names, name)
	}
	slices.Sort(l.names)
	for _, several := range []bool{false, true} {
		for i, name := range l.names {
			for _, entry := range all[name] {
				if words := l.words(entry); (len(words) > 1) == several {
					l.add(words, uint16(i))
				}
			}
		}
	}
	for _, js := range l.multi {
		slices.SortStableFunc(js, func(a, b joined) int { return len(b.words) - len(a.words) })
	}
	return l
}

// words are the words of an entry; kira-kira is read as kira.
func (l *lexicon) words(entry string) []string {
	var out []string
	for _, p := range strings.Split(entry, "_") {
		for _, w := range strings.Split(p, "-") {
			w = spell(Normalise(w))
			if n := len(out); n == 0 || out[n-1] != w {
				out = append(out, w)
			}
		}
	}
	if len(out) > 1 {
		for i, w := range out {
			out[i] = l.reduce(w)
		}
	}
	return out
}

func (l *lexicon) add(words []string, class uint16) {
	if len(words) == 1 {
		if w := words[0]; !l.single[w].has(class) {
			l.single[w] = append(l.single[w], class)
		}
		return
	}
	for _, w := range words {
		l.parts[w] = struct{}{}
	}
	for i, j := range l.multi[words[0]] {
		if slices.Equal(j.words, words) {
			if !j.is.has(class) {
				l.multi[words[0]][i].is = append(j.is, class)
			}
			return
		}
	}
	l.multi[words[0]] = append(l.multi[words[0]], joined{words, classes{class}})
}

// class returns the number of a class; unknown names are a fault in the program.
func (l *lexicon) class(name string) uint16 {
	i, ok := slices.BinarySearch(l.names, name)
	if !ok {
		panic("bahasa: no class " + name)
	}
	return uint16(i)
}

// at returns the classes of the longest entry that begins at words[i], and how
// many words it takes; nothing known takes one word.
func (l *lexicon) at(words []string, i int) (classes, int) {
	for _, j := range l.multi[words[i]] {
		if len(words)-i >= len(j.words) && slices.Equal(words[i:i+len(j.words)], j.words) {
			return j.is, len(j.words)
		}
	}
	return l.single[words[i]], 1
}

// endings are possessives, articles and particles that stand at the end of a
// word in the three languages.
var endings = [...]string{"nyah", "nya", "nipun", "ipun", "lah", "kah", "pun", "ne", "na", "ku", "mu", "e", "ki"}

// reduce returns the word of the lexicon that w is a drawn-out or inflected form
// of: siaaap, modalnya, bapake. Words with a class of their own come first; an
// unknown word stays as it is.
func (l *lexicon) reduce(w string) string {
	if r, ok := reduceTo(l.single, w); ok {
		return r
	}
	if r, ok := reduceTo(l.parts, w); ok {
		return r
	}
	return w
}

func reduceTo[V any](known map[string]V, w string) (string, bool) {
	if _, ok := known[w]; ok || onlyDigits(w) {
		return w, ok
	}
	for n := 2; n >= 1; n-- {
		if d := drawn(w, n); d != w {
			d = spell(d)
			if _, ok := known[d]; ok {
				return d, true
			}
		}
	}
	for _, e := range endings {
		if stem := len(w) - len(e); stem >= 3 && w[stem:] == e {
			d := spell(w[:stem])
			if _, ok := known[d]; ok {
				return d, true
			}
		}
	}
	return w, false
}

func (l *lexicon) knows(w string) bool {
	if _, ok := l.single[w]; ok {
		return true
	}
	_, ok := l.parts[w]
	return ok
}

// drawn shortens letters that are repeated more than n times: iyaaa, siaaap.
func drawn(w string, n int) string {
	same, cut := 0, false
	for i := 1; i < len(w); i++ {
		if w[i] == w[i-1] {
			same++
			cut = cut || same >= n
		} else {
			same = 0
		}
	}
	if !cut {
		return w
	}
	b := make([]byte, 0, len(w))
	same = 0
	for i := 0; i < len(w); i++ {
		if i > 0 && w[i] == w[i-1] {
			same++
		} else {
			same = 0
		}
		if same < n {
			b = append(b, w[i])
		}
	}
	return string(b)
}
