package roster

// List names a kind of list.
type List string

// The lists.
const (
	People   List = "people"
	Staff    List = "staff"
	Grants   List = "grants"
	Sessions List = "sessions"
)

// Field is a column that we know, by its Indonesian header ("No HP").
type Field string

// Mapping says in which column (from 0) a field stands.
type Mapping map[Field]int

// Guess matches a table's headers to the fields of a list by their synonyms.
func Guess(list List, header []string) Mapping { return nil }

// Fields are the columns of a list in their usual order; required ones must be there.
func Fields(list List) (fields []Field, required []Field) { return nil, nil }
