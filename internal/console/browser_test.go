package console_test

import (
	"context"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/kabar-prokus/kabar/internal/console"
)

// chromium starts a browser of the test's own: the binary named in KABAR_CHROMIUM, or found in PATH.
func chromium(t *testing.T) context.Context {
	t.Helper()
	binary := os.Getenv("KABAR_CHROMIUM")
	for _, name := range []string{"chromium", "google-chrome", "chromium-browser"} {
		if binary != "" {
			break
		}
		if p, err := exec.LookPath(name); err == nil {
			binary = p
		}
	}
	if binary == "" {
		t.Fatal("no browser: install chromium, or name one in KABAR_CHROMIUM (make test does)")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(binary), chromedp.WSURLReadTimeout(2*time.Minute), chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.UserDataDir(t.TempDir()), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"),
		chromedp.NoSandbox) // it needs rights that root in a container and many an ordinary user lack; only our own pages are opened
	allocator, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil && !errors.Is(err, context.Canceled) {
			t.Logf("browser: %v", err)
		}
		cancel()
	})
	limited, end := context.WithTimeout(ctx, 15*time.Minute)
	t.Cleanup(end)
	return limited
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

func eval[T any](t *testing.T, ctx context.Context, js string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](js))
	if err != nil {
		t.Fatalf("%s: %v", js, err)
	}
	return v
}

// login goes the way of a person: the link, then the button.
func (w *world) login(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	token, err := w.db.NewLoginLink(t.Context(), w.staff[name], w.real())
	if err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.Navigate(w.srv.URL+"/masuk/"+token), chromedp.Click("main button"), chromedp.WaitVisible(".tiles"))
}

// pagesOf are the pages of a world that has something to show on each.
func (w *world) pagesOf() map[string]string {
	return map[string]string{
		"beranda": "/", "orang": "/orang", "seorang": "/orang/482919", "kasus": "/kasus", "satu-kasus": "/kasus/1", "pesan": "/pesan", "siaran": "/siaran",
		"siaran-baru": "/siaran/baru", "siaran-draf": "/siaran/1", "siaran-diajukan": "/siaran/2", "siaran-berjalan": "/siaran/3", "tidak-ada": "/tidak-ada",
	}
}

// Every page at the width of a desk and of small phones: nothing spills over, every field has a label, nothing is too small
// to touch, and the policy for scripts and styles is never violated. KABAR_SHOTS names a directory for pictures of them.
func TestPagesInABrowser(t *testing.T) {
	w := livelyWorld(t, func(c *console.Config) { c.Demo = true })
	ctx := chromium(t)
	w.looks(t, ctx, map[string]string{"depan": "/", "masuk": "/masuk/ABC"})
	w.login(t, ctx, "dedi")
	w.looks(t, ctx, map[string]string{"tksk-beranda": "/", "tksk-seorang": "/orang/482919", "tksk-terlarang": "/siaran"})
	w.login(t, ctx, "nani")
	w.looks(t, ctx, w.pagesOf())
	w.exec(`INSERT INTO session (starts_at, area_code, place, mentor_id, topic) VALUES ($1, '32.10.07', 'Balai Desa Cengal', $2, 'menghitung modal'), ($3, '32.10.07', 'Kantor Kec. Maja', NULL, '')`,
		noon.AddDate(0, 0, -1), w.staff["rina"], noon.AddDate(0, 0, 3))
	w.exec(`INSERT INTO invite (session_id, person_id, rsvp) SELECT s.id, p.id, CASE WHEN p.id % 3 = 0 THEN 'ya' ELSE '' END FROM session s, person p WHERE p.area_code = '32.10.07'`)
	w.looks(t, ctx, map[string]string{
		"bimbingan": "/bimbingan", "bimbingan-baru": "/bimbingan/baru", "bimbingan-lewat": "/bimbingan/1", "bimbingan-nanti": "/bimbingan/2", "laporan": "/laporan",
		"pendamping": "/pendamping", "angkatan": "/angkatan", "pindah": "/orang/482919/pindah", "gabung": "/orang/482919/gabung?dengan=608471", "lewat": "/kasus?daftar=lewat",
	})
}

// looks checks pages at every width, and takes their pictures.
func (w *world) looks(t *testing.T, ctx context.Context, pages map[string]string) {
	t.Helper()
	for _, width := range []int64{1280, 360, 320} {
		do(t, ctx, chromedp.EmulateViewport(width, 800))
		for name, path := range pages {
			do(t, ctx, chromedp.Navigate(w.srv.URL+path))
			for what, js := range map[string]string{
				"spills over": `document.documentElement.scrollWidth > innerWidth ? document.documentElement.scrollWidth + " by " +
					[...document.querySelectorAll("main *, header *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll, .checks")).map(e => e.tagName + "." + e.className).slice(0, 3) : ""`,
				"has not one heading":        `document.querySelectorAll("h1").length === 1 ? "" : String(document.querySelectorAll("h1").length)`,
				"has fields without a label": `[...document.querySelectorAll("input:not([type=hidden]), select, textarea")].filter(e => !e.labels.length).map(e => e.name).join()`,
				"has targets under 24 pixels": `[...document.querySelectorAll("button, input:not([type=hidden]):not([type=checkbox]):not([type=radio]), select, summary, nav a, th a, td a, .tasks a, .crumb a, .facts a")]
					.filter(e => e.offsetParent && e.getBoundingClientRect().height < 24).map(e => e.outerHTML.slice(0, 60)).join()`,
				"has tables without caption or scope": `[...document.querySelectorAll("table")].filter(e => !e.caption || e.querySelector("th:not([scope])")).length || ""`,
				"repeats ids":                         `[...document.querySelectorAll("[id]")].map(e => e.id).filter((x, i, all) => all.indexOf(x) !== i).join()`,
				"has links that lead nowhere":         `[...document.querySelectorAll('a[href^="#"]')].map(e => e.getAttribute("href").slice(1)).filter(x => !document.getElementById(x)).join()`,
			} {
				if got := fmt.Sprint(eval[any](t, ctx, js)); got != "" {
					t.Errorf("%s at %d: %s: %s", name, width, what, got)
				}
			}
			if dir := os.Getenv("KABAR_SHOTS"); dir != "" {
				picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d.png", name, width)), picture, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

func TestLiveMeter(t *testing.T) {
	w := livelyWorld(t)
	ctx := chromium(t)
	w.login(t, ctx, "nani")
	do(t, ctx, chromedp.Navigate(w.srv.URL+"/siaran/1"))
	typed := func(s string) string {
		return eval[string](t, ctx, fmt.Sprintf(`(() => { const a = document.querySelector("#teks_id"); a.value = %q; a.dispatchEvent(new Event("input"));
			return document.querySelector('output[for="teks_id"]').textContent })()`, s))
	}
	for _, tt := range []struct{ text, want string }{
		{"", ""},
		{"Bazar Sab 20 Jun", "16/160, 1 SMS"},
		{strings.Repeat("a", 160), "160/160, 1 SMS"},
		{strings.Repeat("a", 161), "161/306, 2 SMS"},
		{strings.Repeat("a", 129) + "\u2019", "130/134, 2 SMS – ada huruf mahal"},
		{"{nama}", "14/160, 1 SMS"}, // the longest name of the audience
	} {
		if got := typed(tt.text); got != tt.want {
			t.Errorf("%.20q: %q, want %q", tt.text, got, tt.want)
		}
	}
}

// Hostile words in every field, on every page: nothing of them becomes part of a page. The control proves that the same
// payloads do fire where they are not escaped.
func TestHostileWordsStayWords(t *testing.T) {
	payloads := hostile()
	if len(payloads) < 100 {
		t.Fatalf("only %d payloads", len(payloads))
	}
	ctx := chromium(t)
	const found = `(window.pwned ? "script ran; " : "") + [...document.querySelectorAll("#pwn, main script, [onerror], [onload], [onfocus], [ontoggle], [onmouseover], [onclick], iframe, object, embed, base, main style, main link, meta[http-equiv], [style]")].map(e => e.outerHTML.slice(0, 80)).join("; ") +
		[...document.querySelectorAll("[href], [action], [src]")].map(e => e.getAttribute("href") || e.getAttribute("action") || e.getAttribute("src")).filter(u => /^\s*(javascript|data|vbscript):/i.test(u)).join("; ")`
	control := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(rw, "<!doctype html><title>x</title><main><p>%s</p></main>", r.URL.Query().Get("p"))
	}))
	defer control.Close()
	do(t, ctx, chromedp.Navigate(control.URL+"/?p="+`%3Cimg+src%3Dx+id%3Dpwn+onerror%3D%22window.pwned%3D1%22%3E`), chromedp.WaitReady("#pwn"))
	if got := eval[string](t, ctx, found); !strings.Contains(got, "pwn") {
		t.Fatalf("the control does not fire: %q", got)
	}

	w := livelyWorld(t)
	all := strings.Join(payloads, " ")
	for i, p := range payloads {
		id := w.person(someone{code: code(5000 + i), name: p, phone: fmt.Sprintf("+62815%07d", i)})
		w.exec(`UPDATE person SET village = $2, business = $2 WHERE id = $1`, id, p)
		w.exec(`INSERT INTO inbox (channel, provider_id, via, sender, kind, text, person_id, at) VALUES ('sim', $1, $4, $4, $4, $4, $2, $3)`, fmt.Sprint("x", i), id, noon, p)
		w.exec(`INSERT INTO outbox (person_id, kind, lane, literal, via, lang, error_kind, error, not_before, created_at, state) VALUES ($1, 'reply', 1, $3, $3, $3, $3, $3, $2, $2, 'failed')`, id, noon, p)
		w.exec(`INSERT INTO cases (ticket, kabupaten, year, person_id, area_code, reason, priority, opened_at, due_at) VALUES ($1, 'x', 2026, $2, '32.10.07', $3, 100, $4, $4)`, i, id, p, noon)
	}
	w.exec(`UPDATE person SET name = $1, village = $1, rt = $1, business = $1, cluster = $1, incubator = $1, lang = $1, nik_last4 = $1 WHERE code = '482919'`, all)
	w.exec(`UPDATE grants SET bank = $1, account_last4 = $1, note = $1`, all)
	w.exec(`UPDATE grant_change SET note = $1`, all)
	w.exec(`UPDATE report SET reason = $1, channel = $1, source = $1`, all)
	w.exec(`UPDATE cases SET note = $1, outcome = $1, detail = jsonb_build_object('when', $1::text, 'weeks', 3) WHERE id = 1`, all)
	w.exec(`UPDATE case_event SET what = $1, note = $1`, all)
	w.exec(`UPDATE broadcast SET name = $1, texts = jsonb_build_object('id', $1::text, 'su', $1::text), note = $1, refusal = $1`, all)
	w.exec(`UPDATE outbox SET literal = $1 WHERE broadcast_id IS NOT NULL`, all)
	w.exec(`UPDATE staff SET name = $1, institution = $1, title = '<b id=pwn>' WHERE role <> 'koordinator'`, all)
	w.exec(`UPDATE area SET name = $1`, all)
	w.exec(`UPDATE batch SET name = $1`, all)
	w.exec(`UPDATE address SET value = value || $1, letter = $1 WHERE person_id = 1`, all)
	w.login(t, ctx, "nani")
	pages := w.pagesOf()
	for i := range payloads[:len(payloads)/50+2] {
		pages[fmt.Sprint("orang ", i)] = fmt.Sprint("/orang?hal=", i+1)
		pages[fmt.Sprint("kasus ", i)] = fmt.Sprint("/kasus?hal=", i+1)
	}
	pages["search"] = "/orang?q=%22%3E%3Cimg+id%3Dpwn%3E&kecamatan=%22onfocus%3Dx&aktivitas=%3Cb%3E"
	pages["flash"] = "/?ok=%3Cimg+id%3Dpwn%3E"
	pages["case filter"] = "/kasus?alasan=%22%3E%3Cimg+id%3Dpwn%3E"
	shown := 0
	for name, path := range pages {
		do(t, ctx, chromedp.Navigate(w.srv.URL+path))
		if got := eval[string](t, ctx, found); got != "" {
			t.Errorf("%s: %.300s", name, got)
		}
		body := eval[string](t, ctx, `document.body.textContent`)
		if strings.Contains(body, "pwn") {
			shown++
		}
		if strings.Contains(body, "Ada gangguan") {
			t.Errorf("%s fails", name)
		}
	}
	if shown < 12 {
		t.Errorf("the payloads are shown on %d pages only: the test proves little", shown)
	}
	// Whatever a form answers with is what was typed, no more.
	nani := w.as("nani")
	got := nani.post("/siaran/1", map[string][]string{"nama": {all}, "teks_id": {all}, "tanggal": {`"><img id=pwn>`}, "jam": {`'><img>`}, "wilayah_pilihan": {"semua"}})
	if strings.Contains(got.body, "<img") || !strings.Contains(got.body, html.EscapeString("<img")) {
		t.Error("the form gives back what was typed unescaped")
	}
}

// hostile are ways out of text, attributes, titles, scripts and styles, each with ways to run something.
func hostile() []string {
	run := []string{
		`<img src=x id=pwn onerror=window.pwned=1>`, `<script id=pwn>window.pwned=1</script>`, `<svg id=pwn onload=window.pwned=1>`,
		`<details id=pwn open ontoggle=window.pwned=1>`, `<iframe id=pwn srcdoc="<script>parent.pwned=1</script>">`, `<input id=pwn autofocus onfocus=window.pwned=1>`,
		`<a id=pwn href=javascript:window.pwned=1>x</a>`, `<math><mi id=pwn xlink:href="javascript:window.pwned=1">`, `<style id=pwn>*{display:none}</style>`,
		`<meta id=pwn http-equiv=refresh content="0;url=data:text/html,x">`, `<form id=pwn action=//jahat.example><button>x`, `<base id=pwn href=//jahat.example/>`,
	}
	out := []string{``, `">`, `'>`, `</title>`, `</textarea>`, `</option></select>`, `</script>`, `-->`, `]]>`, "\u2028"}
	var all []string
	for _, o := range out {
		for _, r := range run {
			all = append(all, o+r)
		}
	}
	return append(all, `{{.}}`, `" onmouseover="window.pwned=1" id="pwn`, `' autofocus onfocus='window.pwned=1' id='pwn`, "javascript:window.pwned=1//pwn", `\"><img id=pwn>`,
		`%3Cimg id=pwn%3E`, `&lt;img id=pwn&gt;`, `<ſcript id=pwn>`, "<img\tid=pwn\nsrc=x onerror\n=window.pwned=1>")
}
