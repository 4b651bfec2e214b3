package bahasa

import (
	"strings"
	"testing"
)

func TestReadPhoneOnTheLabelledNumbers(t *testing.T) {
	for _, r := range rows(t, "phones.tsv") {
		got, v := ReadPhone(r[0])
		if v != Value {
			got = v.String()
		}
		if got != r[1] {
			t.Errorf("ReadPhone(%q) = %s, want %s", r[0], got, r[1])
		}
	}
}

func TestReadPhone(t *testing.T) {
	for in, want := range map[string]string{
		"081234567890":                  "+6281234567890",
		"+62 812-3456-7890":             "+6281234567890",
		"+62 (0)812 3456 7890":          "+6281234567890",
		"62 812 3456 7890":              "+6281234567890",
		"0812.3456.7890":                "+6281234567890",
		"HP 0812 3456 7890":             "+6281234567890",
		"No. WA: 081234567890":          "+6281234567890",
		"wa.me/6281234567890":           "+6281234567890",
		"\u202a+62 812 3456 7890\u202c": "+6281234567890",
		"081234567890 / 081345678901":   "ASK",
		"081234567890 (anak)":           "ASK",
		"O81234567890":                  "ASK",
		"08123456789O":                  "ASK",
		"0812345678901234":              "INVALID",
		"08123456789012":                "INVALID",
		"0812345678":                    "+62812345678",
		"081234567":                     "INVALID",
		"021-5551234":                   "INVALID",
		"+60123456789":                  "INVALID",
		"0060123456789":                 "INVALID",
		"+6581234567":                   "INVALID",
		"112":                           "INVALID",
		"500454":                        "INVALID",
		"08001234567":                   "INVALID",
		"8,12E+10":                      "INVALID",
		"8.12346E+10":                   "INVALID",
		"":                              "INVALID",
		"tidak ada":                     "INVALID",
		"sama dengan nomor suami":       "INVALID",
		"3210 0865 0875 0003":           "INVALID",
	} {
		got, v := ReadPhone(in)
		if v != Value {
			got = v.String()
		}
		if got != want {
			t.Errorf("ReadPhone(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestRepairPhoneSaysWhatItRepaired(t *testing.T) {
	for in, want := range map[string]string{
		"081234567890": "", "81234567890": "zero", "+6281234567890": "rewritten", "0812-3456-7890": "rewritten",
		"'081234567890": "rewritten", "62081234567890": "rewritten", " 081234567890 ": "",
	} {
		e164, note, v := RepairPhone(in)
		if e164 != "+6281234567890" || note != want || v != Value {
			t.Errorf("RepairPhone(%q) = %s, %q, %v; want note %q", in, e164, note, v, want)
		}
	}
	if e164, note, v := RepairPhone("08l234567890"); e164 != "" || note != "" || v != Ask {
		t.Errorf("a letter was repaired: %s %q %v", e164, note, v)
	}
}

func FuzzReadPhone(f *testing.F) {
	f.Add("0812-3456-7890")
	f.Fuzz(func(t *testing.T, s string) {
		e164, v := ReadPhone(s)
		if (v == Value) != (e164 != "") {
			t.Fatalf("%q: %q with %v", s, e164, v)
		}
		if v == Value && (!strings.HasPrefix(e164, "+628") || len(e164) < 12 || len(e164) > 15) {
			t.Fatalf("%q: %q", s, e164)
		}
	})
}
