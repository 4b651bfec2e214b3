package areas

import "strings"

// FindKabupaten looks a kabupaten or kota up by the name a spreadsheet gives it: "Majalengka", "Kab. Majalengka", "Kabupaten
// Majalengka", "KOTA BANDUNG", or by its code. A bare name is the kabupaten where a kota of that name exists too. Where
// nothing fits, near is the one name that is almost it, if there is one.
func (x *Index) FindKabupaten(name string) (a Area, near string, ok bool) {
	if a, ok := x.Get(strings.TrimSpace(name)); ok && a.Level == Kabupaten {
		return a, "", true
	}
	want, kind := strip(name)
	for _, n := range x.within[""] {
		a := x.all[n]
		bare, _ := strip(a.Name)
		if bare != want || kind == "kab" && a.city() || kind == "kota" && !a.city() {
			continue
		}
		if kind == "" && a.city() && x.kabupatenNamed(bare) {
			continue
		}
		return a, "", true
	}
	return Area{}, x.near(want, x.within[""]), false
}

func (x *Index) kabupatenNamed(bare string) bool {
	for _, n := range x.within[""] {
		if a := x.all[n]; !a.city() {
			if b, _ := strip(a.Name); b == bare {
				return true
			}
		}
	}
	return false
}

// FindKecamatan looks a kecamatan of one kabupaten up by name ("Maja", "Kec. Maja", "kecamatan maja") or by code.
func (x *Index) FindKecamatan(kabupaten, name string) (a Area, near string, ok bool) {
	if a, ok := x.Get(strings.TrimSpace(name)); ok && a.Level == Kecamatan && a.Parent == kabupaten {
		return a, "", true
	}
	want, _ := strip(name)
	for _, n := range x.within[kabupaten] {
		if bare, _ := strip(x.all[n].Name); bare == want {
			return x.all[n], "", true
		}
	}
	return Area{}, x.near(want, x.within[kabupaten]), false
}

// near is the name that differs least, when it differs little and no other differs as little.
func (x *Index) near(want string, among []int) string {
	best, name := 3, ""
	if len(want) < 4 {
		best = 2 // of three letters, two wrong ones are another word
	}
	for _, n := range among {
		bare, _ := strip(x.all[n].Name)
		switch d := distance(want, bare, best); {
		case d < best:
			best, name = d, x.all[n].Name
		case d == best && name != "":
			name = ""
		}
	}
	return name
}

// strip reduces a name to its letters and digits without "Kabupaten", "Kota" or "Kecamatan", and says which stood there.
func strip(name string) (bare, kind string) {
	s := strings.ToLower(strings.TrimSpace(name))
	for _, p := range []struct{ prefix, kind string }{
		{"kabupaten administrasi ", "kab"}, {"kabupaten ", "kab"}, {"kab. ", "kab"}, {"kab.", "kab"}, {"kab ", "kab"},
		{"kota administrasi ", "kota"}, {"kota adm. ", "kota"}, {"kota ", "kota"}, {"kotamadya ", "kota"},
		{"kecamatan ", ""}, {"kec. ", ""}, {"kec.", ""}, {"kec ", ""},
	} {
		if rest, ok := strings.CutPrefix(s, p.prefix); ok && strings.TrimSpace(rest) != "" {
			s, kind = rest, p.kind
			break
		}
	}
	var b strings.Builder
	for _, r := range s {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		}
	}
	return b.String(), kind
}

// distance counts the letters that must change between two words; it stops caring at limit+1.
func distance(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
