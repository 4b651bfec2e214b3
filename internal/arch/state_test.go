package arch

import (
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
)

// stateful are types that exist to be changed.
var stateful = regexp.MustCompile(`^(sync\.(Mutex|RWMutex|Map|Pool|Once|WaitGroup|Cond)|atomic\.\w+|chan)$`)

// globals finds state that belongs to nobody: variables of a package that a function changes, and those of types that
// exist to be changed. Tables, patterns and what is computed once may stand there.
func globals(all []source) (faults []string) {
	type decl struct {
		spec *ast.ValueSpec
		src  source
	}
	vars := map[string]map[string]decl{} // package → variable
	for _, s := range all {
		if s.test {
			continue
		}
		for _, d := range s.file.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.VAR {
				continue
			}
			for _, spec := range g.Specs {
				v := spec.(*ast.ValueSpec)
				if kind := changing(v); kind != "" {
					faults = append(faults, fmt.Sprintf("%s: %s is a %s of the whole package: let a struct own it", s.at(v.Pos()), v.Names[0].Name, kind))
				}
				for _, id := range v.Names {
					if vars[s.dir] == nil {
						vars[s.dir] = map[string]decl{}
					}
					vars[s.dir][id.Name] = decl{v, s}
				}
			}
		}
	}
	for _, s := range all {
		if s.test {
			continue
		}
		check := func(e ast.Expr) {
			id := base(e)
			if id == nil || id.Name == "_" {
				return
			}
			d, ok := vars[s.dir][id.Name]
			// A name that the file itself declares is known to the parser; one of another file of the package is not.
			if ok && (id.Obj == nil && d.src.path != s.path || id.Obj != nil && id.Obj.Decl == d.spec) {
				faults = append(faults, fmt.Sprintf("%s: changes %s, which belongs to the whole package: let a struct own it", s.at(e.Pos()), id.Name))
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				if n.Tok != token.DEFINE {
					for _, e := range n.Lhs {
						check(e)
					}
				}
			case *ast.IncDecStmt:
				check(n.X)
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.Ident); ok && (f.Name == "delete" || f.Name == "clear") && len(n.Args) > 0 {
					check(n.Args[0])
				}
			}
			return true
		})
	}
	return faults
}

// base is the variable that an assignment changes a part of: m of m[k].x.
func base(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.IndexExpr:
			e = x.X
		case *ast.SelectorExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// changing names the type of a variable that exists to be changed, as far as its declaration shows it.
func changing(v *ast.ValueSpec) string {
	if kind := kindOf(v.Type); stateful.MatchString(kind) {
		return kind
	}
	for _, e := range v.Values {
		switch x := e.(type) {
		case *ast.UnaryExpr:
			e = x.X
		case *ast.CallExpr: // make(chan T)
			if f, ok := x.Fun.(*ast.Ident); ok && (f.Name == "make" || f.Name == "new") && len(x.Args) > 0 {
				e = x.Args[0]
			}
		}
		if c, ok := e.(*ast.CompositeLit); ok {
			e = c.Type
		}
		if kind := kindOf(e); stateful.MatchString(kind) {
			return kind
		}
	}
	return ""
}

func kindOf(e ast.Expr) string {
	switch x := e.(type) {
	case *ast.StarExpr:
		return kindOf(x.X)
	case *ast.IndexExpr: // atomic.Pointer[T]
		return kindOf(x.X)
	case *ast.ChanType:
		return "chan"
	case *ast.SelectorExpr:
		if id, ok := x.X.(*ast.Ident); ok {
			return id.Name + "." + x.Sel.Name
		}
	}
	return ""
}
