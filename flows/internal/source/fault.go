package source

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Fault is something wrong in a file. Line is 0 where the file as a whole, or
// something outside it, is wrong.
type Fault struct {
	File    string
	Line    int
	Problem string
}

func (f Fault) String() string {
	if f.Line == 0 {
		return f.File + ": " + f.Problem
	}
	return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Problem)
}

// Faults are all faults found, as one error.
type Faults []Fault

func (fs Faults) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

// Sorted orders faults by file and line and drops repetitions.
func (fs Faults) Sorted() Faults {
	out := slices.Clone(fs)
	slices.SortFunc(out, func(a, b Fault) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), strings.Compare(a.Problem, b.Problem))
	})
	return slices.Compact(out)
}

// Mark is where a text key is defined.
type Mark struct {
	Key  string
	File string
	Line int
}
