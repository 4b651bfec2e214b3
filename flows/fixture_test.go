package flows_test

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
)

// good is a small programme without a fault: testdata/good.
func good(tb testing.TB) fstest.MapFS {
	tb.Helper()
	out := fstest.MapFS{}
	root := os.DirFS("testdata/good")
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		out[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

func replaced(tb testing.TB, files fstest.MapFS, name, old, by string) {
	tb.Helper()
	s := string(files[name].Data)
	if strings.Count(s, old) != 1 {
		tb.Fatalf("%s holds %q %d times, want once", name, old, strings.Count(s, old))
	}
	files[name] = &fstest.MapFile{Data: []byte(strings.Replace(s, old, by, 1))}
}

func loaded(tb testing.TB, files fstest.MapFS) (*flows.Book, *text.Catalogue) {
	tb.Helper()
	b, err := flows.Load(files)
	if err != nil {
		tb.Fatal(err)
	}
	words, err := fs.Sub(files, "text")
	if err != nil {
		tb.Fatal(err)
	}
	c, err := text.Load(words)
	if err != nil {
		tb.Fatal(err)
	}
	return b, c
}

func verbs() []flows.Verb {
	return []flows.Verb{
		{Name: "report.weigh", Outcomes: []string{"stored_up", "ambiguous", "which"}, Gives: []string{"jumlah", "p", "ringkas", "pilihan"},
			Offers: []flows.Offer{{Var: "weeks", Label: "report.week", Max: 3}}},
		{Name: "report.record", Outcomes: []string{"stored"}, Gives: []string{"jumlah", "p"}},
		{Name: "report.unread", Outcomes: []string{"again", "given_up"}},
		{Name: "report.holiday", Outcomes: []string{"noted"}},
		{Name: "stranger.check", Outcomes: []string{"right", "wrong"}, Gives: []string{"nama"}},
	}
}

func opens() []flows.Open {
	return []flows.Open{
		{By: "weekly prompt", Ref: "report#ask", Says: "report.ask"},
		{By: "grant notice", Says: "prompt.note", Gives: []string{"tahap"}},
		{By: "grant notice", Says: "grant.stage.*"},
	}
}
