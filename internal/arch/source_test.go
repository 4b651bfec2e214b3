package arch

import (
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/kabar-prokus/kabar"

// source is one Go file.
type source struct {
	path string // below the root, with slashes
	dir  string // its package's directory, "" for the root
	test bool
	file *ast.File
	set  *token.FileSet
}

// at is a place in a file, as editors know it.
func (s source) at(p token.Pos) string { return fmt.Sprintf("%s:%d", s.path, s.set.Position(p).Line) }

// root is the directory of go.mod.
func root(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the working directory")
		}
	}
}

// walk calls f for every file that belongs to the project: not for what git, a build or a running demo leaves behind.
func walk(tree fs.FS, f func(name string) error) error {
	return fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains([]string{".git", "var", "bin"}, name):
			return fs.SkipDir
		case !d.Type().IsRegular() || name == ".git": // a work tree's pointer to its repository
			return nil
		}
		return f(name)
	})
}

// read parses every Go file of a tree. Programs that are run by hand ("go:build ignore") belong to no package.
func read(tree fs.FS) ([]source, error) {
	var all []source
	err := walk(tree, func(name string) error {
		if path.Ext(name) != ".go" || strings.Contains("/"+name, "/testdata/") {
			return nil
		}
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		s := source{path: name, dir: strings.TrimSuffix(path.Dir("/" + name)[1:], "/"), test: strings.HasSuffix(name, "_test.go"), set: token.NewFileSet()}
		if s.file, err = parser.ParseFile(s.set, name, text, parser.ParseComments); err != nil {
			return err
		}
		if !byHand(s.file) {
			all = append(all, s)
		}
		return nil
	})
	return all, err
}

func byHand(f *ast.File) bool {
	for _, g := range f.Comments {
		for _, c := range g.List {
			if c.Pos() > f.Package || !constraint.IsGoBuild(c.Text) {
				continue
			}
			if x, err := constraint.Parse(c.Text); err == nil && x.String() == "ignore" {
				return true
			}
		}
	}
	return false
}

// house is the project itself. A tree that is not there would keep every rule.
func house(t *testing.T) []source {
	t.Helper()
	all, err := read(os.DirFS(root(t)))
	if err != nil {
		t.Fatal(err)
	}
	dirs := map[string]bool{}
	for _, s := range all {
		dirs[s.dir] = true
	}
	for _, r := range rooms {
		if !r.free && !strings.HasSuffix(r.path, "*") && !dirs[r.path] {
			t.Errorf("the table has a room %q, the tree has none: take it out", r.path)
		}
	}
	return all
}

// importName is the name under which a file knows a package; ok is false if it does not import it.
func importName(f *ast.File, pkg string) (name string, ok bool) {
	for _, i := range f.Imports {
		if i.Path.Value != `"`+pkg+`"` {
			continue
		}
		if i.Name != nil {
			return i.Name.Name, true
		}
		return path.Base(pkg), true
	}
	return "", false
}
