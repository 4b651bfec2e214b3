package roster

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// nik is what a national identity number says: six digits of a region, DDMMYY of birth with the day raised by 40 for
// women, four of a serial. The number itself goes no further than this file.
type nik struct {
	hmac  []byte // under the programme's key
	last4 string
	year  int // of birth
	woman bool
}

// youngest a beneficiary can be; it decides the century of a two-digit year.
const youngest = 15

// readNIK reads a NIK as typed. A NIK is never repaired: a digit guessed is another person.
func readNIK(cell string, key []byte, now time.Time) (nik, string) {
	s := strings.TrimPrefix(strings.TrimSpace(cell), "'")
	if s == "" || s == "-" {
		return nik{}, ""
	}
	if scientific(s) {
		seen := s
		if !strings.ContainsAny(s, "eE") {
			seen = s[:6] + "..." // it may hold the whole number still, and sentences travel
		}
		return nik{}, fmt.Sprintf("NIK rusak oleh Excel (%s). Angka aslinya hilang. Ubah kolom menjadi Teks lalu isi ulang.", short(seen))
	}
	digits := onlyDigits(s)
	if rest := strings.Map(dropSpacing, s); rest != digits {
		return nik{}, "NIK hanya boleh berisi angka."
	}
	if len(digits) != 16 {
		return nik{}, fmt.Sprintf("NIK harus 16 angka, di sini %d.", len(digits))
	}
	if !knownProvince(digits[:2]) {
		return nik{}, fmt.Sprintf("Kode wilayah di NIK tidak dikenal (%s).", digits[:2])
	}
	if digits[12:] == "0000" {
		return nik{}, "NIK rusak oleh Excel (berakhiran 0000). Ubah kolom menjadi Teks lalu isi ulang."
	}
	n := nik{last4: digits[12:]}
	day, month, yy := two(digits[6:]), two(digits[8:]), two(digits[10:])
	born := day
	if day > 40 {
		n.woman, born = true, day-40
	}
	if born < 1 || born > 31 {
		return nik{}, fmt.Sprintf("Tanggal lahir di NIK tidak masuk akal (hari %02d).", day)
	}
	if month < 1 || month > 12 {
		return nik{}, fmt.Sprintf("Tanggal lahir di NIK tidak masuk akal (bulan %02d).", month)
	}
	n.year = 2000 + yy
	if n.year > now.Year()-youngest {
		n.year -= 100
	}
	if time.Date(n.year, time.Month(month), born, 0, 0, 0, 0, time.UTC).Day() != born {
		return nik{}, fmt.Sprintf("Tanggal lahir di NIK tidak masuk akal (hari %02d bulan %02d).", day, month)
	}
	n.hmac = HashNIK(digits, key)
	return n, ""
}

// HashNIK is the form in which a NIK is kept: HMAC-SHA256 under the programme's key (KABAR_NIK_KEY).
func HashNIK(digits string, key []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(digits))
	return mac.Sum(nil)
}

// knownProvince takes the codes of today and those that people born earlier carry (East Timor, West Papua's old one).
func knownProvince(code string) bool {
	switch n := two(code); {
	case n >= 11 && n <= 21, n >= 31 && n <= 36, n >= 51 && n <= 54, n >= 61 && n <= 65, n >= 71 && n <= 76, n == 81, n == 82, n >= 91 && n <= 97:
		return true
	}
	return false
}

func two(s string) int { return int(s[0]-'0')*10 + int(s[1]-'0') }

// scientific recognises what Excel makes of long numbers: "3,21013E+15", "8.12E+10", "3210134506680001.0".
func scientific(s string) bool {
	t := strings.ReplaceAll(strings.ToUpper(s), ",", ".")
	if !strings.ContainsAny(t, "E.") {
		return false
	}
	if f, err := strconv.ParseFloat(t, 64); err != nil || f < 1e6 {
		return false
	}
	return strings.Contains(t, "E") || strings.Count(t, ".") == 1 && len(t) > 12
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// dropSpacing removes what people put between groups of digits.
func dropSpacing(r rune) rune {
	if strings.ContainsRune(" -.", r) {
		return -1
	}
	return r
}

// short keeps a quoted cell readable.
func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "..."
	}
	return s
}
