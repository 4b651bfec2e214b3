package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// The authorisation matrix: every route of the table, for a visitor and every role, with records of their own area and of

// a foreign one. Nothing is listed by hand but how to fill in a path.

func TestAccess(t *testing.T) {
	w := newWorld(t, func(c *console.Config) { c.Demo, c.Fetch = true, fetch })
	const secretMark = "RAHASIAORANGLAIN"
	own := w.person(someone{code: "482919", name: "Siti Aminah", phone: "+6281234567417"})
	foreign := w.person(someone{code: "173609", name: secretMark, area: "32.17.01", phone: "+6281234567000"})
	ids := map[string]map[string]int64{"own": {}, "foreign": {}}
	stories := map[string]string{}
	for where, p := range map[string]int64{"own": own, "foreign": foreign} {
		area, kab, author := "32.10.07", "32.10", w.staff["nani"]
		if where == "foreign" {
			area, kab, author = "32.17.01", "32.17", w.staff["wulan"]
		}
		var id int64
		w.scan(&id, `INSERT INTO cases (ticket, kabupaten, year, person_id, area_code, reason, priority, opened_at, due_at)
			VALUES (3107, $1, 2026, $2, $3, 'KUNJUNG', 100, $4, $4) RETURNING id`, kab, p, area, noon)
		ids[where]["kasus"] = id
		var story string
		w.scan(&story, `INSERT INTO outbox (person_id, kind, lane, literal, not_before, created_at) VALUES ($1, 'reply', 1, $2, $3, $3) RETURNING id::text`,
			p, map[string]string{"own": "halo", "foreign": secretMark}[where], noon)
		stories[where] = story
		w.scan(&id, `INSERT INTO broadcast (name, area_code, author_id, editor_id, created_at) VALUES ($1, $2, $3, $3, $4) RETURNING id`,
			map[string]string{"own": "Bazar", "foreign": secretMark}[where], kab, author, noon)
		ids[where]["siaran"] = id
		ids[where]["berkas"] = w.sent(p, "jpeg", "photo", "", noon)
		w.scan(&id, `WITH g AS (INSERT INTO grants (person_id, batch_id, stage, since, known_at, amount) VALUES ($1, 1, 'cair', '2026-05-01', $2, 3500000) RETURNING id)
			INSERT INTO nota (grant_id, amount, media, channel, at) SELECT id, 350000, 'jpeg', 'telegram', $2 FROM g RETURNING id`, p, noon)
		ids[where]["nota"] = id
		w.scan(&id, `INSERT INTO broadcast_reply (broadcast_id, person_id, opened_at, due_at) VALUES ($1, $2, $3, $3) RETURNING id`, ids[where]["siaran"], p, noon)
		ids[where]["balasan"] = id
		var mentor any = w.staff["rina"]
		if where == "foreign" {
			mentor = nil
		}
		w.scan(&id, `INSERT INTO session (starts_at, area_code, place, mentor_id) VALUES ($1, $2, $3, $4) RETURNING id`, noon.AddDate(0, 0, 3), area,
			map[string]string{"own": "Balai", "foreign": secretMark}[where], mentor)
		ids[where]["bimbingan"] = id
		ids[where]["angkatan"] = 1 // batches are the nation's
	}
	who := map[string]prokus.Role{"": "", "dedi": prokus.TKSK, "rina": prokus.Mentor, "nani": prokus.Coordinator, "ratna": prokus.Ministry}
	people := map[string]*browser{}
	for name := range who {
		if name == "" {
			people[name] = w.visitor()
			continue
		}
		people[name] = w.as(name)
	}
	probes := 0
	for _, r := range console.RouteTable(true) {
		if r.Path == "/keluar" {
			continue // ends the session that the matrix needs; see TestSession
		}
		for _, where := range []string{"own", "foreign"} {
			path := fillPath(r.Path, where, ids, stories)
			if where == "foreign" && path == fillPath(r.Path, "own", ids, stories) {
				continue
			}
			for name, role := range who {
				probes++
				b := people[name]
				var got answer
				if r.Method == http.MethodPost {
					got = b.post(path, url.Values{"versi": {"-1"}, "nama": {"x"}, "staf": {"0"}})
				} else {
					got = b.get(path)
				}
				label := fmt.Sprintf("%s %s as %s", r.Method, path, or(name, "visitor"))
				national := role == prokus.Ministry
				switch {
				case r.Open:
					if got.status >= 500 {
						t.Errorf("%s: %d", label, got.status)
					}
				case role == "":
					if got.status != http.StatusUnauthorized {
						t.Errorf("%s: %d, want 401", label, got.status)
					}
				case !slices.Contains(r.Roles, role):
					if got.status != http.StatusForbidden {
						t.Errorf("%s: %d, want 403", label, got.status)
					}
				case where == "foreign" && !national:
					if got.status != http.StatusNotFound {
						t.Errorf("%s: %d, want 404", label, got.status)
					}
				case got.status >= 500 || got.status == 404 || got.status == 403 || got.status == 401:
					t.Errorf("%s: %d, want it allowed", label, got.status)
				}
				if !national && strings.Contains(got.body, secretMark) {
					t.Errorf("%s shows a record of another kabupaten", label)
				}
			}
		}
	}
	if probes < 100 {
		t.Errorf("only %d probes: is the matrix empty?", probes)
	}
	// A foreign record looks exactly like one that does not exist.
	b := people["nani"]
	for _, pair := range [][2]string{{"/orang/173609", "/orang/608471"}, {fmt.Sprint("/kasus/", ids["foreign"]["kasus"]), "/kasus/999999"}, {fmt.Sprint("/siaran/", ids["foreign"]["siaran"]), "/siaran/999999"},
		{"/pesan/" + stories["foreign"], "/pesan/00000000-0000-4000-8000-000000000000"}} {
		if x, y := b.get(pair[0]), b.get(pair[1]); x.status != y.status || x.body != y.body {
			t.Errorf("%s and %s differ: %d and %d", pair[0], pair[1], x.status, y.status)
		}
	}
}

func fillPath(pattern, where string, ids map[string]map[string]int64, stories map[string]string) string {
	pattern = strings.Replace(pattern, "/berkas/{file}", fmt.Sprintf("/berkas/%d", ids[where]["berkas"]), 1)
	p := strings.NewReplacer("{key}", "week.prompt.at", "{$}", "", "{file}", "kabar.css", "{token}", "ABCDEFGHIJKLMNOPQRSTUVWXYZ").Replace(pattern)
	p = strings.Replace(p, "{code}", map[string]string{"own": "482919", "foreign": "173609"}[where], 1)
	p = strings.Replace(p, "{message}", stories[where], 1)
	p = strings.NewReplacer("{kecamatan}", map[string]string{"own": "32.10.07", "foreign": "32.17.01"}[where], "{bulan}", "2026-06").Replace(p)
	for _, kind := range []string{"kasus", "siaran", "balasan", "nota", "bimbingan", "angkatan"} {
		p = strings.Replace(p, "/"+kind+"/{id}", fmt.Sprintf("/%s/%d", kind, ids[where][kind]), 1)
	}
	return p
}

func or(s, d string) string {
	if s == "" {
		return d
	}
	return s
}

// Lists, searches and filters never leave the area either, whatever is asked for.

func TestListsStayInTheirArea(t *testing.T) {
	w := newWorld(t)
	w.person(someone{code: "482919", name: "Siti Dalam", phone: "+6281234567417"})
	sukahaji := w.person(someone{code: "550210", name: "Yati Tetangga", area: "32.10.09", phone: "+6281234567418"})
	lembang := w.person(someone{code: "173609", name: "Ani Luar", area: "32.17.01", phone: "+6281234567419"})
	for i, p := range []int64{sukahaji, lembang} {
		w.exec(`INSERT INTO cases (ticket, kabupaten, year, person_id, area_code, reason, priority, opened_at, due_at, confidential)
			VALUES ($1, 'x', 2026, $2, '32.10.09', 'POTONGAN', 100, $3, $3, $4)`, i+1, p, noon, i == 0)
		w.exec(`INSERT INTO outbox (person_id, kind, lane, literal, not_before, created_at, state) VALUES ($1, 'reply', 1, 'halo', $2, $2, 'failed')`, p, noon)
		w.exec(`INSERT INTO inbox (channel, provider_id, via, sender, kind, text, person_id, at) VALUES ('sim', $1, 'sms', '+62', 'text', 'aduan', $2, $3)`, fmt.Sprint(i), p, noon)
	}
	paths := []string{"/", "/orang", "/orang?q=a", "/orang?kecamatan=32.17.01", "/orang?kecamatan=32.10.09", "/orang?aktivitas=diam", "/orang?q=173609", "/kasus", "/kasus?alasan=POTONGAN", "/pesan", "/siaran/baru"}
	sees := map[string][]string{"dedi": {"Siti Dalam"}, "nani": {"Siti Dalam", "Yati Tetangga"}, "wulan": {"Ani Luar"}, "ratna": {"Siti Dalam", "Yati Tetangga", "Ani Luar"}}
	for name, mine := range sees {
		b := w.as(name)
		var all strings.Builder
		for _, p := range paths {
			all.WriteString(b.get(p).body)
		}
		for _, person := range []string{"Siti Dalam", "Yati Tetangga", "Ani Luar"} {
			if strings.Contains(all.String(), person) != slices.Contains(mine, person) {
				t.Errorf("%s and %q: shown %v", name, person, !slices.Contains(mine, person))
			}
		}
	}
}

// A TKSK never sees a complaint, which may be about them: neither the case nor the conversation.

func TestComplaintsBypassTheTKSK(t *testing.T) {
	w := newWorld(t)
	p := w.person(someone{code: "482919", name: "Siti Aminah", phone: "+6281234567417"})
	var id int64
	w.scan(&id, `INSERT INTO cases (ticket, kabupaten, year, person_id, area_code, reason, priority, opened_at, due_at, confidential, note)
		VALUES (3107, '32.10', 2026, $1, '32.10.07', 'POTONGAN', 100, $2, $2, true, 'pak dedi minta 200rb') RETURNING id`, p, noon)
	w.exec(`INSERT INTO inbox (channel, provider_id, via, sender, kind, text, person_id, at) VALUES ('sim', '1', 'sms', '+62', 'text', 'pak dedi minta 200rb', $1, $2)`, p, noon)
	dedi, nani := w.as("dedi"), w.as("nani")
	for _, path := range []string{"/", "/orang", "/orang/482919", "/kasus", fmt.Sprint("/kasus/", id)} {
		if got := dedi.get(path); strings.Contains(got.body, "200rb") || strings.Contains(got.body, "Aduan potongan –") || strings.Contains(got.body, "3107") {
			t.Errorf("%s shows the complaint to the TKSK", path)
		}
	}
	if got := dedi.get(fmt.Sprint("/kasus/", id)); got.status != http.StatusNotFound {
		t.Errorf("the case: %d, want 404", got.status)
	}
	if got := nani.get("/orang/482919"); !strings.Contains(got.body, "200rb") || !strings.Contains(got.body, "3107") {
		t.Error("the coordinator does not see the complaint")
	}
	if n := w.count(`SELECT count(*) FROM audit WHERE what = 'lihat orang' AND about = '482919' AND staff_id = $1`, w.staff["dedi"]); n != 1 {
		t.Errorf("%d audit rows of the reading TKSK, want 1", n)
	}
}

// A right that is taken away is gone with the next click, in the middle of a session (faults.md J9).

func TestForgedForms(t *testing.T) {
	w := newWorld(t)
	b := w.as("nani")
	other := w.as("yusuf")
	tests := []struct {
		name   string
		form   url.Values
		header map[string]string
	}{
		{"without token", url.Values{"nama": {"x"}}, map[string]string{"Sec-Fetch-Site": "same-origin"}},
		{"with a token of another session", url.Values{"nama": {"x"}, "csrf": {other.csrf}}, map[string]string{"Sec-Fetch-Site": "same-origin"}},
		{"from another site", url.Values{"nama": {"x"}, "csrf": {b.csrf}}, map[string]string{"Sec-Fetch-Site": "cross-site"}},
		{"from a sister domain", url.Values{"nama": {"x"}, "csrf": {b.csrf}}, map[string]string{"Sec-Fetch-Site": "same-site"}},
		{"from another origin, old browser", url.Values{"nama": {"x"}, "csrf": {b.csrf}}, map[string]string{"Origin": "https://jahat.example"}},
	}
	for _, r := range console.RouteTable(false) {
		if r.Method != http.MethodPost || r.Open {
			continue
		}
		for _, tt := range tests {
			if got := b.do(http.MethodPost, strings.Replace(r.Path, "{id}", "1", 1), tt.form, tt.header); got.status != http.StatusForbidden {
				t.Errorf("%s %s: %d, want 403", r.Path, tt.name, got.status)
			}
		}
	}
	if n := w.count(`SELECT count(*) FROM broadcast`); n != 0 {
		t.Errorf("%d broadcasts came of forged forms", n)
	}
	if got := b.post("/siaran", url.Values{"nama": {"x"}}); got.status != http.StatusSeeOther {
		t.Errorf("the honest form: %d %s", got.status, got.body)
	}
}

func TestHeaders(t *testing.T) {
	w := newWorld(t, func(c *console.Config) { c.Demo = true })
	want := map[string]string{
		"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cache-Control": "no-store",
		"Cross-Origin-Opener-Policy": "same-origin",
	}
	ids := map[string]map[string]int64{"own": {"kasus": 1, "siaran": 1}}
	for _, b := range []*browser{w.visitor(), w.as("nani")} {
		for _, r := range console.RouteTable(true) {
			if r.Path == "/keluar" {
				continue
			}
			path := fillPath(r.Path, "own", ids, nil)
			got := b.do(r.Method, path, url.Values{}, nil)
			for k, v := range want {
				if k == "Cache-Control" && strings.HasPrefix(path, "/static/") {
					continue
				}
				if got.header.Get(k) != v {
					t.Errorf("%s %s (%d): %s is %q, want %q", r.Method, path, got.status, k, got.header.Get(k), v)
				}
			}
			csp := got.header.Get("Content-Security-Policy")
			for _, part := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
				if !strings.Contains(csp, part) {
					t.Errorf("%s %s: policy %q lacks %s", r.Method, path, csp, part)
				}
			}
			if strings.Contains(csp, "unsafe") {
				t.Errorf("%s %s: policy %q", r.Method, path, csp)
			}
			for _, inline := range []string{"<script>", " style=", " onclick=", " onload=", "javascript:"} {
				if strings.HasPrefix(got.header.Get("Content-Type"), "text/html") && strings.Contains(got.body, inline) {
					t.Errorf("%s %s has inline %q", r.Method, path, inline)
				}
			}
		}
	}
	if got := w.visitor().get("/"); got.header.Get("Strict-Transport-Security") != "" {
		t.Error("HSTS without HTTPS")
	}
}
