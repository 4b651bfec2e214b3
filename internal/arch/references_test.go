package arch

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"testing"
)

var (
	ruleName  = regexp.MustCompile(`\bR(?:0[1-9]|[12][0-9]|3[0-2])\b`)
	faultList = regexp.MustCompile(`faults\.md ((?:[A-K]\d+)(?:(?:, | and )[A-K]\d+)*)`)
	faultName = regexp.MustCompile(`[A-K]\d+`)
)

// A comment that points to a rule or a fault is only worth something where the rule can be read.
func TestReferencesCanBeLookedUp(t *testing.T) {
	tree := os.DirFS(root(t))
	page, err := fs.ReadFile(tree, "docs/references.md")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	look := func(where, name string) {
		if !told[name] && !regexp.MustCompile(`(?m)^\| `+name+` \|`).Match(page) {
			t.Errorf("%s points to %s, which docs/references.md does not explain", where, name)
		}
		told[name] = true
	}
	err = walk(tree, func(file string) error {
		if !slices.Contains([]string{".go", ".sql", ".yaml"}, path.Ext(file)) {
			return nil
		}
		text, err := fs.ReadFile(tree, file)
		if err != nil {
			return err
		}
		for _, name := range ruleName.FindAllString(string(text), -1) {
			look(file, name)
		}
		for _, list := range faultList.FindAllStringSubmatch(string(text), -1) {
			for _, name := range faultName.FindAllString(list[1], -1) {
				look(file, name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(told) < 20 {
		t.Errorf("found only %d references: the patterns no longer fit", len(told))
	}
}

// The table of rooms here and the one that people read name the same rooms.
func TestDesignNamesEveryRoom(t *testing.T) {
	page, err := fs.ReadFile(os.DirFS(root(t)), "docs/design.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rooms {
		want := name(r.path)
		if within(want, []string{"channels"}) && want != "channels" && want != "channels/channelstest" {
			want = "channels/X" // the adapters share a line
		}
		if !regexp.MustCompile("(?m)^\\|.*`" + regexp.QuoteMeta(want) + "`").Match(page) {
			t.Errorf("docs/design.md has no line for the room %s", want)
		}
	}
}
