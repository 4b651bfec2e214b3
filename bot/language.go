package bot

import (
	"strings"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// offerLanguage offers another language, once, to somebody who writes in it clearly (R23). It waits for a turn that asks
// nothing, and stays away from what is no small talk.
func (t *turn) offerLanguage() error {
	if t.in.Kind != channels.Text || t.in.Via == channels.USSD || t.who.person == nil || t.who.acting != actingPerson || t.asked || t.aside ||
		t.who.person.Consent != prokus.Agreed || len(words(t.text)) < 2 {
		return nil
	}
	switch t.intent {
	case "STOP", "START", "VIOLENCE", "DISASTER", "COMPLAINT", "BEREAVED", "LANG", "WRONG_NUMBER", "LOOP", "NIK":
		return nil
	}
	lang := prokus.Lang(bahasa.ReadIntent(t.text).Lang)
	if lang == "" || lang == t.who.person.Lang || strings.HasPrefix(t.intent, "UNREAD") {
		return nil
	}
	places, err := t.PlacesOf(t.ctx, t.owner(), t.now)
	if err != nil {
		return err
	}
	for _, p := range places {
		if len(p.Options) > 0 {
			return nil // her YA would have two meanings
		}
	}
	first, err := t.OfferLang(t.ctx, t.personID())
	if err != nil || !first {
		return err
	}
	was := t.intent
	defer func() { t.intent = was }()
	return t.route("OFFER_"+strings.ToUpper(string(lang)), flows.Vars{})
}

// affects says whether she asks if reporting makes the grant smaller. It is a fear, no complaint.
func affects(s string) bool {
	n := bahasa.Normalise(s)
	has := func(list ...string) bool {
		for _, w := range list {
			if strings.Contains(n, w) {
				return true
			}
		}
		return false
	}
	return has("lapor", "laporan") && has("bantuan", "bansos", "bantosan", "pkh") &&
		has("mengurangi", "dikurangi", "berkurang", "ngurangi", "pengaruh") &&
		(strings.Contains(s, "?") || has("apakah", "apa ", "kalau", "kalo", "nanti", " ga", " tidak", " ora", " mboten", " teu"))
}
