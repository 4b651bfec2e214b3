package bahasa

import "testing"

func TestReadYesNo(t *testing.T) {
	for in, want := range map[string]string{
		"ya": "yes", "Ya bu": "yes", "Y": "yes", "iya betul": "yes", "nggih": "yes", "muhun": "yes", "ok": "yes", "1": "yes", "1.": "yes", "👍": "yes", "gapapa": "yes", "tidak apa-apa": "yes", "iyaaa": "yes", "siap bu rina": "yes",
		"tidak": "no", "TDK": "no", "g": "no", "gak bu": "no", "mboten": "no", "henteu": "no", "moal": "no", "2": "no", "belum": "no", "bukan": "no", "salah": "no", "lain": "no",
		"": "-", "500rb": "-", "3": "-", "insya allah": "-", "nuhun": "-", "stop": "-", "kapan": "-", "mungkin": "-", "ya tapi nanti kalau suami pulang": "-", "nanti": "-", "ya tidak": "-", "tidak ya": "no",
	} {
		yes, ok := ReadYesNo(in)
		got := "-"
		if ok && yes {
			got = "yes"
		} else if ok {
			got = "no"
		}
		if got != want {
			t.Errorf("ReadYesNo(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestReadChoice(t *testing.T) {
	labels := [][]string{{"datang", "sumping", "rawuh"}, {"tidak bisa", "teu tiasa", "mboten saged"}, {"ganti hari", "ganti"}}
	for in, want := range map[string]int{
		"1": 1, " 2 ": 2, "3.": 3, "no 1": 1, "nomor 2": 2, "pilih 3": 3, "1 bu": 1, "satu": 1, "dua": 2, "tilu": 3, "telu": 3, "datang": 1, "Datang bu": 1, "dateng": 1, "RAWUH": 1, "gak bisa": 2, "tdk bisa": 2, "teu tiasa bu": 2,
		"ganti": 3, "ganti hari": 3, "1 datang": 1, "1. Datang": 1, "1️⃣": 1, "ke-2": 2, "yang pertama": 1, "nu kahiji": 1, "sing nomer 2": 2, "balas 2": 2, "0": 0, "nol": -1, "4": -1, "12": -1, "1 2": -1, "1 tidak bisa": -1, "datang tidak bisa": -1, "500rb": -1, "": -1, "ya": -1, "loro": -1, "10": -1, "-1": 1,
	} {
		got, ok := ReadChoice(in, 3, labels)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("ReadChoice(%q) = %d, want %d", in, got, want)
		}
	}
}

func TestStopIsAClosedList(t *testing.T) {
	for _, in := range []string{"STOP", "stop", "Stop.", "stop bu", "tolong stop", "STOPP", "stpo", "setop", "stooop", "berhenti", "BERHENTI!!", "brenti", "brhenti", "unreg", "UNREG KABAR", "unsubscribe", "keluar", "mandeg", "eureun", "kendel",
		"jangan kirim sms lagi", "ojo sms maneh", "ulah sms deui", "ampun sms malih", "ga usah sms lagi", "saya tidak mau dikirimi sms lagi", "hapus nomor saya", "saya mau berhenti", "stop sms ya bu", "aja sms maneh"} {
		if !IsStop(in) {
			t.Errorf("%q does not stop", in)
		}
	}
	for _, in := range []string{"", "stop jualan", "berhenti jualan", "stop dulu modal abis", "berhenti usaha", "eureun dagang", "leren dodolan", "kendel sadean", "stop 500rb", "stok", "step", "stempel", "setor", "top", "berhati-hati", "keluarga", "keluar kota",
		"keluar uang 500rb", "jangan", "jangan lupa", "jangan dulu", "tidak mau", "ga mau datang", "ga usah", "batal", "cukup", "hapus", "hapus laporan", "hapus data saya", "tidak usah jualan", "uang keluar", "pesan", "sms", "tutup", "libur", "stop kontak rusak",
		"bus stop", "mulai", "jangan potong bantuan saya", "jangan ganggu usaha saya", "tidak berhenti", "hujan tidak berhenti", "sampun", "atos", "entos", "ampun", "kapan berhenti"} {
		if IsStop(in) {
			t.Errorf("%q stops", in)
		}
	}
	for _, in := range []string{"mulai", "MULAI", "mulai bu", "ikut", "start", "/start", "aktif", "ikut lagi", "saya mau ikut lagi", "ngawitan", "mimitian"} {
		if !IsStart(in) {
			t.Errorf("%q does not start", in)
		}
	}
	for _, in := range []string{"", "ikut pelatihan", "mulai jualan", "mulai sakit", "stop", "lanjut", "ya", "aktif jualan lagi bulan depan"} {
		if IsStart(in) {
			t.Errorf("%q starts", in)
		}
	}
}

// What our own messages say, and everyday trade, is no matter of safety.
func TestSafetyIsSilentOnEverydayWords(t *testing.T) {
	for _, in := range []string{"belum dipotong modal", "750rb belum dipotong modal", "total uang jualan belum dipotong modal", "uang jualan 500rb belum dipotong modal", "teu acan dipotong modal", "dereng dipotong modal", "tidak ada potongan", "tanpa potongan",
		"bantuan utuh tidak dipotong", "sudah masuk utuh", "diterima utuh", "bantuan sudah saya ambil", "uang sudah diambil", "kartu atm hilang", "mau ambil uang di bank", "kapan petugas datang", "minta nomor petugas", "tksk tolong telepon saya",
		"pendamping minta laporan", "petugas minta foto nota", "potong ayam 5 ekor", "jualan ayam potong 500rb", "dipukul rata 100rb", "kebanjiran pesanan", "banjir order bu alhamdulillah", "hp mati", "lampu mati", "listrik mati", "ayam mati 5", "usaha mati",
		"sakit", "modal habis", "500rb", "ya", "anak saya sunat", "harga cabai naik", "takut salah", "mati lampu bu", "bapak 500rb", "ibu sehat", "saya minta bantuan", "uang modal kapan cair", "rekening saya belum jadi", "suami saya jualan", "suami ikut jualan"} {
		if it := Safety(in); it != None {
			t.Errorf("Safety(%q) = %s", in, it)
		}
	}
}

func TestReadCommand(t *testing.T) {
	for _, c := range []struct {
		in     string
		intent Intent
		rest   string
	}{
		{"daftar 482919", Register, "482919"}, {"DAFTAR  482919", Register, "482919"}, {"daftar", Register, ""}, {"status", Status, ""}, {"STATSU", Status, ""}, {"cek bantuan", Status, ""}, {"status?", Status, ""}, {"JUAL 350rb", Report, "350rb"},
		{"lapor 750rb", Report, "750rb"}, {"lapor,500rb", Report, "500rb"}, {"lapor", Report, ""}, {"lapor 482919 750rb", Report, "482919 750rb"}, {"UBAH 570rb", Correct, "570rb"}, {"ubah", Correct, ""}, {"ubah 1-7 jun 500rb", Correct, "1-7 jun 500rb"},
		{"ganti", Reschedule, ""}, {"ganti 400rb", Correct, "400rb"}, {"batal", Cancel, ""}, {"teu jadi", Cancel, ""}, {"libur", Closed, ""}, {"jadwal", Schedule, ""}, {"tolong", Help, ""}, {"tolong kompor rusak ga bisa jualan", Help, "kompor rusak ga bisa jualan"},
		{"Tolong Kompor RUSAK", Help, "Kompor RUSAK"}, {"telepon", CallMe, ""}, {"TIPS", Tips, ""}, {"saran", Tips, ""}, {"menu", Menu, ""}, {"?", Menu, ""}, {"bahasa", Lang, ""}, {"pas", Enough, ""}, {"riwayat", History, ""}, {"cuti 15-19 jun", Leave, "15-19 jun"},
		{"cuti", Leave, ""}, {"lihat data", SeeData, ""}, {"hapus data", EraseData, ""}, {"hapus data saya", EraseData, ""}, {"lagi", More, ""}, {"cari siti", Search, "siti"}, {"CARI Siti Aminah", Search, "Siti Aminah"}, {"salah", Wrong, ""},
		{"salah sambung, saya bukan siti", WrongNumber, ""}, {"salah bu harusnya 570rb", Correct, ""}, {"bukan", NotMe, ""}, {"bukan saya", WrongNumber, ""}, {"ikut", Join, ""}, {"bantuan", Aid, ""}, {"bantuan kapan cair", Status, ""}, {"kunjung", Visit, ""},
		{"hadir 731", AttendYes, "731"}, {"stop", Stop, ""}, {"stop jualan dulu modal abis", NotStop, ""}, {"lapor pungli", Complaint, ""}, {"mulai", Start, ""}, {"ganti bahasa", Lang, ""}, {"tutup usaha", NotStop, ""}, {"500rb", None, ""}, {"", None, ""},
	} {
		r := ReadCommand(c.in)
		if r.Intent != c.intent || c.rest != "" && r.Rest != c.rest {
			t.Errorf("ReadCommand(%q) = %s %q, want %s %q", c.in, r.Intent, r.Rest, c.intent, c.rest)
		}
	}
}

func TestReasonsAndLanguage(t *testing.T) {
	for in, want := range map[string]string{
		"sakit": "sakit", "anak sakit": "sakit", "hajatan": "hajatan", "modal habis": "modal", "modalna seep": "modal", "kompor rusak": "modal", "sepi": "sepi", "libur": "libur", "tutup": "libur", "prei": "libur", "mudik": "libur",
		"stop jualan dulu modal abis": "modal", "ga jualan, sakit": "sakit", "tidak jualan": "", "hujan terus": "lainnya",
	} {
		if r := ReadIntent(in); r.Reason != want {
			t.Errorf("ReadIntent(%q).Reason = %q (%s), want %q", in, r.Reason, r.Intent, want)
		}
	}
	for in, want := range map[string]string{"teu icalan": "su", "abdi teu damang": "su", "mboten sadean": "jv", "pitung atus seket ewu": "jv", "kapan bantuan saya cair": "id", "500rb": "", "ok": "", "hatur nuhun bu": "su"} {
		if r := ReadIntent(in); r.Lang != want {
			t.Errorf("ReadIntent(%q).Lang = %q, want %q", in, r.Lang, want)
		}
	}
}

func TestAmountKinds(t *testing.T) {
	for in, want := range map[string]AmountKind{
		"sehari 100rb": KindDaily, "untung 200rb": KindProfit, "500-600rb": KindRange, "di bawah sejuta": KindBound, "100rb+150rb": KindSum, "6x100rb": KindMultiply, "5 kg": KindGoods, "750": KindSmall, "nanti": KindSnooze, "sama kayak minggu lalu": KindSame,
		"lupa": KindUnknown, "-400rb": KindNegative, "rugi 200rb": KindLoss, "modal 500rb": KindCost, "utang 100rb": KindDebt, "0812-3456-7890": KindPhone, "3210086508750003": KindNIK, "17-08-2020": KindDate, "jam 9": KindTime, "stop": KindOptOut, "belum": KindNotYet,
		"2 minggu 800rb": KindTwoWeeks, "2jt sebulan": KindMonthly, "rata-rata 500rb": KindAverage, "500rb dari mentor": KindReceived, "bukan 500rb tapi 400rb": KindChanged, "500rb": KindPlain, "libur": KindZero, "1 miliar": KindTooBig, "uang saya dipotong 500rb": KindOther,
	} {
		if a := ReadAmount(in); a.Kind != want {
			t.Errorf("ReadAmount(%q).Kind = %s, want %s", in, a.Kind, want)
		}
	}
	a := ReadAmount("500-600rb")
	if a.Low2 != 500_000 || a.High != 600_000 {
		t.Errorf("bounds of a range: %+v", a)
	}
	for in, want := range map[string]int64{"750": 750_000, "1.250": 1_250_000, "sejuta lima": 1_500_000, "bukan 500rb tapi 400rb": 400_000, "100rb 200rb": 300_000, "6x100rb": 600_000, "350.000 ribu": 350_000, "jual 800rb modal 500rb": 800_000, "1 M": 1_000_000, "gocap": 50_000,
		"0350000": 350_000, "1jt5": 1_500_000, "tiga lima puluh": 350_000, "dua setengah": 2_500_000, "500.00": 500_000, "300an": 300_000, "5.000": 5000} {
		if a := ReadAmount(in); len(a.Candidates) == 0 || a.Candidates[0] != want {
			t.Errorf("ReadAmount(%q) proposes %v, want %d first", in, a.Candidates, want)
		}
	}
	if a := ReadAmount("libur"); a.Reason != "libur" {
		t.Errorf("libur: %+v", a)
	}
}
