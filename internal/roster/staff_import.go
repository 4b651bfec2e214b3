package roster

import (
	"context"
	"slices"
	"strings"

	"github.com/kabar-prokus/kabar/internal/areas"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// ImportStaff reads a list of TKSK, mentors, coordinators and ministry staff. A TKSK of several kecamatan may have them in
// one cell or on several lines.
func ImportStaff(ctx context.Context, store Store, t *Table, o Options) (Result, error) {
	s, err := openSheet(t, Staff, o)
	if err != nil {
		return Result{}, err
	}
	return s.run(ctx, store, func(ctx context.Context, tx Tx, res *Result) error {
		known, err := tx.KnownStaff(ctx)
		if err != nil {
			return err
		}
		f := &staffFile{sheet: s, all: make([]*member, 0, len(known))}
		for _, k := range known {
			f.all = append(f.all, &member{KnownStaff: k})
		}
		err = s.inChunks(res, func(rows []chunkRow) error {
			for _, row := range rows {
				res.add(f.take(row).RowResult)
			}
			return nil
		})
		if err != nil || o.DryRun {
			return err
		}
		var keep []StaffRow
		for _, m := range f.all {
			if m.touched {
				keep = append(keep, StaffRow{m.Staff, m.phone})
			}
		}
		if len(keep) == 0 {
			return nil
		}
		return tx.SaveStaff(ctx, o.Now, keep)
	})
}

type staffFile struct {
	*sheet
	all []*member
}

// member is somebody on the staff, as known and as the file has changed them so far.
type member struct {
	KnownStaff
	phone   prokus.Phone // new number
	touched bool
}

func (f *staffFile) take(row chunkRow) *judged {
	j, ok := start(row.Row, row.err)
	if !ok {
		return j
	}
	title, name := titled(tidyName(f.text(j, row.Row, Name)))
	if said, ok := readSalutation(f.get(row.Row, Salutation)); ok {
		title = prokus.Title(said)
	}
	j.Name = name
	if !hasLetter(name) {
		j.fault(Name, "Nama kosong.")
	}
	role := f.role(j, row.Row)
	codes := f.areasOf(j, row.Row, role)
	phone := readPhoneCell(f.get(row.Row, Phone))
	switch {
	case phone.problem != "":
		j.fault(Phone, "%s", phone.problem)
	case phone.number == "" && role == prokus.TKSK:
		j.fault(Phone, "TKSK harus punya nomor HP.")
	case phone.number == "" && !absent(phone.typed):
		j.warn("%s", phone.warning)
	}
	email := strings.ToLower(f.text(j, row.Row, Email))
	if email != "" && (!strings.Contains(email, "@") || strings.ContainsAny(email, " ,;<>")) {
		j.fault(Email, "Email '%s' tidak benar.", short(email))
	}
	was := f.find(role, name, email, phone.number, codes)
	if was != nil && was.Role != role && len(j.Problems) == 0 {
		j.fault(Email, "Email ini dipakai %s.", was.Called())
	}
	if len(j.Problems) > 0 {
		return j
	}
	if phone.fix != "" {
		j.fix("%s", phone.fix)
	}
	agency := f.text(j, row.Row, Agency)
	if was == nil {
		j.Verdict = New
		f.vacant(j, role, codes, nil)
		f.all = append(f.all, &member{touched: true, phone: phone.number, KnownStaff: KnownStaff{
			Staff:  prokus.Staff{Role: role, Name: name, Title: title, Areas: codes, Institution: agency, Email: email, Active: true, Lang: prokus.ID},
			Phones: phones(phone.number)}})
		return j
	}
	f.merge(j, was, prokus.Staff{Role: role, Name: name, Title: title, Areas: codes, Institution: agency, Email: email}, phone.number)
	return j
}

func (f *staffFile) merge(j *judged, was *member, now prokus.Staff, phone prokus.Phone) {
	f.vacant(j, now.Role, now.Areas, was)
	j.change(Name, was.Name, now.Name)
	j.change(Salutation, was.Title, now.Title)
	j.change(Agency, was.Institution, now.Institution)
	j.change(Email, was.Email, now.Email)
	if phone != "" && !slices.Contains(was.Phones, phone) {
		old := ""
		if len(was.Phones) > 0 {
			old = was.Phones[0].Local()
		}
		j.change(Phone, old, phone.Local())
		was.phone, was.Phones = phone, phones(phone)
	}
	before := f.names(was.Areas)
	for _, code := range now.Areas {
		if !slices.Contains(was.Areas, code) {
			was.Areas = append(was.Areas, code)
		}
	}
	j.change(Kecamatan, before, f.names(was.Areas))
	if j.Verdict = Unchanged; len(j.Changes) > 0 {
		j.Verdict, was.touched = Changed, true
		was.Name, was.Title = now.Name, said(now.Title, was.Title)
		was.Institution, was.Email = said(now.Institution, was.Institution), said(now.Email, was.Email)
	}
}

// find is the member whom a row means: by e-mail, else by number, else by name in the same kabupaten.
func (f *staffFile) find(role prokus.Role, name, email string, phone prokus.Phone, codes []string) *member {
	for _, m := range f.all {
		if email != "" && strings.EqualFold(m.Email, email) {
			return m
		}
	}
	for _, m := range f.all {
		if m.Role == role && phone != "" && slices.Contains(m.Phones, phone) {
			return m
		}
	}
	for _, m := range f.all {
		if m.Role == role && words(m.Name) == words(name) && sameDistrict(m.Areas, codes) {
			return m
		}
	}
	return nil
}

func sameDistrict(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool {
		return slices.ContainsFunc(b, func(y string) bool { return x == y || len(x) >= 5 && len(y) >= 5 && x[:5] == y[:5] })
	})
}

// vacant warns when a kecamatan gets a second TKSK: letters would name two people.
func (f *staffFile) vacant(j *judged, role prokus.Role, codes []string, me *member) {
	if role != prokus.TKSK {
		return
	}
	for _, m := range f.all {
		if m == me || m.Role != prokus.TKSK {
			continue
		}
		for _, code := range codes {
			if slices.Contains(m.Areas, code) {
				a, _ := f.index.Get(code)
				j.warn("Kecamatan %s sudah punya TKSK %s.", a.Name, m.Called())
			}
		}
	}
}

func (f *staffFile) role(j *judged, row Row) prokus.Role {
	cell := f.get(row, Role)
	switch words(cell) {
	case "tksk", "pendamping", "pendamping sosial", "pendamping (tksk)":
		return prokus.TKSK
	case "mentor", "mibi", "mentor inkubasi bisnis":
		return prokus.Mentor
	case "koordinator", "dinsos", "koordinator dinsos", "koordinator kabupaten":
		return prokus.Coordinator
	case "kementerian", "kemensos", "kementerian sosial":
		if f.kabupaten() != "" {
			j.fault(Role, "Petugas Kementerian hanya dapat diimpor oleh Kementerian.")
		}
		return prokus.Ministry
	case "":
		j.fault(Role, "Peran kosong.")
	default:
		j.fault(Role, "Peran '%s' tidak dikenal (TKSK, Mentor, Koordinator atau Kementerian).", short(cell))
	}
	return ""
}

// areasOf is what a row's member is responsible for: kecamatan for a TKSK, a kabupaten for mentors and coordinators.
func (f *staffFile) areasOf(j *judged, row Row, role prokus.Role) []string {
	if role == prokus.Ministry {
		return []string{areas.Country}
	}
	kab, ok := f.district(j, row)
	if !ok {
		return nil
	}
	if role != prokus.TKSK {
		return []string{kab.Code}
	}
	cell := strings.NewReplacer(" dan ", ",", "/", ",", "&", ",", ";", ",").Replace(f.get(row, Kecamatan))
	var codes []string
	for name := range strings.SplitSeq(cell, ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if a, ok := f.sheet.kecamatan(j, kab, name); ok && !slices.Contains(codes, a.Code) {
			codes = append(codes, a.Code)
		}
	}
	if len(codes) == 0 && len(j.Problems) == 0 {
		j.fault(Kecamatan, "Kecamatan kosong.")
	}
	return codes
}

func (f *staffFile) names(codes []string) string {
	var names []string
	for _, code := range codes {
		if a, ok := f.index.Get(code); ok {
			names = append(names, a.Name)
		} else {
			names = append(names, "Indonesia")
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

func phones(p prokus.Phone) []prokus.Phone {
	if p == "" {
		return nil
	}
	return []prokus.Phone{p}
}
