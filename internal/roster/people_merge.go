package roster

import (
	"strconv"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// merge lays a row over the person who is known. What a row leaves out stays; what she chose herself stays too.
func (f *people) merge(p *personCells, was *KnownPerson) *PersonRow {
	if p.guessedName && was.NIK != nil {
		p.Salutation = "" // set by hand since, perhaps
	}
	if p.guessedYear && was.BirthYear != 0 {
		p.BirthYear = 0
	}
	row := PersonRow{
		ID: was.ID, Code: was.Code, Name: p.PersonRow.Name, Salutation: said(p.Salutation, was.Salutation), BirthYear: was.BirthYear,
		NIK: was.NIK, NIKLast4: was.NIKLast4, Area: p.Area, Zone: p.Zone, Village: said(p.Village, was.Village), RT: said(p.RT, was.RT),
		Business: said(p.Business, was.Business), Cluster: said(p.Cluster, was.Cluster), Lang: was.Lang, Batch: said(p.Batch, was.BatchName),
		Incubator: said(p.Incubator, was.Incubator), Disability: was.Disability,
		Silent: was.Consent == prokus.Stopped,
	}
	row.Name = said(row.Name, was.Name)
	p.change(Name, was.Name, row.Name)
	p.change(Salutation, was.Salutation, row.Salutation)
	p.change(Village, was.Village, row.Village)
	p.change(RT, was.RT, row.RT)
	p.change(Business, was.Business, row.Business)
	p.change(Cluster, was.Cluster, row.Cluster)
	p.change(Batch, was.BatchName, row.Batch)
	p.change(Incubator, was.Incubator, row.Incubator)
	if p.Area != was.Area {
		p.change(Kecamatan, f.areaName(was.Area), f.areaName(p.Area))
	}
	if p.Lang != "" && p.Lang != was.Lang && !was.LangChosen {
		row.Lang = p.Lang
		p.change(Language, LanguageName(was.Lang), LanguageName(p.Lang))
	}
	if p.BirthYear != 0 && p.BirthYear != was.BirthYear {
		row.BirthYear = p.BirthYear
		old := ""
		if was.BirthYear != 0 {
			old = strconv.Itoa(was.BirthYear)
		}
		p.change(BirthYear, old, strconv.Itoa(p.BirthYear))
	}
	if p.NIK != nil && was.NIK == nil {
		row.NIK, row.NIKLast4 = p.NIK, p.NIKLast4
		p.change(NIK, "", "************"+p.NIKLast4)
	}
	if p.disabledSaid && p.Disability != was.Disability {
		row.Disability = p.Disability
		p.change(Disability, yesNo(was.Disability), yesNo(p.Disability))
	}
	f.mergeConsent(p, was, &row)
	f.mergePhone(p, was, &row)
	if len(p.Changes) == 0 {
		p.Verdict = Unchanged
		return nil
	}
	p.Verdict = Changed
	return &row
}

func (f *people) mergeConsent(p *personCells, was *KnownPerson, row *PersonRow) {
	if p.AgreedAt.IsZero() {
		return
	}
	switch was.Consent {
	case prokus.Unasked, prokus.Invited:
		row.AgreedAt = p.AgreedAt
		p.change(Agreed, string(was.Consent), string(prokus.Agreed))
	case prokus.Stopped:
		p.warn("Orang ini minta berhenti; persetujuannya tidak diubah.")
	}
}

// mergePhone takes a new number as pending: it is hers only when the old number or her TKSK has confirmed it (decisions.md).
// A number that she gave up, or that answered "wrong person", is not brought back by an old list.
func (f *people) mergePhone(p *personCells, was *KnownPerson, row *PersonRow) {
	if p.Phone == "" {
		return
	}
	current := KnownPhone{}
	for _, n := range was.Phones {
		if n.Status == prokus.AddressActive && (current.Number == "" || n.Primary) {
			current = n
		}
		if n.Number != p.Phone {
			continue
		}
		switch n.Status {
		case prokus.AddressActive, prokus.AddressPending:
			return
		case prokus.AddressReleased:
			p.warn("Nomor %s sudah dilepas; tidak diubah.", p.phone.typed)
			return
		default:
			p.warn("Nomor %s tercatat salah sambung atau mati; tidak dipakai.", p.phone.typed)
			return
		}
	}
	row.Phone, row.PhoneState, p.PhoneState = p.Phone, prokus.AddressActive, prokus.AddressActive
	if current.Number != "" {
		row.PhoneState, p.PhoneState = prokus.AddressPending, prokus.AddressPending
		p.warn("Nomor HP berubah. Nomor lama sudah terhubung, orangnya akan diminta konfirmasi ke nomor lama.")
	}
	p.change(Phone, current.Number.Local(), p.Phone.Local())
}

func (f *people) areaName(code string) string {
	a, _ := f.index.Get(code)
	return a.Name
}

// said is the new value, or the old one where the row says nothing or differs only in capitals and spaces.
func said(now, old string) string {
	if now == "" || words(now) == words(old) {
		return old
	}
	return now
}

func yesNo(b bool) string {
	if b {
		return "ya"
	}
	return "tidak"
}
