package bahasa

import "testing"

// What the people of the transcripts write, read without their context.
func TestTheWordsOfTheJourneys(t *testing.T) {
	for in, want := range map[string]Intent{
		"ya": Yes, "daftar 482919": Register, "DAFTAR 173609": Register, "STOP": Stop, "mulai": Start, "salah sambung, saya bukan siti": WrongNumber,
		"stop jualan dulu modal abis": NotStop, "cek bantuan": Status, "status?": Status, "uangnya sudah cair belum": Status, "BANTUAN": Aid,
		"libur": Closed, "telepon": CallMe, "TIPS": Tips, "lapor": Report, "lapor 750rb": Report, "UBAH 570rb": Correct, "batal": Cancel,
		"salah bu harusnya 570rb": Correct, "ubah 1-7 jun 500rb": Correct, "salah": Wrong, "insya allah": Maybe, "hadir 731": AttendYes, "ganti": Reschedule,
		"jadwal": Schedule, "tolong": Help, "tolong kompor rusak ga bisa jualan": Help, "saya dipukul suami": Violence,
		"rumah kebanjiran dagangan hanyut": Disaster, "pendamping minta uang": Complaint, "cari siti": Search, "cuti 15-19 jun": Leave, "PAS": Enough,
		"BUKAN": NotMe, "ikut": Join, "menu": Menu, "jual 1-7 jun 500rb": Report, "lapor 482919 750rb": Report,
	} {
		if got := ReadCommand(in).Intent; got != want {
			t.Errorf("ReadCommand(%q) = %s, want %s", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"750rb": "750000", "520rb": "520000", "1,5jt": "1500000", "750": "ASK", "7500000": "7500000", "750000": "750000", "sehari 100rb": "ASK", "untung 200rb": "ASK",
		"0": "0", "3": "ASK", "libur": "0", "alhamdulillah lumayan pa": "ASK", "lumayan lah bisa buat makan": "ASK", "teuing atuh": "ASK", "lapor 750rb": "750000",
		"tujuh ratus lima puluh rebu": "750000", "pitung atus seket ewu": "750000", "75*": "ASK", "jual 1-7 jun 500rb": "500000", "ubah 57jt": "57000000",
		"salah bu harusnya 570rb": "570000", "57jt": "57000000", "570": "ASK",
	} {
		if got := amountText(ReadAmount(in)); got != want {
			t.Errorf("ReadAmount(%q) = %s, want %s", in, got, want)
		}
	}
}
