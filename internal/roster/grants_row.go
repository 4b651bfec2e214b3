package roster

import (
	"slices"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// grantCells is what one row says about a grant.
type grantCells struct {
	*judged
	code        string
	stage       prokus.Stage
	since       time.Time // zero: not said
	amount      int64     // 0: not said
	bank, last4 string
	expect      expectation
}

func (s *sheet) readGrant(row Row, rowErr error) *grantCells {
	j, ok := start(row, rowErr)
	g := &grantCells{judged: j}
	if !ok {
		return g
	}
	cell := s.get(row, Code)
	g.code = onlyDigits(cell)
	j.Name = g.code
	switch {
	case cell == "":
		j.fault(Code, "Kode kosong.")
	case g.code != cell || !prokus.ValidCode(g.code):
		j.fault(Code, "Kode '%s' keliru.", short(cell))
	}
	cell = s.get(row, Stage)
	if g.stage, ok = readStage(cell); !ok {
		j.fault(Stage, "Tahap '%s' tidak dikenal.", short(cell))
	}
	if cell := s.get(row, Date); cell != "" {
		if g.since, ok = readDay(cell); !ok {
			j.fault(Date, "Tanggal '%s' tidak terbaca. Contoh: 2026-06-17.", short(cell))
		} else if g.since.After(s.o.Now.Add(24 * time.Hour)) {
			j.fault(Date, "Tanggal %s belum tiba.", g.since.Format(time.DateOnly))
		}
	}
	if cell := s.get(row, Amount); cell != "" {
		if g.amount, ok = readMoney(cell); !ok || g.amount == 0 {
			j.fault(Amount, "Jumlah '%s' tidak terbaca. Contoh: 3500000.", short(cell))
		}
	}
	g.bank = s.text(j, row, Bank)
	s.readAccount(g, row)
	g.expect = readExpectation(s.text(j, row, Note), g.stage, s.o.Now)
	if strings.EqualFold(strings.TrimSpace(s.get(row, Stage)), "belum_diambil") && g.expect.note == "" {
		g.expect.note = "belum_diambil" // a note on `cair` (decisions.md)
	}
	return g
}

// readAccount keeps four digits of an account number and never more.
func (s *sheet) readAccount(g *grantCells, row Row) {
	cell := s.get(row, Account)
	if cell == "" {
		return
	}
	digits := onlyDigits(cell)
	switch {
	case scientific(cell) || len(digits) < 4:
		g.fault(Account, "Akhiran rekening '%s' harus 4 angka.", short(cell))
	case len(digits) > 4:
		g.fix("Hanya 4 angka terakhir rekening yang disimpan.")
		fallthrough
	default:
		g.last4 = digits[len(digits)-4:]
	}
}

// readStage takes the codes of decisions.md and the words that offices use.
func readStage(cell string) (prokus.Stage, bool) {
	s := strings.ReplaceAll(words(cell), " ", "_")
	for _, r := range prokus.DefaultStages() {
		if s == string(r.Code) {
			return r.Code, true
		}
	}
	switch s {
	case "diusulkan", "usulan":
		return prokus.Proposed, true
	case "diperiksa", "verifikasi":
		return prokus.Verified, true
	case "ditetapkan", "penetapan", "sk":
		return prokus.Decreed, true
	case "rekening_disiapkan", "buka_rekening":
		return prokus.AccountReady, true
	case "diproses_bank", "proses_bank", "spm", "sp2d":
		return prokus.AtBank, true
	case "sudah_masuk", "salur", "dana_masuk", "belum_diambil":
		return prokus.Credited, true
	case "laporan_belanja":
		return prokus.Receipts, true
	case "gagal_rekening_pasif", "rekening_pasif":
		return prokus.AccountDormant, true
	case "ditunda":
		return prokus.OnHold, true
	case "dibatalkan":
		return prokus.Cancelled, true
	}
	return "", false
}

// expectation is what a note says for certain; the rest stays words.
type expectation struct {
	from, to time.Time // when the money is expected, or until when there will be news
	spent    int64
	due      time.Time // until when receipts are to be handed in
	note     string
}

// readExpectation reads "perkiraan 15-19 Jun", "nota 2900000", "sampai 17 Jul". What it does not understand it keeps as it is.
func readExpectation(cell string, stage prokus.Stage, now time.Time) expectation {
	var e expectation
	var rest []string
	for part := range strings.FieldsFuncSeq(cell, func(r rune) bool { return r == ';' || r == ',' }) {
		part = strings.TrimSpace(part)
		word, value, _ := strings.Cut(part, " ")
		switch strings.Trim(strings.ToLower(word), ":") {
		case "perkiraan", "perk.", "diperkirakan":
			if from, to, ok := readDays(value, now); ok {
				e.from, e.to = from, to
				continue
			}
		case "nota", "belanja":
			if n, ok := readMoney(value); ok {
				e.spent = n
				continue
			}
		case "sampai", "sebelum", "s/d", "sd", "batas":
			if d, ok := readShortDay(value, now); ok {
				if stage == prokus.OnHold {
					e.to = d
				} else {
					e.due = d
				}
				continue
			}
		}
		if part != "" {
			rest = append(rest, part)
		}
	}
	e.note = strings.Join(rest, ", ")
	return e
}

// readDays reads "15-19 Jun", "28 Mei-3 Jun", "19 Jun".
func readDays(s string, now time.Time) (from, to time.Time, ok bool) {
	for _, sep := range []string{" s/d ", " sd ", " sampai ", "-", "–"} {
		a, b, found := strings.Cut(s, sep)
		if !found {
			continue
		}
		if to, ok = readShortDay(strings.TrimSpace(b), now); !ok {
			return from, to, false
		}
		a = strings.TrimSpace(a)
		if onlyDigits(a) == a {
			a += " " + monthWords[to.Month()-1]
		}
		from, ok = readShortDay(a, now)
		return from, to, ok && !from.After(to)
	}
	from, ok = readShortDay(strings.TrimSpace(s), now)
	return from, from, ok
}

var monthWords = []string{"jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des"}

// allowed says whether a batch knows a stage; a batch without a set of its own has the default one.
func (k *KnownGrant) allowed(stage prokus.Stage) bool {
	return len(k.Stages) == 0 || slices.Contains(k.Stages, stage)
}
