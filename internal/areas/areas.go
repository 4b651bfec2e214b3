// Package areas knows the provinces, kabupaten, kota and kecamatan of Indonesia by their Kemendagri codes, and the national
// holidays. Both are data that ships with the program; NOTICE beside this file names the source and its licence.
package areas

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"strings"
)

//go:embed areas.tsv.gz
var packed []byte

// Country is the code of the whole country, as staff of the ministry have it.
const Country = "ID"

// Levels of areas.
const (
	Province  = 1
	Kabupaten = 2 // and kota
	Kecamatan = 3
)

// Area is a province ("32"), a kabupaten or kota ("32.10") or a kecamatan ("32.10.06").
type Area struct {
	Code   string
	Parent string // empty for a province
	Level  int
	Name   string // "Majalengka" is the kabupaten, "Kota Bandung" the kota, "Maja" a kecamatan
	Zone   string // IANA name
}

// Full is how the area is named beside others: "Kab. Majalengka", "Kota Bandung", "Kec. Maja", "Jawa Barat".
func (a Area) Full() string {
	switch {
	case a.Level == Kecamatan:
		return "Kec. " + a.Name
	case a.Level == Kabupaten && a.city() && !strings.HasPrefix(a.Name, "Kota "):
		return "Kota " + a.Name
	case a.Level == Kabupaten && !a.city():
		return "Kab. " + a.Name
	}
	return a.Name
}

// city says whether a second-level area is a kota: Kemendagri numbers those from 71.
func (a Area) city() bool { return len(a.Code) == 5 && a.Code[3] >= '7' }

// Within says whether a code lies in an area or is it. The empty area and "ID" hold everything.
func Within(code, area string) bool {
	return area == "" || area == Country || code == area || strings.HasPrefix(code, area+".")
}

// Index is all areas, to look up by code and by name. It is never changed after Load.
type Index struct {
	all    []Area
	byCode map[string]int
	within map[string][]int // parent → its areas; "" → all kabupaten and kota
}

// Load reads the areas that ship with the program, about 7,800 of them.
func Load() (*Index, error) {
	zip, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("areas: %w", err)
	}
	x := &Index{byCode: map[string]int{}, within: map[string][]int{}}
	lines := bufio.NewScanner(zip)
	for lines.Scan() {
		code, name, ok := strings.Cut(lines.Text(), "\t")
		if !ok || len(code) != 2 && len(code) != 5 && len(code) != 8 {
			return nil, fmt.Errorf("areas: line %q", lines.Text())
		}
		a := Area{Code: code, Name: name, Level: (len(code) + 1) / 3, Zone: zone(code[:2])}
		if a.Level > Province {
			a.Parent = code[:len(code)-3]
			if _, ok := x.byCode[a.Parent]; !ok {
				return nil, fmt.Errorf("areas: %s comes before its parent", code)
			}
		}
		n := len(x.all)
		x.all = append(x.all, a)
		x.byCode[code] = n
		switch a.Level {
		case Kabupaten:
			x.within[""] = append(x.within[""], n)
			x.within[a.Parent] = append(x.within[a.Parent], n)
		case Kecamatan:
			x.within[a.Parent] = append(x.within[a.Parent], n)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("areas: %w", err)
	}
	return x, nil
}

// All is every area, parents before children, in the order of the codes.
func (x *Index) All() []Area { return x.all }

// Get is the area of a code.
func (x *Index) Get(code string) (Area, bool) {
	n, ok := x.byCode[code]
	if !ok {
		return Area{}, false
	}
	return x.all[n], true
}

// zone of a province, by the first two digits. Indonesia's zones follow province borders.
func zone(province string) string {
	switch province {
	case "61", "62":
		return "Asia/Pontianak"
	case "51", "52", "53", "63", "64", "65":
		return "Asia/Makassar"
	}
	switch province[0] {
	case '7':
		return "Asia/Makassar"
	case '8', '9':
		return "Asia/Jayapura"
	}
	return "Asia/Jakarta"
}
