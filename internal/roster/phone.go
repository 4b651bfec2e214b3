package roster

import (
	"fmt"
	"strings"

	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

const noPhone = "Tanpa nomor HP: laporan lewat pendamping (TKSK)."

// phoneCell is what a phone cell says. number is empty where there is none that can get an SMS.
type phoneCell struct {
	number  prokus.Phone
	typed   string
	fix     string // what was repaired
	warning string // why there is no number
	problem string // why the row cannot be taken
}

// readPhoneCell repairs what is certain (a zero that Excel ate, +62, spaces) and nothing else. A number that was lost for
// good, or could be two, stops the row: silence would send her messages to a stranger.
func readPhoneCell(cell string) phoneCell {
	p := phoneCell{typed: strings.Trim(strings.TrimSpace(cell), "'")}
	if absent(p.typed) {
		p.warning = noPhone
		return p
	}
	if scientific(p.typed) {
		p.problem = fmt.Sprintf("Nomor HP rusak oleh Excel (%s). Angka aslinya hilang. Ubah kolom menjadi Teks lalu isi ulang.", short(p.typed))
		return p
	}
	e164, _, verdict := bahasa.RepairPhone(p.typed)
	digits := onlyDigits(p.typed)
	switch {
	case verdict == bahasa.Value:
		p.number = prokus.Phone(e164)
		switch local := p.number.Local(); digits {
		case local: // only spaces or dashes went
		case local[1:]:
			p.fix = fmt.Sprintf("Nol di depan ditambahkan: %s.", local)
		default:
			p.fix = fmt.Sprintf("Nomor ditulis ulang: %s.", local)
		}
	case len(digits) >= 16:
		p.problem = fmt.Sprintf("Nomor HP berisi %d angka, mungkin NIK.", len(digits))
	case verdict == bahasa.Ask:
		p.problem = fmt.Sprintf("Nomor HP '%s' tidak jelas. Isi satu nomor, angka saja.", short(p.typed))
	case strings.HasPrefix(digits, "08") || strings.HasPrefix(digits, "628"):
		p.problem = fmt.Sprintf("Nomor HP '%s' tidak lengkap atau terlalu panjang.", short(p.typed))
	default:
		p.warning = fmt.Sprintf("%s bukan nomor HP, tidak bisa menerima SMS.", short(p.typed))
	}
	return p
}

// absent recognises the ways in which lists say "none".
func absent(s string) bool {
	switch strings.Trim(strings.ToLower(s), " .-'") {
	case "", "0", "tidak punya", "tdk punya", "tidak ada", "tdk ada", "gak ada", "belum ada", "belum punya", "kosong", "nihil", "n/a", "na", "null":
		return true
	}
	return false
}
