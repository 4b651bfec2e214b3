// Package areas knows the provinces, kabupaten, kota and kecamatan of Indonesia by their Kemendagri codes, and the national
// holidays. Both are data that ships with the program (see NOTICE for the source and its licence).
package areas

import "time"

// Area is a province ("32"), a kabupaten or kota ("32.10") or a kecamatan ("32.10.06").
type Area struct {
	Code   string
	Parent string // empty for a province
	Level  int    // 1 province, 2 kabupaten or kota, 3 kecamatan
	Name   string // "Majalengka", "Kota Bandung", "Maja"
	Zone   string // IANA name
}

// Index is all areas, to look up by code and by name.
type Index struct{}

// Load reads the areas that ship with the program.
func Load() (*Index, error) { return &Index{}, nil }

// All is every area, parents before children.
func (x *Index) All() []Area { return nil }

// Get is the area of a code.
func (x *Index) Get(code string) (Area, bool) { return Area{}, false }

// Holiday is one national holiday.
type Holiday struct {
	Day  time.Time
	Name string
}

// Pause is a stretch of days on which nobody is asked.
type Pause struct {
	From, To time.Time
	Name     string
}
