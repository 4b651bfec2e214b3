package arch

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// imports finds packages without a room and imports that a room may not have. Tests may import anything.
func imports(all []source) (faults []string) {
	told := map[string]bool{}
	for _, s := range all {
		r, ok := roomOf(s.dir)
		if !ok || slices.Contains(emptyNames, path.Base(s.dir)) {
			if !told[s.dir] {
				faults = append(faults, fmt.Sprintf("%s: the package %s has no room: add it to rooms_test.go and docs/design.md, by a name that says what is in it", s.at(s.file.Package), s.dir))
			}
			told[s.dir] = true
			continue
		}
		if s.test {
			continue
		}
		for _, i := range s.file.Imports {
			p, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				faults = append(faults, fmt.Sprintf("%s: %v", s.at(i.Pos()), err))
				continue
			}
			if i.Name != nil && i.Name.Name == "." {
				faults = append(faults, fmt.Sprintf("%s: a dot import hides where names come from", s.at(i.Pos())))
			}
			if ours, ok := strings.CutPrefix(p+"/", module+"/"); ok {
				ours = strings.TrimSuffix(ours, "/")
				if !r.free && !slices.Contains(r.may, ours) {
					faults = append(faults, fmt.Sprintf("%s: %s may not import %s", s.at(i.Pos()), name(s.dir), name(ours)))
				}
				continue
			}
			if first, _, _ := strings.Cut(p, "/"); strings.Contains(first, ".") && !within(p, r.outside) {
				faults = append(faults, fmt.Sprintf("%s: %s may not import %s", s.at(i.Pos()), name(s.dir), p))
			}
		}
	}
	return faults
}

func name(dir string) string {
	if dir == "" {
		return "main"
	}
	return dir
}

var statement = regexp.MustCompile(`(?is)\bselect\b.+\bfrom\b|\binsert\s+into\b|\bupdate\b.+\bset\b|\bdelete\s+from\b`)

// sql finds statements outside internal/postgres.
func sql(all []source) (faults []string) {
	used := make([]bool, len(sqlMay))
	for _, s := range all {
		if s.test {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			e, ok := n.(ast.Expr)
			if !ok {
				return true
			}
			text, whole := literal(e)
			if !statement.MatchString(text) {
				return !whole
			}
			if i, ok := listed(sqlMay, s); ok {
				used[i] = true
			} else {
				faults = append(faults, fmt.Sprintf("%s: SQL lives in internal/postgres", s.at(n.Pos())))
			}
			return false
		})
	}
	return append(faults, idle(sqlMay, used)...)
}

// literal is the text of a string or of strings that are added up, with a blank for what is not written there. whole says
// that nothing below e needs to be looked at again.
func literal(e ast.Expr) (text string, whole bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			if s, err := strconv.Unquote(e.Value); err == nil {
				return s, true
			}
		}
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			x, _ := literal(e.X)
			y, _ := literal(e.Y)
			return x + " " + y, false
		}
	}
	return "", false
}

// clock finds readers of the process's clock, called or handed on, and exceptions that nobody needs.
func clock(all []source) (faults []string) {
	used := make([]bool, len(clockMay))
	for _, s := range all {
		pkg, ok := importName(s.file, "time")
		if !ok || s.test {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok || !slices.Contains([]string{"Now", "Since", "Until"}, sel.Sel.Name) {
				return true
			}
			if id, ok := sel.X.(*ast.Ident); !ok || id.Name != pkg || id.Obj != nil {
				return true
			}
			if i, ok := listed(clockMay, s); ok {
				used[i] = true
			} else {
				faults = append(faults, fmt.Sprintf("%s: reads the process's clock (time.%s): the time is passed in", s.at(n.Pos()), sel.Sel.Name))
			}
			return true
		})
	}
	return append(faults, idle(clockMay, used)...)
}

// inits finds functions that run before main.
func inits(all []source) (faults []string) {
	used := make([]bool, len(initMay))
	for _, s := range all {
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv != nil || f.Name.Name != "init" {
				continue
			}
			if i, ok := listed(initMay, s); ok {
				used[i] = true
			} else {
				faults = append(faults, fmt.Sprintf("%s: init runs where nobody sees it: let main call it", s.at(f.Pos())))
			}
		}
	}
	return append(faults, idle(initMay, used)...)
}

func idle(places []place, used []bool) (faults []string) {
	for i, p := range places {
		if !used[i] {
			faults = append(faults, fmt.Sprintf("rooms_test.go: nothing needs the exception for %s any more: take it out", name(p.path)))
		}
	}
	return faults
}
