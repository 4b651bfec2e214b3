package roster

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// personCells is what one row says about a person, before anyone is looked up.
type personCells struct {
	*judged
	PersonRow
	phone        phoneCell
	disabledSaid bool
	guessedName  bool     // the salutation is what the NIK seems to say, no cell says it
	guessedYear  bool     // so is the year of birth
	fixes        []string // of words; those of the number stand apart
}

// readPerson judges a row by itself: what it says, what was mended, what is wrong.
func (s *sheet) readPerson(row Row, rowErr error) *personCells {
	j, ok := start(row, rowErr)
	p := &personCells{judged: j}
	if !ok {
		return p
	}
	raw := s.text(j, row, Name)
	p.PersonRow.Name = tidyName(raw)
	p.judged.Name = p.PersonRow.Name
	switch {
	case raw == "":
		j.fault(Name, "Nama kosong.")
	case !hasLetter(raw):
		j.fault(Name, "Nama '%s' tidak berisi huruf.", short(raw))
	}
	id, problem := readNIK(s.get(row, NIK), s.o.NIKKey, s.o.Now)
	if problem != "" {
		j.fault(NIK, "%s", problem)
	}
	p.NIK, p.NIKLast4 = id.hmac, id.last4
	p.phone = readPhoneCell(s.get(row, Phone))
	if p.phone.problem != "" {
		j.fault(Phone, "%s", p.phone.problem)
	}
	p.Phone = p.phone.number
	if a, ok := s.subdistrict(j, row); ok {
		p.Area, p.Zone = a.Code, a.Zone
	}
	p.Village, p.RT, p.Business = s.text(j, row, Village), neighbourhood(s.text(j, row, RT)), s.text(j, row, Business)
	p.Batch, p.Incubator = s.text(j, row, Batch), s.text(j, row, Incubator)
	s.readChosen(p, row)
	p.guess(id)
	if tidy := p.PersonRow.Name; tidy != strings.TrimSpace(s.get(row, Name)) && len(p.Problems) == 0 {
		p.fixes = append([]string{fmt.Sprintf("Nama dirapikan: %s.", tidy)}, p.fixes...)
	}
	return p
}

// guess fills from the NIK what no cell says.
func (p *personCells) guess(id nik) {
	if id.hmac == nil {
		return
	}
	if p.Salutation == "" {
		p.Salutation, p.guessedName = "Bapak", true
		if id.woman {
			p.Salutation = "Ibu"
		}
	}
	if p.BirthYear == 0 {
		p.BirthYear, p.guessedYear = id.year, true
	}
}

// readChosen reads the cells that take one of a set of words.
func (s *sheet) readChosen(p *personCells, row Row) {
	j := p.judged
	if cell := s.text(j, row, Cluster); cell != "" {
		if p.Cluster = readCluster(cell); p.Cluster != cell {
			p.fixes = append(p.fixes, fmt.Sprintf("Klaster: %s.", p.Cluster))
		}
	}
	if cell := s.get(row, Language); cell != "" {
		lang, name, ok := readLanguage(cell)
		switch {
		case !ok:
			j.warn("Bahasa '%s' belum ada, memakai Indonesia.", short(cell))
		case name != cell:
			p.fixes = append(p.fixes, fmt.Sprintf("Bahasa: %s.", name))
		}
		p.Lang = lang
	}
	if cell := s.get(row, BirthYear); cell != "" {
		year, err := strconv.Atoi(cell)
		if err != nil || year < 1920 || year > s.o.Now.Year()-youngest {
			j.fault(BirthYear, "Tahun lahir '%s' tidak masuk akal. Isi 4 angka.", short(cell))
		} else {
			p.BirthYear = year
		}
	}
	if cell := s.get(row, Code); cell != "" {
		if p.Code = onlyDigits(cell); p.Code != cell || !prokus.ValidCode(p.Code) {
			j.fault(Code, "Kode '%s' keliru. Kosongkan bila belum punya.", short(cell))
		}
	}
	if cell := s.get(row, Salutation); cell != "" {
		said, ok := readSalutation(cell)
		if ok {
			p.Salutation = said
		} else {
			j.warn("Sapaan '%s' tidak dikenal (Ibu, Bapak atau Mbak).", short(cell))
		}
	}
	p.Disability, p.disabledSaid = readYes(s.get(row, Disability))
	s.readAgreed(p, row)
}

func (s *sheet) readAgreed(p *personCells, row Row) {
	cell := s.get(row, Agreed)
	if yes, _ := readYes(cell); !yes {
		return
	}
	if strings.EqualFold(cell, "ya") || strings.EqualFold(cell, "sudah") || strings.EqualFold(cell, "setuju") {
		p.AgreedAt = s.o.Now
		return
	}
	day, ok := readDay(cell)
	switch {
	case !ok:
		p.fault(Agreed, "Tanggal persetujuan '%s' tidak terbaca. Contoh: 2026-05-04.", short(cell))
	case day.After(s.o.Now.Add(24 * time.Hour)):
		p.fault(Agreed, "Tanggal persetujuan %s belum tiba.", day.Format(time.DateOnly))
	default:
		// Midday of the day, where she lives: the hour is not known and no midnight may move the date.
		p.AgreedAt = time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, prokus.Zone(p.Zone))
		if p.AgreedAt.After(s.o.Now) {
			p.AgreedAt = s.o.Now
		}
	}
}

// finishFixes puts what was mended in the order in which the console shows it.
func (p *personCells) finishFixes() {
	if p.phone.fix != "" {
		p.Fixes = append(p.Fixes, p.phone.fix)
	}
	p.Fixes = append(p.Fixes, p.fixes...)
}

// likeness is the key of people without a NIK: name, phone and village (decisions.md).
func likeness(name string, phone prokus.Phone, village, area string) string {
	return words(name) + "|" + string(phone) + "|" + words(village) + "|" + area
}
