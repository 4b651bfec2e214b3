package console

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/boombuler/barcode/qr"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Doors let people in by the right door: one-time links to the chat, and the word of staff that a number is still hers.
type Doors interface {
	// PersonLink makes a one-time link for a person of the scope, ends those before it, and records who made it.
	PersonLink(ctx context.Context, s Scope, code string, by int64, now time.Time) (token string, p prokus.Person, err error)
	// StaffLink makes one for the viewer's own chat.
	StaffLink(ctx context.Context, staff int64, now time.Time) (token string, err error)
	// Vouch keeps that a number of hers is certain, and records who says so.
	Vouch(ctx context.Context, s Scope, code, number string, by int64, now time.Time) error
	// KeepHours keeps whether she is asked at the usual hours in Ramadan too, and records who says so where that is new.
	KeepHours(ctx context.Context, s Scope, code string, usual bool, by int64, now time.Time) error
}

// doorCard is what is printed and handed over, once.
type doorCard struct {
	base
	Person *prokus.Person // nil: the viewer's own
	Bot    string         // empty: Telegram is off
	Link   string
	QR     string // as a path of an SVG, one unit a module
	Size   int    // of it, in modules
	Until  time.Time
}

// linkLife is how long a link is good, as the card says (J1-TG-01).
const linkLife = 7 * 24 * time.Hour

func (c *console) bot() string {
	if c.Telegram == nil {
		return ""
	}
	return c.Telegram()
}

// personLink shows the card of a new link. The page is the answer to the post, so that the link stands in no address.
func (c *console) personLink(v *visit) error {
	code := v.r.PathValue("code")
	if !prokus.ValidCode(code) {
		return ErrNotFound
	}
	token, p, err := c.Store.PersonLink(v.r.Context(), v.viewer.Scope(), code, v.viewer.Staff.ID, v.now)
	if err != nil {
		return err
	}
	return c.showCard(v, "people", token, &p)
}

// staffLink shows the viewer's own.
func (c *console) staffLink(v *visit) error {
	token, err := c.Store.StaffLink(v.r.Context(), v.viewer.Staff.ID, v.now)
	if err != nil {
		return err
	}
	return c.showCard(v, "home", token, nil)
}

func (c *console) showCard(v *visit, here, token string, p *prokus.Person) error {
	card := doorCard{base: c.base(v, "title.door", here), Person: p, Bot: c.bot(), Until: v.now.Add(linkLife)}
	if card.Bot != "" {
		card.Link = "https://t.me/" + card.Bot + "?start=" + token
		var err error
		if card.QR, card.Size, err = qrPath(card.Link); err != nil {
			return err
		}
	}
	return c.show(v, http.StatusOK, "kartu", card)
}

// qrQuiet is the white border that a QR code needs to be found.
const qrQuiet = 4

// qrPath draws a QR code as the path of an SVG: crisp at any size, on paper too.
func qrPath(s string) (path string, size int, err error) {
	code, err := qr.Encode(s, qr.M, qr.Auto)
	if err != nil {
		return "", 0, fmt.Errorf("qr code: %w", err)
	}
	var b strings.Builder
	n := code.Bounds().Dx()
	for y := range n {
		for x := range n {
			if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x+qrQuiet, y+qrQuiet)
			}
		}
	}
	return b.String(), n + 2*qrQuiet, nil
}

// vouch keeps that a number is certain.
func (c *console) vouch(v *visit) error {
	code := v.r.PathValue("code")
	if !prokus.ValidCode(code) {
		return ErrNotFound
	}
	if err := c.Store.Vouch(v.r.Context(), v.viewer.Scope(), code, field(v.r.PostForm.Get("nomor"), 16), v.viewer.Staff.ID, v.now); err != nil {
		return err
	}
	return v.redirect("/orang/"+code, "vouched")
}

// keepHours keeps whether somebody is asked at the usual hours in Ramadan too.
func (c *console) keepHours(v *visit) error {
	code, usual := v.r.PathValue("code"), v.r.PostForm.Get("biasa") == "1"
	if !prokus.ValidCode(code) {
		return ErrNotFound
	}
	if err := c.Store.KeepHours(v.r.Context(), v.viewer.Scope(), code, usual, v.viewer.Staff.ID, v.now); err != nil {
		return err
	}
	return v.redirect("/orang/"+code, "hours")
}
