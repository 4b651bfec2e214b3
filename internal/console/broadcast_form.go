package console

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// broadcastForm is the form as it was filled in, so that nothing typed is lost when something is wrong.
type broadcastForm struct {
	Name     string
	Texts    map[prokus.Lang]string
	UseID    map[prokus.Lang]bool
	Some     bool // only the ticked kecamatan
	Areas    map[string]bool
	Batch    int64
	Activity Activity
	Lang     prokus.Lang
	Date     string
	Clock    string
	Once     bool
	Offer    offerForm
	Area     string
	Version  int
}

func formOf(b Broadcast, loc *time.Location) broadcastForm {
	f := broadcastForm{Name: b.Name, Texts: b.Texts, UseID: map[prokus.Lang]bool{}, Some: len(b.Rule.Areas) > 0, Areas: map[string]bool{},
		Batch: b.Rule.Batch, Activity: b.Rule.Activity, Lang: b.Rule.Lang, Once: b.OncePerNumber, Offer: offerFormOf(b.Offer), Area: b.Area, Version: b.Version}
	for _, l := range b.UseID {
		f.UseID[l] = true
	}
	for _, a := range b.Rule.Areas {
		f.Areas[a] = true
	}
	if !b.SendAt.IsZero() {
		f.Date, f.Clock = b.SendAt.In(loc).Format("02-01-2006"), bahasa.Clock(b.SendAt.In(loc))
	}
	return f
}

// read fills the form from what was posted.
func readForm(q url.Values) broadcastForm {
	f := broadcastForm{Name: field(q.Get("nama"), maxName), Texts: map[prokus.Lang]string{}, UseID: map[prokus.Lang]bool{}, Areas: map[string]bool{},
		Some: q.Get("wilayah_pilihan") == "sebagian", Activity: activity(q.Get("aktivitas")),
		Date: field(q.Get("tanggal"), 10), Clock: field(q.Get("jam"), 5), Once: q.Get("sekali") == "1", Offer: readOffer(q), Area: field(q.Get("milik"), 8)}
	for _, l := range broadcastLangs {
		// Browsers send CR LF for a line break; on the road it is one character.
		f.Texts[l] = field(strings.ReplaceAll(q.Get("teks_"+string(l)), "\r\n", "\n"), maxText)
		f.UseID[l] = l != prokus.ID && q.Get("pakai_id_"+string(l)) == "1"
		if q.Get("bahasa") == string(l) {
			f.Lang = l
		}
	}
	for _, a := range q["wilayah"] {
		f.Areas[field(a, 8)] = true
	}
	f.Batch, _ = strconv.ParseInt(q.Get("angkatan"), 10, 64) // unreadable: all batches
	f.Version, _ = strconv.Atoi(q.Get("versi"))              // unreadable: stale
	return f
}

var (
	errClock  = errors.New("date or clock not readable")
	dateForms = []string{"02-01-2006", "2-1-2006", "02/01/2006", "2/1/2006", "2006-01-02"}
	clockForm = regexp.MustCompile(`^([01]?\d|2[0-3])[.:]([0-5]\d)$`)
)

// sendAt reads date and clock in a zone; both empty is the zero time: as soon as it is approved.
func (f broadcastForm) sendAt(loc *time.Location) (time.Time, error) {
	if f.Date == "" && f.Clock == "" {
		return time.Time{}, nil
	}
	return readWhen(f.Date, f.Clock, loc)
}

// apply turns the form into a wording, rule and time; areas outside the offered ones are refused, never dropped silently:
// without its areas a rule would mean everybody.
func (f broadcastForm) apply(ch choices, loc *time.Location) (w Wording, r Rule, at time.Time, problems []Problem) {
	w = Wording{Name: f.Name, Texts: map[prokus.Lang]string{}, OncePerNumber: f.Once}
	for _, l := range broadcastLangs {
		if t := f.Texts[l]; t != "" {
			w.Texts[l] = t
		} else if f.UseID[l] {
			w.UseID = append(w.UseID, l)
		}
	}
	w.Offer, problems = f.Offer.offer()
	r = Rule{Batch: f.Batch, Activity: f.Activity, Lang: f.Lang}
	if f.Some {
		for a := range f.Areas {
			if !slices.ContainsFunc(ch.Areas, func(x Area) bool { return x.Code == a }) {
				problems = append(problems, Problem{Field: "wilayah", Key: "area"})
				continue
			}
			r.Areas = append(r.Areas, a)
		}
		slices.Sort(r.Areas)
		if len(r.Areas) == 0 && len(problems) == 0 {
			problems = append(problems, Problem{Field: "wilayah", Key: "no_area"})
		}
	}
	if f.Batch != 0 && !slices.ContainsFunc(ch.Batches, func(x Batch) bool { return x.ID == f.Batch }) {
		problems = append(problems, Problem{Field: "angkatan", Key: "batch"})
	}
	at, err := f.sendAt(loc)
	if err != nil {
		problems = append(problems, Problem{Field: "tanggal", Key: "clock"})
	}
	return w, r, at, problems
}

func (c *console) newBroadcast(v *visit) error {
	return c.showNew(v, http.StatusOK, broadcastForm{Texts: map[prokus.Lang]string{}, Once: true}, nil)
}

// showNew asks for the name and, of somebody with several areas, whose broadcast it is; the rest follows on its own page.
func (c *console) showNew(v *visit, status int, f broadcastForm, problems []Problem) error {
	kecamatan, err := c.Store.Kecamatan(v.r.Context(), v.viewer.Scope())
	if err != nil {
		return err
	}
	var own []Area
	for _, code := range v.viewer.Staff.Areas {
		a := Area{Code: code, Name: code}
		for _, k := range kecamatan {
			if within(k.Code, code) {
				a.Name = k.Parent // of a kabupaten: the name of the first kecamatan's parent
				break
			}
		}
		own = append(own, a)
	}
	return c.show(v, status, "siaran_baru", struct {
		base
		Form     broadcastForm
		Areas    []Area
		Problems []Problem
	}{c.base(v, "title.new_broadcast", "broadcasts"), f, own, problems})
}

func (c *console) createBroadcast(v *visit) error {
	f := readForm(v.r.PostForm)
	areas := v.viewer.Staff.Areas
	if f.Area == "" && len(areas) == 1 {
		f.Area = areas[0]
	}
	var problems []Problem
	if f.Name == "" {
		problems = append(problems, Problem{Field: "nama", Key: "name"})
	}
	if !slices.Contains(areas, f.Area) {
		problems = append(problems, Problem{Field: "milik", Key: "area"})
	}
	if len(problems) > 0 {
		return c.showNew(v, http.StatusUnprocessableEntity, f, problems)
	}
	b := Broadcast{Area: f.Area, Wording: Wording{Name: f.Name, Texts: map[prokus.Lang]string{}, OncePerNumber: true}}
	id, err := c.Store.CreateBroadcast(v.r.Context(), v.viewer.Scope(), v.viewer.Staff, b, v.now)
	if err != nil {
		return err
	}
	return v.redirect("/siaran/"+strconv.FormatInt(id, 10), "created")
}

func (c *console) editBroadcast(v *visit) error {
	id, err := v.id()
	if err != nil {
		return err
	}
	b, err := c.Store.Broadcast(v.r.Context(), v.viewer.Scope(), id)
	if err != nil {
		return err
	}
	ch, err := c.choices(v, b)
	if err != nil {
		return err
	}
	f := readForm(v.r.PostForm)
	w, r, at, problems := f.apply(ch, v.now.Location())
	if len(problems) > 0 {
		return c.showBroadcast(v, http.StatusUnprocessableEntity, b, f, problems)
	}
	return c.act(v, "ubah", "saved", func(b *Broadcast) error { return b.Edit(v.viewer.Staff, f.Version, w, r, at) })
}
