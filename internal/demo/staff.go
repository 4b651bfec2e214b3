package demo

import (
	"fmt"

	"github.com/kabar-prokus/kabar/internal/areas"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Numbers and addresses of the cast, for tests and for whoever plays the demo. All are invented.
const (
	SitiPhone  prokus.Phone = "+6281234567417"
	AniPhone   prokus.Phone = "+6281290000002" // her own in the demo
	DediPhone  prokus.Phone = "+6281190000001" // TKSK of Kec. Maja
	RinaPhone  prokus.Phone = "+6281190000013" // mentor in Majalengka
	NaniPhone  prokus.Phone = "+6281190000012" // coordinator of Majalengka
	NaniEmail               = "nani@dinsos-majalengka.example"
	AsepEmail               = "asep@dinsos-majalengka.example" // second coordinator, approves Bu Nani's broadcasts
	RatnaEmail              = "ratna@kemensos.example"
)

// hire makes the staff: a TKSK for each kecamatan, a mentor and a coordinator for each kabupaten, the ministry.
func (b *builder) hire() {
	tksk := []struct{ title, name, kecamatan string }{
		{"Pak", "Dedi Kurniawan", "32.10.06"}, {"Bu", "Lilis Suryani", "32.10.08"}, {"Pak", "Ujang Permana", "32.17.01"}, {"Bu", "Tati Rohayati", "32.17.08"},
		{"Pak", "Rahmat Hidayat", "31.75.06"}, {"Bu", "Mulyani Saputri", "31.75.03"}, {"Pak", "Suharyanto", "33.22.10"}, {"Bu", "Endang Lestari", "33.22.18"},
		{"Pak", "Sugeng Riyadi", "34.02.16"}, {"Bu", "Wahyuningsih", "34.02.10"},
	}
	for _, s := range tksk {
		b.tksk[s.kecamatan] = b.join(prokus.TKSK, s.title, s.name, "Kementerian Sosial", "", s.kecamatan)
	}
	for _, s := range []struct {
		role                         prokus.Role
		title, name, house, mail, at string
	}{
		{prokus.Ministry, "Bu", "Ratna Kusuma", "Dit. PSPKKM Kemensos", RatnaEmail, areas.Country},
		{prokus.Coordinator, "Bu", "Nani Sumarni", "Dinsos Majalengka", NaniEmail, "32.10"},
		{prokus.Mentor, "Bu", "Rina Marlina", "Oorange Unpad", "rina@mentor.example", "32.10"},
		{prokus.Coordinator, "Pak", "Asep Hidayat", "Dinsos Majalengka", AsepEmail, "32.10"},
		{prokus.Coordinator, "Bu", "Yuyun Yuningsih", "Dinsos Bandung Barat", "yuyun@dinsos-kbb.example", "32.17"},
		{prokus.Mentor, "Pak", "Iwan Setiawan", "Oorange Unpad", "iwan@mentor.example", "32.17"},
		{prokus.Coordinator, "Pak", "Bambang Irawan", "Sudinsos Jakarta Timur", "bambang@sudinsos-jaktim.example", "31.75"},
		{prokus.Mentor, "Bu", "Dewi Anggraini", "ZFN Agape", "dewi@mentor.example", "31.75"},
		{prokus.Coordinator, "Bu", "Sri Hartini", "Dinsos Kab. Semarang", "sri@dinsos-semarangkab.example", "33.22"},
		{prokus.Mentor, "Pak", "Agus Prasetyo", "Polines", "agus@mentor.example", "33.22"},
		{prokus.Coordinator, "Pak", "Heru Nugroho", "Dinsos Bantul", "heru@dinsos-bantul.example", "34.02"},
		{prokus.Mentor, "Bu", "Kartika Sari", "Bina Swadaya", "kartika@mentor.example", "34.02"},
		{prokus.Ministry, "Pak", "Taufik Rahman", "Dit. PSPKKM Kemensos", "taufik@kemensos.example", areas.Country},
	} {
		b.join(s.role, s.title, s.name, s.house, s.mail, s.at)
	}
}

func (b *builder) join(role prokus.Role, title, name, house, mail, area string) int64 {
	id := int64(len(b.Staff) + 1)
	zone := "Asia/Jakarta"
	if a, ok := b.index.Get(area); ok {
		zone = a.Zone
	}
	b.Staff = append(b.Staff, Staff{
		Staff: prokus.Staff{ID: id, Role: role, Name: name, Title: title, Areas: []string{area}, Institution: house, Email: mail, Active: true, Lang: prokus.ID, Zone: zone},
		Phone: prokus.Phone(fmt.Sprintf("+62811900000%02d", id)),
	})
	return id
}

func (b *builder) mentorOf(kabupaten string) int64 { return b.staffOf(prokus.Mentor, kabupaten) }

func (b *builder) coordinatorOf(kabupaten string) int64 {
	return b.staffOf(prokus.Coordinator, kabupaten)
}

func (b *builder) staffOf(role prokus.Role, area string) int64 {
	for _, s := range b.Staff {
		if s.Role == role && s.Areas[0] == area {
			return s.ID
		}
	}
	return 0
}
