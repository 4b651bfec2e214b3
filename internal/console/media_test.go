package console_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/console"
)

// provider stands in for a channel's files.
var provider = map[string][]byte{
	"jpeg":  append([]byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00"), bytes.Repeat([]byte{1}, 100)...),
	"voice": []byte("OggS\x00\x02" + strings.Repeat("\x00", 40)),
	"page":  []byte("<!doctype html><script>alert(1)</script>"),
	"svg":   []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`),
	"big":   bytes.Repeat([]byte{0xff}, 11<<20),
}

func fetch(_ context.Context, channel, handle string, w io.Writer, _ int64) error {
	b, ok := provider[handle]
	if !ok || channel != "telegram" {
		return errors.New("no such file")
	}
	_, err := w.Write(b)
	return err
}

func withFiles(c *console.Config) { c.Fetch = fetch }

// sent lets somebody send a file, and gives the inbox row.
func (w *world) sent(person int64, handle, kind, words string, at time.Time) (inbox int64) {
	w.t.Helper()
	w.scan(&inbox, `INSERT INTO inbox (channel, provider_id, via, sender, kind, text, media, media_kind, person_id, at)
		VALUES ('telegram', gen_random_uuid(), 'telegram', '4711', 'media', $2, $3, $4, $1, $5) RETURNING id`, person, words, handle, kind, at)
	return inbox
}

func (w *world) opened(person int64, reason, area string, secret bool, at time.Time) (id int64) {
	w.t.Helper()
	w.scan(&id, `INSERT INTO cases (ticket, kabupaten, year, person_id, area_code, reason, priority, confidential, opened_at, due_at)
		VALUES ((SELECT count(*) + 1 FROM cases), left($3, 5), 2026, $1, $3, $2, 50, $4, $5, $5) RETURNING id`, person, reason, area, secret, at)
	return id
}

func TestVoiceNotesAreHeardOnTheirCase(t *testing.T) {
	w := newWorld(t, withFiles)
	siti := w.person(someone{code: "482919"})
	voice := w.sent(siti, "voice", "voice", "", noon)
	long := w.sent(siti, "jpeg", "photo", "dulu", noon.AddDate(0, 0, -30))
	id := w.opened(siti, "BANTU_LAPOR", "32.10.07", false, noon)
	dedi := w.as("dedi")
	file := fmt.Sprintf("/kasus/%d/berkas/%d", id, voice)
	page := dedi.get(fmt.Sprintf("/kasus/%d", id))
	if !strings.Contains(page.body, file) || strings.Contains(page.body, fmt.Sprintf("berkas/%d\"", long)) {
		t.Error("the page shows the wrong files")
	}
	if !strings.Contains(page.header.Get("Content-Security-Policy"), "media-src 'self'") {
		t.Error("the browser may not play it")
	}
	got := dedi.get(file)
	if got.status != http.StatusOK || got.header.Get("Content-Type") != "audio/ogg" || got.body != string(provider["voice"]) {
		t.Errorf("the voice: %d %s", got.status, got.header.Get("Content-Type"))
	}
	if got := dedi.get(fmt.Sprintf("/kasus/%d/berkas/%d", id, long)); got.status != http.StatusNotFound {
		t.Errorf("a file of another time: %d", got.status)
	}
	if got := w.as("ujang").get(file); got.status != http.StatusNotFound {
		t.Errorf("heard by a TKSK of another kabupaten: %d", got.status)
	}
	if n := w.count(`SELECT count(*) FROM audit WHERE what = 'lihat berkas kasus'`); n != 1 {
		t.Errorf("%d listenings in the audit, want 1", n)
	}
	// What she sends while a complaint of hers is open may be about the TKSK.
	w.opened(siti, "POTONGAN", "32.10.07", true, noon.Add(time.Hour))
	secret := w.sent(siti, "jpeg", "photo", "ini orangnya", noon.Add(2*time.Hour))
	hidden := fmt.Sprintf("/kasus/%d/berkas/%d", id, secret)
	if got := dedi.get(hidden); got.status != http.StatusNotFound || strings.Contains(dedi.get(fmt.Sprintf("/kasus/%d", id)).body, hidden) {
		t.Errorf("the TKSK sees what she sent with a complaint: %d", got.status)
	}
	if got := w.as("nani").get(hidden); got.status != http.StatusOK {
		t.Errorf("the coordinator does not see it: %d", got.status)
	}
}

func TestPhotosOfReceiptsAreSafeToOpen(t *testing.T) {
	w := newWorld(t, withFiles)
	siti, foreign := w.person(someone{code: "482919"}), w.person(someone{code: "173609", area: "32.17.01"})
	nota := func(person int64, handle string) (id int64) {
		w.scan(&id, `WITH g AS (INSERT INTO grants (person_id, batch_id, stage, since, known_at, amount) VALUES ($1, 1, 'cair', '2026-05-01', $2, 3500000)
			ON CONFLICT (person_id, batch_id) DO UPDATE SET known_at = $2 RETURNING id)
			INSERT INTO nota (grant_id, amount, media, channel, at) SELECT id, 350000, $3, 'telegram', $2 FROM g RETURNING id`, person, noon, handle)
		return id
	}
	dedi := w.as("dedi")
	for _, tt := range []struct {
		handle string
		status int
		kind   string
		inline bool
	}{
		{"jpeg", 200, "image/jpeg", true}, {"page", 200, "application/octet-stream", false}, {"svg", 200, "application/octet-stream", false},
		{"big", 404, "text/html; charset=utf-8", false}, {"gone", 404, "text/html; charset=utf-8", false}, {"", 404, "text/html; charset=utf-8", false},
	} {
		id := nota(siti, tt.handle)
		got := dedi.get(fmt.Sprintf("/nota/%d", id))
		if got.status != tt.status || got.header.Get("Content-Type") != tt.kind || got.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%q: %d %s", tt.handle, got.status, got.header.Get("Content-Type"))
		}
		if got.status == 200 && (strings.HasPrefix(got.header.Get("Content-Disposition"), "inline") != tt.inline || !strings.Contains(got.header.Get("Content-Security-Policy"), "sandbox")) {
			t.Errorf("%q is shown in the page: %s", tt.handle, got.header.Get("Content-Disposition"))
		}
		if has := strings.Contains(dedi.get("/orang/482919").body, fmt.Sprintf(`href="/nota/%d"`, id)); has != (tt.handle != "") {
			t.Errorf("%q: listed with a photo: %t", tt.handle, has)
		}
	}
	if got := dedi.get(fmt.Sprintf("/nota/%d", nota(foreign, "jpeg"))); got.status != http.StatusNotFound {
		t.Errorf("a receipt of another kabupaten: %d", got.status)
	}
}
