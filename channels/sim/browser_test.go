package sim_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser opens a Chromium window on the simulator of a small world. What the page logs as an error fails the test.
func browser(t *testing.T, w *world, width, height int64) (ctx context.Context, url string) {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/sim", w.Routes())
	mux.Handle("/sim/", w.Routes())
	mux.HandleFunc("POST /channels/ussd/demo", ussd)
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)

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
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(binary), chromedp.WSURLReadTimeout(2*time.Minute), chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.UserDataDir(t.TempDir()), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"),
		chromedp.NoSandbox) // it needs rights that root in a container and many an ordinary user lack; only our own pages are opened
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil && !errors.Is(err, context.Canceled) {
			t.Logf("browser: %v", err)
		}
		cancel()
	})
	err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			t.Errorf("the page threw: %s at %s:%d", e.ExceptionDetails.Text, e.ExceptionDetails.URL, e.ExceptionDetails.LineNumber)
		case *log.EventEntryAdded:
			if e.Entry.Level == log.EntryLevelError && !strings.Contains(e.Entry.Text, "409") { // the clock that runs backwards
				t.Errorf("the page has an error: %s %s", e.Entry.Text, e.Entry.URL)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	limited, end := context.WithTimeout(ctx, 10*time.Minute)
	t.Cleanup(end)
	do(t, limited, "0 size", chromedp.EmulateViewport(width, height))
	return limited, srv.URL + "/sim"
}

type step = chromedp.Action[chromedp.Void]

// do takes steps. KABAR_SHOTS names a directory for pictures of what stands there afterwards.
func do(t *testing.T, ctx context.Context, name string, steps ...step) {
	t.Helper()
	err := chromedp.Do(ctx, steps...)
	if dir := os.Getenv("KABAR_SHOTS"); dir != "" {
		picture, shot := chromedp.Run(ctx, chromedp.FullScreenshot(100))
		if shot == nil {
			shot = os.WriteFile(filepath.Join(dir, strings.ReplaceAll(name, " ", "-")+".png"), picture, 0o600)
		}
		if shot != nil {
			t.Error(shot)
		}
	}
	if err != nil {
		page, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText`))
		t.Fatalf("%s: %v\n%s", name, err, page)
	}
}

// until waits for a condition of the page, for at most a minute.
func until(condition string) step { return untilWithin(time.Minute, condition) }

// untilWithin asks from here: the page's policy lets nobody make functions of strings in it.
func untilWithin(patience time.Duration, condition string) step {
	return func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		limit := time.After(patience)
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			ok, err := chromedp.Evaluate[bool]("Boolean("+condition+")")(ctx, target)
			if ok || err != nil {
				return chromedp.Void{}, err
			}
			select {
			case <-tick.C:
			case <-limit:
				return chromedp.Void{}, fmt.Errorf("it never came to be: %s", condition)
			}
		}
	}
}

// says waits until one of the elements that a selector finds holds words.
func says(selector, words string) step { return until(saying(selector, words)) }

func saying(selector, words string) string {
	return fmt.Sprintf(`[...document.querySelectorAll(%q)].some((e) => e.innerText.includes(%q))`, selector, words)
}

// press clicks the button with a label below a selector.
func press(within, label string) step {
	return chromedp.Evaluate[chromedp.Void](fmt.Sprintf(
		`(() => { const b = [...document.querySelectorAll(%q)].find((e) => e.innerText.trim().startsWith(%q)); if (!b) throw new Error("no button " + %q); b.click(); })()`,
		within+" button", label, label))
}

// insist presses until a toast says some words: a page that is being drawn anew, or a toast that has gone before a busy
// machine looks, takes a second try, as a finger does.
func insist(what step, selector, words string) step {
	return func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		var err error
		for range 12 {
			if _, err = what(ctx, target); err != nil {
				return chromedp.Void{}, err
			}
			if _, err = untilWithin(5*time.Second, saying(selector, words))(ctx, target); err == nil {
				break
			}
		}
		return chromedp.Void{}, err
	}
}

const sitisPhone = `article[aria-label^="Siti"]`

func TestPageWritesDialsAndChats(t *testing.T) {
	w := newWorld(t)
	ctx, url := browser(t, w, 1440, 1000)
	do(t, ctx, "1 opened", chromedp.Navigate(url),
		says(sitisPhone+" h2", "Siti Aminah"), says(`article[aria-label^="Dedi"] h2`, "Dedi Kurnia"), says("#clock-now", "Min 7 Jun 2026 17.10 WIB"))
	do(t, ctx, "2 an SMS", chromedp.SendKeys(sitisPhone+" .sms textarea", "750rb\r"),
		says(sitisPhone+" .bubble.mine", "750rb"), says(sitisPhone+" .bubble:not(.mine)", "Tercatat 750rb untuk 1-7 Jun"),
		says(sitisPhone+" .bubble small", "1 SMS · jawaban"))
	do(t, ctx, "3 a plea for help", press(sitisPhone+" .tries", "TOLONG"),
		says(`article[aria-label^="Dedi"] .bubble`, "PENTING: Siti Aminah"), says("#log", "mendesak"), says("#log", "Dedi Kurnia"))
	do(t, ctx, "4 to Sunday", press(".clock", "Minggu 18.30"),
		says("#clock-said", "Min 7 Jun 2026 18.30 WIB. 1 pesan keluar."), says("#clock-now", "18.30"), says(sitisPhone+" .bubble", "total uang jualan"),
		says(sitisPhone+" .bubble small", "pertanyaan mingguan"))
	do(t, ctx, "5 USSD", press(sitisPhone+" .tabs", "USSD"), press(sitisPhone+" .keys", "Panggil"),
		says(sitisPhone+" .lcd-text", "1 Lapor jualan"), says(sitisPhone+" .lcd-count", "102 dari 182 huruf"),
		until(`(() => { const e = document.querySelector('`+sitisPhone+` .lcd-text'); return e.scrollHeight <= e.clientHeight })()`)) // a whole menu fits
	do(t, ctx, "5b USSD answered", press(sitisPhone+" .keys", "1"), press(sitisPhone+" .keys", "Kirim"), says(sitisPhone+" .lcd-text", "Contoh 87 = 87 ribu"))
	do(t, ctx, "6 USSD ended", press(sitisPhone+" .keys", "7"), press(sitisPhone+" .keys", "5"), press(sitisPhone+" .keys", "0"),
		press(sitisPhone+" .keys", "Kirim"), says(sitisPhone+" .lcd-text", "Tercatat Rp750.000"), says(sitisPhone+" .lcd-count", "Sesi selesai"))
	do(t, ctx, "7 chat", press(sitisPhone+" .tabs", "Chat"), chromedp.SendKeys(sitisPhone+" .chat textarea", "750\r"),
		says(sitisPhone+" .message", "Maksud Ibu Rp750.000"), says(sitisPhone+" .keyboard", "Status bantuan"))
	do(t, ctx, "8 pressed", press(sitisPhone+" .message", "Ya, benar"),
		says(sitisPhone+" .message", "Tercatat Rp750.000 untuk 1-7 Jun."), says(sitisPhone+" .message small", "diubah"))
	do(t, ctx, "9 a stale button", insist(press(sitisPhone+" .message:last-child", "Ya"), sitisPhone+" .toast", "Tombol ini sudah tidak berlaku"))
	do(t, ctx, "10 chosen", press(".add", "Tambah HP"), says("#picker-list", "Rina Hartati"), says("#picker-list", "diundang, belum menjawab"))
	do(t, ctx, "11 a stranger", chromedp.SendKeys("#number", "0857 1111 2222\r"),
		says(`article[aria-label*="0857 1111 2222"] h2`, "Nomor tidak dikenal"),
		chromedp.SendKeys(`article[aria-label*="0857 1111 2222"] .sms textarea`, "info\r"), says(`article[aria-label*="0857 1111 2222"] .bubble`, "Tercatat info"))
	do(t, ctx, "12 remembered", chromedp.Reload(), says(`article[aria-label*="0857 1111 2222"] .bubble`, "Tercatat info"), says(sitisPhone+" h2", "Siti Aminah"),
		until(`(() => { const l = document.querySelector('`+sitisPhone+` .sms .bubbles'); return l.scrollTop > 0 && l.scrollHeight - l.scrollTop - l.clientHeight < 2 })()`))
	do(t, ctx, "13 backwards", chromedp.Evaluate[chromedp.Void](`document.getElementById("clock-to").removeAttribute("min")`),
		chromedp.SetValue("#clock-to", "2026-06-07T08:00"), press(".clock", "Majukan"), says("#clock-said", "Jam hanya bisa maju"))
	if w.in[0].Text != "750rb" || w.in[len(w.in)-1].From != "+6285711112222" {
		t.Errorf("the turns were %+v", w.in)
	}
}

func TestPageFitsANarrowScreenAndNamesItsControls(t *testing.T) {
	w := newWorld(t)
	ctx, url := browser(t, w, 360, 780)
	do(t, ctx, "narrow 1", chromedp.Navigate(url), says(sitisPhone+" h2", "Siti Aminah"),
		chromedp.SendKeys(sitisPhone+" .sms textarea", "750rb\r"), says(sitisPhone+" .bubble", "Tercatat"))
	wide, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth`))
	if err != nil {
		t.Fatal(err)
	}
	nameless, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](`[...document.querySelectorAll("button, input, textarea, progress")].filter((e) =>
		!(e.textContent || "").trim() && !e.getAttribute("aria-label") && !(e.labels && e.labels.length)).map((e) => e.outerHTML)`))
	if err != nil {
		t.Fatal(err)
	}
	if wide > 360 {
		t.Errorf("the page is %d px wide on a screen of 360", wide)
	}
	if len(nameless) > 0 {
		t.Errorf("controls without a name: %v", nameless)
	}
	w.mu.Lock()
	w.step = make(chan struct{})
	w.mu.Unlock()
	do(t, ctx, "narrow 3 moving", press(".clock", "+1 minggu"), says("#clock-going", "Menuju Min 14 Jun 2026 17.10 WIB"))
	close(w.step)
	do(t, ctx, "narrow 4 arrived", says("#clock-said", "Min 14 Jun 2026 17.10 WIB"), until(`document.getElementById("clock-going").hidden`))
}
