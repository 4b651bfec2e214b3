package console_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/kabar-prokus/kabar/internal/console"
)

var linkOnCard = regexp.MustCompile(`https://t\.me/KabarProkusBot\?start=([A-Za-z0-9_-]{22})\b`)

func withBot(c *console.Config) { c.Telegram = func() string { return "KabarProkusBot" } }

func TestACardIsPrintedOnce(t *testing.T) {
	w := newWorld(t, withBot)
	siti := w.person(someone{code: "482919", phone: "+6281234567417"})
	w.person(someone{code: "173609", area: "32.17.01"})
	dedi := w.as("dedi")
	if got := dedi.post("/orang/173609/telegram", nil); got.status != http.StatusNotFound {
		t.Errorf("a card for somebody of another kabupaten: %d", got.status)
	}
	var tokens []string
	for range 2 {
		got := dedi.post("/orang/482919/telegram", nil)
		m := linkOnCard.FindStringSubmatch(got.body)
		if got.status != http.StatusOK || m == nil || !strings.Contains(got.body, `<path d="M`) {
			t.Fatalf("no card: %d", got.status)
		}
		if !strings.Contains(got.header.Get("Cache-Control"), "no-store") {
			t.Error("the card may be kept by the browser")
		}
		tokens = append(tokens, m[1])
	}
	for i, want := range []int{0, 1} { // a new card ends the one before
		if n := w.count(`SELECT count(*) FROM link WHERE token_hash = $1 AND person_id = $2 AND used_at IS NULL AND expires_at = $3`, kept(tokens[i]), siti, noon.AddDate(0, 0, 7)); n != want {
			t.Errorf("card %d: %d open links, want %d", i+1, n, want)
		}
	}
	if n := w.count(`SELECT count(*) FROM audit WHERE what = 'tautan telegram' AND about = '482919'`); n != 2 {
		t.Errorf("%d of 2 cards are in the audit", n)
	}
	own := w.as("rina").post("/telegram", nil)
	m := linkOnCard.FindStringSubmatch(own.body)
	if own.status != http.StatusOK || m == nil {
		t.Fatalf("no card of her own for a mentor: %d", own.status)
	}
	if n := w.count(`SELECT count(*) FROM link WHERE token_hash = $1 AND staff_id = $2`, kept(m[1]), w.staff["rina"]); n != 1 {
		t.Error("the mentor's link is not hers")
	}
}

// kept is what the table holds of a token; the world of the tests has no secret.
func kept(token string) []byte {
	h := hmac.New(sha256.New, nil)
	h.Write([]byte(token))
	return h.Sum(nil)
}

func TestWithoutABotThereIsNoCard(t *testing.T) {
	w := newWorld(t)
	w.person(someone{code: "482919"})
	if got := w.as("dedi").post("/orang/482919/telegram", nil); got.status != http.StatusOK || !strings.Contains(got.body, "belum dinyalakan") || strings.Contains(got.body, "t.me") {
		t.Errorf("a card without a bot: %d", got.status)
	}
}

func TestANumberIsVouchedFor(t *testing.T) {
	w := newWorld(t)
	siti := w.person(someone{code: "482919", phone: "+6281234567417"})
	w.person(someone{code: "173609", area: "32.17.01", phone: "+6281234567418"})
	w.exec(`UPDATE address SET linked_at = $1, doubted_at = $1`, noon.AddDate(0, 0, -90))
	dedi := w.as("dedi")
	if !strings.Contains(dedi.get("/orang/482919").body, "Pastikan nomor ini") {
		t.Error("the page does not say that the number was silent for long")
	}
	if got := dedi.post("/orang/173609/nomor", url.Values{"nomor": {"+6281234567418"}}); got.status != http.StatusNotFound {
		t.Errorf("vouched in another kabupaten: %d", got.status)
	}
	if got := dedi.post("/orang/482919/nomor", url.Values{"nomor": {"+6281234567417"}}); got.status != http.StatusSeeOther {
		t.Fatalf("vouch: %d", got.status)
	}
	if n := w.count(`SELECT count(*) FROM address WHERE person_id = $1 AND doubted_at IS NULL AND linked_at = $2`, siti, noon); n != 1 {
		t.Error("the number is still in doubt")
	}
	if strings.Contains(dedi.get("/orang/482919").body, "Pastikan nomor ini") {
		t.Error("the page still asks")
	}
}

// Who keeps the usual hours in Ramadan is set by leaders, each change in the audit once.
func TestUsualHoursInRamadan(t *testing.T) {
	w := newWorld(t)
	siti := w.person(someone{code: "482919", phone: "+6281234567417"})
	w.person(someone{code: "173609", area: "32.17.01", phone: "+6281234567418"})
	nani := w.as("nani")
	state := func(usual bool, audits int) {
		t.Helper()
		if n := w.count(`SELECT count(*) FROM person WHERE id = $1 AND usual_hours = $2`, siti, usual); n != 1 {
			t.Errorf("her usual hours are not %t", usual)
		}
		if n := w.count(`SELECT count(*) FROM audit WHERE what LIKE 'jam Ramadan: %' AND about = '482919' AND staff_id = $1`, w.staff["nani"]); n != audits {
			t.Errorf("%d rows in the audit, want %d", n, audits)
		}
	}
	give := func(code, usual string, want int) {
		t.Helper()
		if got := nani.post("/orang/"+code+"/jam", url.Values{"biasa": {usual}}); got.status != want {
			t.Errorf("%s %q: %d, want %d", code, usual, got.status, want)
		}
	}
	if !strings.Contains(nani.get("/orang/482919").body, "Pakai jam biasa") {
		t.Error("no button")
	}
	give("482919", "1", http.StatusSeeOther)
	give("482919", "1", http.StatusSeeOther)
	state(true, 1)
	if !strings.Contains(nani.get("/orang/482919").body, "Ikuti wilayah") {
		t.Error("no way back")
	}
	give("482919", "0", http.StatusSeeOther)
	state(false, 2)
	give("173609", "1", http.StatusNotFound)
	if n := w.count(`SELECT count(*) FROM person WHERE usual_hours`); n != 0 {
		t.Error("another kabupaten was changed")
	}
	dedi := w.as("dedi")
	if got := dedi.post("/orang/482919/jam", url.Values{"biasa": {"1"}}); got.status != http.StatusForbidden {
		t.Errorf("a TKSK: %d", got.status)
	}
	if strings.Contains(dedi.get("/orang/482919").body, "Pakai jam biasa") {
		t.Error("a TKSK sees the button")
	}
	state(false, 2)
}
