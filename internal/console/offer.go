package console

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Offer is what a broadcast invites to: seats for those who answer IKUT first (J9-SMS-01).
type Offer struct {
	Event   string    `json:"event"`    // whose list it is: "bazar"
	Place   string    `json:"place"`    // what there are seats of: "lapak"
	Seats   int       `json:"seats"`    // 1 to prokus.MaxOfferSeats
	LastDay time.Time `json:"last_day"` // calendar date up to which IKUT counts
}

// Taker is somebody who answered IKUT.
type Taker struct {
	Person                     int64
	Code, Name, Kecamatan, Via string
	Number                     int // in the list; 0: waits
	At                         time.Time
}

// takerRows are shown at most of each list.
const takerRows = 1000

var joinWord = regexp.MustCompile(`(?i)\bIKUT\b`)

// offerProblems are what keeps an offer from being submitted: its words, and texts that do not say how to take part.
func (b *Broadcast) offerProblems(now time.Time) []Problem {
	o := b.Offer
	if o == nil {
		return nil
	}
	var out []Problem
	if o.Event == "" || o.Place == "" {
		out = append(out, Problem{Field: "acara", Key: "offer_words"})
	}
	if o.Seats < 1 || o.Seats > prokus.MaxOfferSeats {
		out = append(out, Problem{Field: "jumlah_tempat", Key: "offer_seats"})
	}
	first := now
	if b.SendAt.After(now) {
		first = b.SendAt.In(now.Location())
	}
	if o.LastDay.Before(prokus.Day(first)) {
		out = append(out, Problem{Field: "batas_ikut", Key: "offer_day"})
	}
	for _, l := range broadcastLangs {
		if t := b.Texts[l]; t != "" && !joinWord.MatchString(t) {
			out = append(out, Problem{Field: "teks_" + string(l), Key: "offer_ikut", Arg: string(l)})
		}
	}
	return out
}

// offerForm is the offer as it was filled in.
type offerForm struct {
	On                      bool
	Event, Place, Seats, By string
}

func offerFormOf(o *Offer) offerForm {
	if o == nil {
		return offerForm{}
	}
	f := offerForm{On: true, Event: o.Event, Place: o.Place, Seats: strconv.Itoa(o.Seats)}
	if !o.LastDay.IsZero() {
		f.By = o.LastDay.Format("02-01-2006")
	}
	return f
}

func readOffer(q url.Values) offerForm {
	return offerForm{
		On: q.Get("tawarkan") == "1", Event: field(q.Get("acara"), 80), Place: field(q.Get("tempat"), 80),
		Seats: field(q.Get("jumlah_tempat"), 8), By: field(q.Get("batas_ikut"), 10),
	}
}

// offer reads the form. Words go into SMS, so they are short, of one line and of the plain alphabet.
func (f offerForm) offer() (*Offer, []Problem) {
	if !f.On {
		return nil, nil
	}
	var problems []Problem
	o := &Offer{Event: bahasa.Plain(f.Event), Place: bahasa.Plain(f.Place)}
	if len([]rune(o.Event)) > prokus.MaxOfferEvent || len([]rune(o.Place)) > prokus.MaxOfferPlace || strings.ContainsAny(o.Event+o.Place, "{}\r\n") {
		problems = append(problems, Problem{Field: "acara", Key: "offer_long"})
	}
	if len(foreignLinks(o.Event+" "+o.Place)) > 0 {
		problems = append(problems, Problem{Field: "acara", Key: "link", Arg: o.Event})
	}
	o.Seats, _ = readCount(f.Seats) // unreadable: none, which is a problem when it is submitted
	if f.By != "" {
		at, err := broadcastForm{Date: f.By, Clock: "00.00"}.sendAt(time.UTC)
		if err != nil {
			problems = append(problems, Problem{Field: "batas_ikut", Key: "clock"})
		}
		o.LastDay = at
	}
	return o, problems
}

// withdrawTaker takes somebody off the list who said so by telephone or at the office; the next one is told.
func (c *console) withdrawTaker(v *visit) error {
	id, err := v.id()
	if err != nil {
		return err
	}
	person, _ := strconv.ParseInt(v.r.PostForm.Get("orang"), 10, 64) // unreadable: nobody, who is on no list
	if err := c.Store.WithdrawTaker(v.r.Context(), v.viewer.Scope(), id, person, v.viewer.Staff, v.now); err != nil {
		return err
	}
	return v.redirect("/siaran/"+strconv.FormatInt(id, 10), "taken_off")
}
