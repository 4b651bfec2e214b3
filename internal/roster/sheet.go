package roster

import (
	"errors"
	"fmt"
	"strings"

	"github.com/kabar-prokus/kabar/internal/areas"
)

// sheet is a table read as one kind of list, by one importer.
type sheet struct {
	*Table
	columns Mapping
	index   *areas.Index
	o       Options
}

// openSheet matches the columns and checks that the list can be read at all.
func openSheet(t *Table, list List, o Options) (*sheet, error) {
	index, err := areas.Load()
	if err != nil {
		return nil, err
	}
	if _, ok := index.Get(o.Area); !ok && o.Area != "" && o.Area != areas.Country {
		return nil, &FileError{Problem: fmt.Sprintf("Wilayah %s tidak dikenal.", short(o.Area))}
	}
	s := &sheet{Table: t, columns: o.Mapping, index: index, o: o}
	if s.columns == nil {
		s.columns = Guess(list, t.Header)
	}
	_, required := Fields(list)
	var missing []string
	for _, f := range required {
		if _, ok := s.columns[f]; !ok && !(f == Kecamatan && len(o.Area) == 8) {
			missing = append(missing, string(f))
		}
	}
	if _, ok := s.columns[Kabupaten]; !ok && s.kabupaten() == "" && (list == People || list == Sessions) {
		missing = append(missing, string(Kabupaten))
	}
	if len(missing) > 0 {
		return nil, &FileError{Problem: fmt.Sprintf("Kolom %s tidak ditemukan.", strings.Join(missing, ", ")), Missing: missing}
	}
	return s, nil
}

// kabupaten is the one that the importer's area says, "" if it is wider.
func (s *sheet) kabupaten() string {
	if len(s.o.Area) >= 5 {
		return s.o.Area[:5]
	}
	return ""
}

// get is a row's cell, trimmed, without the apostrophe that keeps a spreadsheet from reading a text as a number or formula.
func (s *sheet) get(row Row, f Field) string {
	i, ok := s.columns[f]
	if !ok || i >= len(row.Cells) {
		return ""
	}
	cell := strings.TrimSpace(row.Cells[i])
	if len(cell) > 1 && cell[0] == '\'' && strings.IndexByte("=+-@0123456789", cell[1]) >= 0 {
		return strings.TrimSpace(cell[1:])
	}
	return cell
}

// judged gathers what there is to say about one row.
type judged struct{ RowResult }

func (j *judged) fault(f Field, format string, args ...any) {
	j.Problems = append(j.Problems, RowError{j.Row, string(f), fmt.Sprintf(format, args...)})
	j.Verdict = Faulty
}

func (j *judged) warn(format string, args ...any) {
	j.Warnings = append(j.Warnings, fmt.Sprintf(format, args...))
}

func (j *judged) fix(format string, args ...any) {
	j.Fixes = append(j.Fixes, fmt.Sprintf(format, args...))
}

// change notes a difference between what is kept and what the row says; a value that is not said changes nothing.
func (j *judged) change(f Field, old, now string) {
	if now != "" && now != old {
		j.Changes = append(j.Changes, Change{string(f), old, now})
	}
}

// fitting cuts a free text to what is kept, and says so.
func (s *sheet) text(j *judged, row Row, f Field) string {
	cell := strings.Join(strings.Fields(s.get(row, f)), " ")
	if r := []rune(cell); len(r) > longestCell {
		j.warn("%s terlalu panjang, dipotong.", f)
		return string(r[:longestCell])
	}
	return cell
}

// district finds the kabupaten of a row: its own column, else the importer's area.
func (s *sheet) district(j *judged, row Row) (areas.Area, bool) {
	name := s.get(row, Kabupaten)
	if name == "" {
		code := s.kabupaten()
		if code == "" {
			j.fault(Kabupaten, "Kabupaten kosong.")
			return areas.Area{}, false
		}
		return s.index.Get(code)
	}
	a, near, ok := s.index.FindKabupaten(name)
	if !ok {
		j.unknown(Kabupaten, fmt.Sprintf("Kabupaten '%s' tidak dikenal.", short(name)), near)
		return areas.Area{}, false
	}
	if !areas.Within(a.Code, s.o.Area) && !areas.Within(s.o.Area, a.Code) {
		j.fault(Kabupaten, "%s di luar wilayah Anda.", a.Full())
		return areas.Area{}, false
	}
	return a, true
}

// subdistrict finds the kecamatan of a row inside its kabupaten.
func (s *sheet) subdistrict(j *judged, row Row) (areas.Area, bool) {
	kab, ok := s.district(j, row)
	if !ok {
		return areas.Area{}, false
	}
	name := s.get(row, Kecamatan)
	if name == "" && len(s.o.Area) == 8 {
		name = s.o.Area
	}
	if name == "" {
		j.fault(Kecamatan, "Kecamatan kosong.")
		return areas.Area{}, false
	}
	return s.kecamatan(j, kab, name)
}

func (s *sheet) kecamatan(j *judged, kab areas.Area, name string) (areas.Area, bool) {
	a, near, ok := s.index.FindKecamatan(kab.Code, name)
	if !ok {
		j.unknown(Kecamatan, fmt.Sprintf("Kecamatan '%s' tidak ada di %s.", short(name), kab.Name), near)
		return areas.Area{}, false
	}
	if !areas.Within(a.Code, s.o.Area) {
		j.fault(Kecamatan, "%s di luar wilayah Anda.", a.Full())
		return areas.Area{}, false
	}
	return a, true
}

// unknown is a fault that a near name may mend.
func (j *judged) unknown(f Field, problem, near string) {
	if near != "" {
		problem += " Maksudnya " + near + "?"
		j.Suggest = &Change{Field: string(f), New: near}
	}
	j.fault(f, "%s", problem)
}

// start begins the judgement of a row; false: the row cannot be read at all.
func start(row Row, err error) (*judged, bool) {
	j := &judged{RowResult{Row: row.N}}
	if errors.Is(err, errLineTooLong) {
		j.fault("", "Baris ini terlalu panjang untuk dibaca.")
		return j, false
	}
	return j, true
}
