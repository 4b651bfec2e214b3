// Package source reads YAML files with the line of everything in them, so that
// a fault can be told as file:line. It is shared by flows and flows/text.
package source

import (
	"fmt"
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

// Faults are all the faults of a load, as one error.
type Faults []Fault

func (fs Faults) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}
