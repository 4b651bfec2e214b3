package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/console"
)

func TestRightsAreThoseOfThisMoment(t *testing.T) {
	w := newWorld(t)
	w.person(someone{code: "482919", phone: "+6281234567417"})
	b := w.as("nani")
	if got := b.get("/orang/482919"); got.status != http.StatusOK {
		t.Fatalf("before: %d", got.status)
	}
	w.exec(`UPDATE staff_area SET area_code = '32.17' WHERE staff_id = $1`, w.staff["nani"])
	if got := b.get("/orang/482919"); got.status != http.StatusNotFound {
		t.Errorf("after the area was taken away: %d, want 404", got.status)
	}
	w.exec(`UPDATE staff SET role = 'mentor' WHERE id = $1`, w.staff["nani"])
	if got := b.get("/siaran"); got.status != http.StatusForbidden {
		t.Errorf("after the role was taken away: %d, want 403", got.status)
	}
	w.exec(`UPDATE staff SET active = false WHERE id = $1`, w.staff["nani"])
	if got := b.get("/orang"); got.status != http.StatusUnauthorized {
		t.Errorf("after she left: %d, want 401", got.status)
	}
}

func TestSecureCookie(t *testing.T) {
	w := newWorld(t, func(c *console.Config) { c.Secure = true })
	token, err := w.db.NewLoginLink(t.Context(), w.staff["nani"], noon)
	if err != nil {
		t.Fatal(err)
	}
	got := w.visitor().post("/masuk/"+token, nil)
	k := got.header.Get("Set-Cookie")
	for _, part := range []string{"__Host-kabar=", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(k, part) {
			t.Errorf("cookie %q lacks %s", k, part)
		}
	}
	if got.header.Get("Strict-Transport-Security") == "" {
		t.Error("no HSTS over HTTPS")
	}
}

func TestSession(t *testing.T) {
	w := newWorld(t)
	token, err := w.db.NewLoginLink(t.Context(), w.staff["nani"], noon)
	if err != nil {
		t.Fatal(err)
	}
	b := w.visitor()
	for range 3 { // programs that look at links before she does
		if got := b.get("/masuk/" + token); got.status != http.StatusOK || !strings.Contains(got.body, "Masuk ke KABAR") {
			t.Fatalf("looking at the link: %d", got.status)
		}
	}
	if got := b.post("/masuk/"+token, nil); got.status != http.StatusSeeOther {
		t.Fatalf("using the link: %d", got.status)
	}
	if got := b.get("/orang"); got.status != http.StatusOK {
		t.Fatalf("logged in: %d", got.status)
	}
	// Used, invented and expired tokens look alike.
	expired, err := w.db.NewLoginLink(t.Context(), w.staff["nani"], noon.Add(-console.LoginLinkTTL))
	if err != nil {
		t.Fatal(err)
	}
	var bodies []string
	for _, bad := range []string{token, "ZZZZZZZZZZZZZZZZZZZZZZZZZZ", expired, "x"} {
		got := w.visitor().post("/masuk/"+bad, nil)
		if got.status != http.StatusUnauthorized || got.header.Get("Set-Cookie") != "" {
			t.Errorf("token %.3s…: %d, cookie %q", bad, got.status, got.header.Get("Set-Cookie"))
		}
		bodies = append(bodies, got.body)
	}
	for _, x := range bodies[1:] {
		if x != bodies[0] {
			t.Error("bad tokens can be told apart")
		}
	}
	if n := w.count(`SELECT count(*) FROM login WHERE token_hash = convert_to($1, 'UTF8')`, token); n != 0 {
		t.Error("the token itself is kept")
	}

	steps := []struct {
		name string
		at   time.Duration
		want int
	}{
		{"29 minutes later", 29 * time.Minute, http.StatusOK},
		{"again 29 minutes later", 58 * time.Minute, http.StatusOK},
		{"after 31 idle minutes", 89 * time.Minute, http.StatusUnauthorized},
	}
	for _, s := range steps {
		w.setReal(noon.Add(s.at))
		if got := b.get("/orang"); got.status != s.want {
			t.Errorf("%s: %d, want %d", s.name, got.status, s.want)
		}
	}
	w.setReal(noon)
	b = w.as("yusuf")
	for at := time.Duration(0); at <= console.SessionLife; at += 20 * time.Minute {
		w.setReal(noon.Add(at))
		got, want := b.get("/orang").status, http.StatusOK
		if at >= console.SessionLife {
			want = http.StatusUnauthorized
		}
		if got != want {
			t.Errorf("busy for %s: %d, want %d", at, got, want)
		}
	}
}

func TestLogOutEndsTheSessionOnTheServer(t *testing.T) {
	w := newWorld(t)
	b := w.as("nani")
	old := b.client.Jar
	u, err := url.Parse(w.srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	kept := old.Cookies(u)
	if got := b.post("/keluar", nil); got.status != http.StatusSeeOther {
		t.Fatalf("log out: %d", got.status)
	}
	b.client.Jar.SetCookies(u, kept)
	if got := b.get("/orang"); got.status != http.StatusUnauthorized {
		t.Errorf("the old cookie still works: %d", got.status)
	}
	// A new log-in ends the session that the browser had.
	b = w.as("nani")
	kept = b.client.Jar.Cookies(u)
	token, err := w.db.NewLoginLink(t.Context(), w.staff["yusuf"], noon)
	if err != nil {
		t.Fatal(err)
	}
	b.post("/masuk/"+token, nil)
	x := w.visitor()
	x.client.Jar.SetCookies(u, kept)
	if got := x.get("/orang"); got.status != http.StatusUnauthorized {
		t.Errorf("the session before the new log-in still works: %d", got.status)
	}
}

func TestDemoLogIn(t *testing.T) {
	plain := newWorld(t)
	if got := plain.visitor().post("/masuk-demo", url.Values{"staf": {fmt.Sprint(plain.staff["nani"])}}); got.status != http.StatusNotFound {
		t.Fatalf("outside a demo: %d, want 404", got.status)
	}
	if got := plain.visitor().get("/"); strings.Contains(got.body, "masuk-demo") || strings.Contains(got.body, "Nani") {
		t.Fatal("the landing page names staff outside a demo")
	}
	w := newWorld(t, func(c *console.Config) { c.Demo = true })
	b := w.visitor()
	landing := b.get("/")
	for _, want := range []string{"Masuk sebagai Bu Nani", "Masuk sebagai Pak Yusuf", "Masuk sebagai Bu Ratna", "Masuk sebagai Pak Dedi", `href="/sim"`} {
		if !strings.Contains(landing.body, want) {
			t.Errorf("the landing page lacks %q", want)
		}
	}
	if got := b.post("/masuk-demo", url.Values{"staf": {fmt.Sprint(w.staff["nani"])}}); got.status != http.StatusSeeOther {
		t.Fatalf("log in: %d", got.status)
	}
	if got := b.get("/"); !strings.Contains(got.body, "Bu Nani") {
		t.Error("not logged in")
	}
}
