package demo

import (
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

var halls = map[string]string{"32.10.06": "Balai Desa Cengal", "32.17.01": "Balai Desa Cikole", "31.75.06": "RPTRA Cakung", "33.22.10": "Balai Desa Kupang", "34.02.16": "Balai Bangunjiwo"}

var topics = []string{"Menghitung modal", "Mencatat jualan tiap hari", "Memilih barang yang laku", "Kemasan dan harga", "Menabung dari untung", "Menjual lewat tetangga"}

// sessions plays three weekly sessions that were held and plans the next ones, in one kecamatan of each kabupaten.
func (b *builder) sessions() {
	for _, kecamatan := range []string{"32.10.06", "32.17.01", "31.75.06", "33.22.10", "34.02.16"} {
		a, _ := b.index.Get(kecamatan)
		loc := prokus.Zone(a.Zone)
		mentor := b.mentorOf(a.Parent)
		for n, k := range []int{3, 2, 1, 0, -1} {
			at := b.nextWednesday(loc).AddDate(0, 0, -7*k)
			s := Session{At: at, Area: kecamatan, Place: halls[kecamatan], Mentor: mentor, Topic: topics[n], Capacity: 15, Status: "selesai", Code: []string{"418", "562", "297", "731", "845"}[n]}
			if at.After(b.Now) {
				s.Status = "rencana"
			}
			b.seat(&s, n)
			b.Sessions = append(b.Sessions, s)
		}
		// Two more in the coming week, with free seats, for who would rather come another day.
		for i, other := range []struct {
			days, hour int
			place      string
		}{{1, 13, halls[kecamatan]}, {3, 9, "Kantor Kec. " + a.Name}} {
			b.Sessions = append(b.Sessions, Session{
				At:   b.nextWednesday(loc).AddDate(0, 0, other.days).Add(time.Duration(other.hour-10) * time.Hour),
				Area: kecamatan, Place: other.place, Mentor: mentor, Topic: topics[3], Capacity: 12, Status: "rencana", Code: []string{"364", "908"}[i],
			})
		}
	}
}

// nextWednesday is 10:00 on the first Wednesday after now.
func (b *builder) nextWednesday(loc *time.Location) time.Time {
	now := b.Now.In(loc)
	days := (int(time.Wednesday) - int(now.Weekday()) + 7) % 7
	at := time.Date(now.Year(), now.Month(), now.Day()+days, 10, 0, 0, 0, loc)
	if !at.After(now) {
		at = at.AddDate(0, 0, 7)
	}
	return at
}

// seat invites the kecamatan's people and plays their answers.
func (b *builder) seat(s *Session, n int) {
	for i := range b.People {
		p := &b.People[i]
		if p.Area != s.Area || p.Consent != prokus.Agreed || p.ConsentAt.After(s.At) || len(s.Invites) == s.Capacity {
			continue
		}
		inv := Invite{Person: p.ID}
		answer := []string{"ya", "ya", "ya", "mungkin", "tidak", "", "ya"}[(i+n)%7]
		asked := s.At.AddDate(0, 0, -1).Add(6*time.Hour + 30*time.Minute) // 16:30 the day before
		if p.Phone != "" && asked.Before(b.Now) && i > 0 {
			inv.RSVP = answer
			b.ask(p, s, &inv, asked)
		}
		if s.At.Before(b.Now) {
			came := answer != "tidak" && (i+2*n)%6 != 5
			inv.Attended = &came
		}
		s.Invites = append(s.Invites, inv)
	}
}

func (b *builder) ask(p *Person, s *Session, inv *Invite, asked time.Time) {
	at := s.At.In(p.Location())
	b.say(p, Out{Kind: prokus.KindMentoring, Text: "mentoring.eve", At: asked}, text.Args{
		"tgl": text.Date(at), "jam": text.Clock(at), "tempat": text.Str(s.Place), "mentor": text.Str(b.Staff[s.Mentor-1].Called()),
		"materi": text.Key("mentoring.about", text.Args{"topik": text.Str(strings.ToLower(s.Topic))})})
	words, ok := map[string]string{"ya": "1", "tidak": "2", "mungkin": "insya allah"}[inv.RSVP]
	if inv.At = asked.Add(35 * time.Minute); !ok || inv.At.After(b.Now) {
		inv.RSVP, inv.At = "", time.Time{}
		return
	}
	if inv.RSVP == "tidak" {
		inv.Reason = "jualan"
	}
	b.hear(p, "sms", words, "", inv.At)
}
