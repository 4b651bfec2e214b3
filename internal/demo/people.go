package demo

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/internal/roster"
)

// course is how somebody's weeks go.
type course string

const (
	steady  course = "steady"
	rising  course = "rising"
	falling course = "falling" // the last two weeks far below her own median
	quiet   course = "quiet"   // no report for two weeks and more
	resting course = "resting" // two weeks of zero
	patchy  course = "patchy"  // now and then a week without report or sales
	fresh   course = "fresh"   // began two weeks ago
	proxied course = "proxied" // no phone: her TKSK reports for her
	invited course = "invited" // has not answered the invitation
	stopped course = "stopped" // said STOP
	unheard course = "unheard" // imported, not invited yet
)

// life is what the generator knows of somebody beside her data.
type life struct {
	course course
	base   int64 // usual week, rupiah
	since  int   // weeks of membership
}

type sketch struct {
	name, village, business, cluster string
	course                           course
	base                             int64
}

// cast are the people of the transcripts and of the console's sample list, all in Kec. Maja.
var cast = []struct {
	sketch
	code  string
	nik   string
	born  int
	phone prokus.Phone
}{
	{sketch{"Siti Aminah", "Cengal", "Kue basah", "Kuliner", steady, 670_000}, "482919", "3210134506680001", 1968, SitiPhone},
	{sketch{"Ani Suryani", "Cengal", "Keripik", "Kuliner", quiet, 520_000}, "173609", "3210134708850002", 1985, AniPhone},
	{sketch{"Yati", "Wanahayu", "Warung", "Ritel", falling, 900_000}, "550210", "3210136001700003", 1970, "+6281345678901"},
	{sketch{"Euis", "Wanahayu", "Jahit", "Kriya", quiet, 430_000}, "608471", "3210135202600004", 1960, "+628522223333"},
	{sketch{"Siti Maryam", "Wanahayu", "Gorengan", "Kuliner", steady, 350_000}, "310557", "", 1979, "+6281290000005"},
	{sketch{"Tuti Hartati", "Cengal", "Martabak", "Kuliner", rising, 610_000}, "", "3210134512700007", 1970, "+6281300000007"},
	{sketch{"Neneng", "Cengal", "Sayur", "Agribisnis", steady, 480_000}, "", "3210135003750008", 1975, "+6281300000008"},
	{sketch{"Mak Icih", "Wanahayu", "Telur asin", "Agribisnis", proxied, 290_000}, "", "3210134101550005", 1955, ""},
}

// places are where everybody else lives, how many there are, and what is spoken.
var places = []struct {
	kecamatan string
	villages  []string
	lang      prokus.Lang
	names     []string
	courses   []course
}{
	{"32.10.06", []string{"Cengal", "Wanahayu", "Tegalsari", "Anggrawati"}, prokus.SU,
		[]string{"Rohaeti", "Kokom Komala", "Enok Jubaedah", "Wiwi Wiarsih", "Aan Hasanah", "Cucu Sumiati", "Iis Aisyah", "Dedeh Kurnia"},
		[]course{patchy, resting, steady, rising, patchy, stopped, invited, steady}},
	{"32.10.08", []string{"Sukahaji", "Cikeusik", "Palabuan"}, prokus.SU,
		[]string{"Imas Masitoh", "Ade Rukmini", "Lia Yuliani", "Entin Kartini", "Oyoh Rohayah", "Dadang Supriatna"}, []course{steady, patchy, falling, steady, quiet, rising}},
	{"32.17.01", []string{"Lembang", "Cikole", "Gudangkahuripan"}, prokus.SU,
		[]string{"Ai Nurhayati", "Elis Lisnawati", "Nining Yuningsih", "Teti Sumiyati", "Yoyoh Badriah", "Odah Saodah"}, []course{rising, steady, patchy, quiet, steady, fresh}},
	{"32.17.08", []string{"Padalarang", "Cimerang", "Kertamulya"}, prokus.SU,
		[]string{"Titin Kartini", "Euis Sumarni", "Popon Sopiah", "Kurnia Dewi", "Nanang Suhendar"}, []course{steady, falling, patchy, proxied, rising}},
	{"31.75.06", []string{"Cakung Barat", "Penggilingan", "Jatinegara"}, prokus.ID,
		[]string{"Nurhayati", "Sri Wahyuni", "Marlina", "Fatimah", "Yuliana", "Rosmawati"}, []course{steady, rising, resting, steady, invited, patchy}},
	{"31.75.03", []string{"Cipinang Muara", "Rawa Bunga", "Bali Mester"}, prokus.ID,
		[]string{"Aminah Zahra", "Suryati", "Hamidah", "Lestari Ningsih", "Rukiyah"}, []course{patchy, steady, quiet, steady, fresh}},
	{"33.22.10", []string{"Tambakboyo", "Kupang", "Panjang"}, prokus.JV,
		[]string{"Sumiyati", "Tri Wahyuni", "Sukarminah", "Suhartatik", "Ponirah", "Wagiyem"}, []course{steady, rising, falling, steady, proxied, patchy}},
	{"33.22.18", []string{"Langensari", "Candirejo", "Nyatnyono"}, prokus.JV,
		[]string{"Suparti", "Murtini", "Ngatiyem", "Lasmi Rahayu", "Yatmini"}, []course{steady, patchy, quiet, rising, steady}},
	{"34.02.16", []string{"Bangunjiwo", "Tirtonirmolo", "Ngestiharjo"}, prokus.JV,
		[]string{"Sutinah", "Painem", "Rubiyah", "Sri Lestari", "Tumijan", "Mujiyem"}, []course{rising, steady, patchy, steady, steady, stopped}},
	{"34.02.10", []string{"Imogiri", "Karangtalun", "Wukirsari"}, prokus.JV,
		[]string{"Paryanti", "Kasiyem", "Suminem", "Tugiyati", "Sarjinah"}, []course{steady, resting, fresh, rising, unheard}},
}

var trades = []struct{ business, cluster string }{
	{"Kue basah", "Kuliner"}, {"Warung kelontong", "Ritel"}, {"Keripik singkong", "Kuliner"}, {"Jahit", "Kriya"}, {"Sayur keliling", "Agribisnis"},
	{"Nasi uduk", "Kuliner"}, {"Telur asin", "Agribisnis"}, {"Batik tulis", "Kriya"}, {"Jamu gendong", "Kuliner"}, {"Warung sembako", "Ritel"},
}

var men = map[string]bool{"Dadang Supriatna": true, "Nanang Suhendar": true, "Tumijan": true}

// enrol makes the people: the cast first, then everybody else.
func (b *builder) enrol(nikKey []byte, chats bool) {
	// Codes come from a chance of their own, so that a change elsewhere leaves them as they are.
	codes := rand.New(rand.NewPCG(1, 2))
	taken := map[string]bool{}
	for _, c := range cast {
		taken[c.code] = true
	}
	for _, c := range cast {
		if c.code == "" {
			c.code = freeCode(codes, taken)
		}
		p := b.add(c.sketch, "32.10.06", prokus.ID, c.code, c.born)
		p.Phone, p.LangChosen = c.phone, c.phone != ""
		if c.nik != "" {
			p.NIK, p.NIKLast4 = roster.HashNIK(c.nik, nikKey), c.nik[12:]
		}
	}
	b.lives[0].since = 4 // the transcripts know four weeks of her
	b.People[0].settle(b.week(4, b.People[0].Location()))
	for _, pl := range places {
		for i, name := range pl.names {
			trade := trades[(i*3+len(b.People))%len(trades)]
			code := freeCode(codes, taken)
			s := sketch{name, pl.villages[i%len(pl.villages)], trade.business, trade.cluster, pl.courses[i], int64(25+b.chance.IntN(110)) * 10_000}
			lang := pl.lang
			if i%3 == 2 {
				lang = prokus.ID
			}
			p := b.add(s, pl.kecamatan, lang, code, 1956+b.chance.IntN(38))
			if s.course != proxied {
				p.Phone = prokus.Phone(fmt.Sprintf("+62812900%05d", len(b.People)))
				if chats && i%5 == 3 && p.Consent == prokus.Agreed {
					p.Telegram = "sim:" + string(p.Phone) // the simulator stands in for the chat
				}
			}
			p.Disability = i == 4
		}
	}
	b.invite()
}

func freeCode(chance *rand.Rand, taken map[string]bool) string {
	for {
		code := prokus.WithCheckDigit(fmt.Sprint(10_000 + chance.IntN(90_000)))
		if !taken[code] && prokus.ValidCode(code) {
			taken[code] = true
			return code
		}
	}
}

// settle sets when she was imported, invited and agreed: on the Monday of her first week.
func (p *Person) settle(first prokus.Week) {
	p.InvitedAt = first.At(0, 9, 0, p.Location())
	p.Created = p.InvitedAt.AddDate(0, 0, -14)
	p.ConsentAt = p.InvitedAt.Add(47 * time.Minute)
}

func (b *builder) add(s sketch, kecamatan string, lang prokus.Lang, code string, born int) *Person {
	a, _ := b.index.Get(kecamatan)
	l := life{course: s.course, base: s.base, since: weeks}
	if s.course == fresh {
		l.since = 2
	}
	salutation := "Ibu"
	switch {
	case men[s.name]:
		salutation = "Bapak"
	case born > 1988:
		salutation = "Mbak"
	}
	p := Person{Person: prokus.Person{
		ID: int64(len(b.People) + 1), Code: code, Name: s.name, Salutation: salutation, BirthYear: born, Area: kecamatan, Village: s.village,
		RT: fmt.Sprintf("RT%d/%d", 1+len(b.People)%5, 1+len(b.People)%7), Business: s.business, Cluster: s.cluster, Lang: lang, Incubator: incubators[kecamatan[:2]],
		Status: prokus.Active, Consent: prokus.Agreed, Zone: a.Zone,
	}}
	p.settle(b.week(l.since, p.Location()))
	if s.course == unheard {
		p.Consent, p.ConsentAt, p.InvitedAt = prokus.Unasked, time.Time{}, time.Time{}
	}
	b.People, b.lives = append(b.People, p), append(b.lives, l)
	return &b.People[len(b.People)-1]
}

var incubators = map[string]string{"32": "Oorange Unpad", "31": "ZFN Agape", "33": "Polines", "34": "Bina Swadaya"}
