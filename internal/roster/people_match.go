package roster

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/kabar-prokus/kabar/internal/areas"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// seen is a row of the same file.
type seen struct {
	row  int
	name string
}

// people judges the rows of one file against each other and against what is known.
type people struct {
	*sheet
	niks   map[[16]byte]seen // the HMAC's first half
	codes  map[string]seen
	likes  map[string]seen
	phones map[prokus.Phone]seen
	ids    map[int64]seen // people that an earlier row of the file meant
}

func newPeople(s *sheet) *people {
	return &people{sheet: s, niks: map[[16]byte]seen{}, codes: map[string]seen{}, likes: map[string]seen{}, phones: map[prokus.Phone]seen{}, ids: map[int64]seen{}}
}

// known is what the database says about a chunk of rows.
type known struct {
	byNIK   map[string]*KnownPerson
	byCode  map[string]*KnownPerson
	byLike  map[string]*KnownPerson
	holders map[prokus.Phone][]PhoneHolder
}

func newKnown(list []KnownPerson, holders []PhoneHolder) *known {
	k := &known{map[string]*KnownPerson{}, map[string]*KnownPerson{}, map[string]*KnownPerson{}, map[prokus.Phone][]PhoneHolder{}}
	for i := range list {
		p := &list[i]
		if p.NIK != nil {
			k.byNIK[string(p.NIK)] = p
		}
		k.byCode[p.Code] = p
		if len(p.Phones) == 0 {
			k.byLike[likeness(p.Name, "", p.Village, p.Area)] = p
		}
		for _, n := range p.Phones {
			k.byLike[likeness(p.Name, n.Number, p.Village, p.Area)] = p
		}
	}
	for _, h := range holders {
		k.holders[h.Number] = append(k.holders[h.Number], h)
	}
	return k
}

// find is the person whom a row means: by NIK, else by code, else by name, phone and village.
func (k *known) find(p *personCells) *KnownPerson {
	if p.NIK != nil {
		if was, ok := k.byNIK[string(p.NIK)]; ok {
			return was
		}
	}
	if p.Code != "" {
		return k.byCode[p.Code]
	}
	was := k.byLike[likeness(p.PersonRow.Name, p.Phone, p.Village, p.Area)]
	if was != nil && was.NIK != nil && p.NIK != nil && !bytes.Equal(was.NIK, p.NIK) {
		return nil // two women of one name in one house
	}
	return was
}

// judge gives a row its verdict. It returns the row to keep, or nil when there is nothing to write.
func (f *people) judge(p *personCells, k *known) *PersonRow {
	f.judgeTwice(p)
	var was *KnownPerson
	if len(p.Problems) == 0 {
		if was = k.find(p); was != nil {
			f.judgeSame(p, was)
		}
	}
	if len(p.Problems) > 0 {
		return nil
	}
	f.remember(p, was)
	var keep *PersonRow
	if was == nil {
		p.Verdict, keep = New, f.fresh(p)
	} else {
		keep = f.merge(p, was)
	}
	if p.Verdict == Unchanged {
		p.Warnings, p.Fixes = nil, nil
		return nil
	}
	f.notes(p, k, was)
	return keep
}

// judgeTwice finds the rows of the same file that mean the same person.
func (f *people) judgeTwice(p *personCells) {
	name := words(p.PersonRow.Name)
	if p.NIK != nil {
		if other, ok := f.niks[[16]byte(p.NIK)]; ok {
			if words(other.name) != name {
				p.fault(NIK, "NIK sama dengan baris %d tetapi namanya berbeda.", other.row)
			} else {
				p.fault(NIK, "NIK sama dengan baris %d.", other.row)
			}
			return
		}
	}
	if other, ok := f.codes[p.Code]; ok && p.Code != "" {
		p.fault(Code, "Kode sama dengan baris %d.", other.row)
		return
	}
	if p.NIK == nil && p.Code == "" && p.Area != "" {
		if other, ok := f.likes[likeness(p.PersonRow.Name, p.Phone, p.Village, p.Area)]; ok {
			p.fault(Name, "Nama, nomor HP dan desa sama dengan baris %d.", other.row)
		}
	}
}

// judgeSame checks that the person found may be changed by this importer and this row.
func (f *people) judgeSame(p *personCells, was *KnownPerson) {
	if other, ok := f.ids[was.ID]; ok {
		p.fault(Name, "Orang yang sama sudah ada di baris %d.", other.row)
		return
	}
	if !areas.Within(was.Area, f.o.Area) {
		where := "wilayah lain"
		if a, ok := f.index.Get(was.Area); ok {
			if kab, ok := f.index.Get(a.Parent); ok {
				where = kab.Full()
			}
		}
		p.fault(NIK, "Orang ini terdaftar di %s. Minta dipindahkan dulu.", where)
		return
	}
	switch was.Status {
	case prokus.Deceased:
		p.fault(Name, "Orang ini tercatat meninggal.")
	case prokus.Duplicate:
		p.fault(Name, "Orang ini tercatat ganda. Pakai kode yang masih berlaku.")
	}
	switch {
	case p.NIK != nil && was.NIK != nil && !bytes.Equal(p.NIK, was.NIK):
		p.fault(NIK, "NIK berbeda dari catatan untuk kode %s.", was.Code)
	case p.Code != "" && p.Code != was.Code:
		p.fault(Code, "Kode berbeda dari catatan (%s).", was.Code)
	case p.NIK == nil && p.Code != "" && !shareWord(p.PersonRow.Name, was.Name):
		p.fault(Code, "Kode %s milik orang lain.", p.Code) // a slip of the hand must not rename somebody
	}
}

func (f *people) remember(p *personCells, was *KnownPerson) {
	me := seen{p.Row, p.PersonRow.Name}
	if p.NIK != nil {
		f.niks[[16]byte(p.NIK)] = me
	} else {
		f.likes[likeness(p.PersonRow.Name, p.Phone, p.Village, p.Area)] = me
	}
	if p.Code != "" {
		f.codes[p.Code] = me
	}
	if was != nil {
		f.ids[was.ID] = me
	}
}

// notes adds what the person at the console should know about numbers, and what was mended.
func (f *people) notes(p *personCells, k *known, was *KnownPerson) {
	if p.PhoneState == prokus.AddressActive { // a pending number is not hers yet, and shared with nobody
		f.noteShared(p, k, was)
	}
	p.finishFixes()
	if p.phone.warning != "" && (was == nil || p.phone.warning != noPhone) {
		p.warn("%s", p.phone.warning)
	}
}

// noteShared says who else answers on a number: somebody of an earlier row, else somebody whom we know.
func (f *people) noteShared(p *personCells, k *known, was *KnownPerson) {
	const shared = "Nomor %s juga dipakai %s. Akan ditandai dipakai bersama."
	if other, ok := f.phones[p.Phone]; ok {
		p.warn(shared, p.phone.typed, fmt.Sprintf("%s (baris %d)", other.name, other.row))
		return
	}
	for _, h := range k.holders[p.Phone] {
		if was != nil && h.Person == was.ID {
			continue
		}
		who := "orang di wilayah lain"
		if areas.Within(h.Area, f.o.Area) {
			who = h.Name
		}
		p.warn(shared, p.phone.typed, who)
		return
	}
}

// fresh is a new person as she shall be kept. Her code is given later, when it was left to us.
func (f *people) fresh(p *personCells) *PersonRow {
	row := p.PersonRow
	if row.Salutation == "" {
		row.Salutation = "Ibu"
	}
	if row.Lang == "" {
		row.Lang = prokus.ID
	}
	if row.Batch == "" {
		row.Batch = fmt.Sprintf("ProKUS %d", f.o.Now.Year())
	}
	if row.Phone != "" {
		row.PhoneState = prokus.AddressActive
		p.PhoneState = prokus.AddressActive
		row.Invited = f.o.Invite && row.AgreedAt.IsZero()
	}
	return &row
}

func shareWord(a, b string) bool {
	in := strings.Fields(words(b))
	return slices.ContainsFunc(strings.Fields(words(a)), func(w string) bool { return slices.Contains(in, w) })
}
