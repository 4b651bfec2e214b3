package ussd_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/channels/channelstest"
	"github.com/kabar-prokus/kabar/channels/ussd"
	"github.com/kabar-prokus/kabar/internal/bahasa"
)

// turn is a Handler written where it is needed.
type turn func(ctx context.Context, in channels.Inbound) (channels.Reply, error)

func (f turn) Handle(ctx context.Context, in channels.Inbound) (channels.Reply, error) {
	return f(ctx, in)
}

func says(reply channels.Reply) turn {
	return func(context.Context, channels.Inbound) (channels.Reply, error) { return reply, nil }
}

func TestStepsAreDecoded(t *testing.T) {
	for _, c := range []struct {
		phone, text string
		from, want  string
		inputs      []string
	}{
		{siti, "", siti, "", nil},
		{siti, "1", siti, "1", []string{"1"}},
		{"6281200000001", "1*350000", siti, "350000", []string{"1", "350000"}},
		{"081200000001", "1*350000*1", siti, "1", []string{"1", "350000", "1"}},
		{" 6281200000001", "1", siti, "1", []string{"1"}}, // a plus that was not escaped
		{"0062 812-0000-0001", "1", siti, "1", []string{"1"}},
		{siti, "1*", siti, "", []string{"1", ""}},
		{siti, "1**2", siti, "2", []string{"1", "", "2"}},
		{siti, "*", siti, "", []string{"", ""}},
		{siti, "1* 350 rb \x00", siti, "350 rb", []string{"1", "350 rb"}},
		{siti, "#", siti, "#", []string{"#"}},
		{"+254711000001", "1", "+254711000001", "1", []string{"1"}}, // the gateway's own test numbers
	} {
		k := &channelstest.Keeper{}
		if got := dial(adapter(t, config(&log{}), k), "ATUid_1", c.phone, c.text); got != "END OK" {
			t.Errorf("%q %q: %s", c.phone, c.text, got)
			continue
		}
		in := k.Kept()[0]
		if in.From != c.from || in.Text != c.want || !slices.Equal(in.Inputs, c.inputs) || string(in.Raw) != c.text ||
			in.Session != "ATUid_1" || in.To != service || in.Via != channels.USSD || !strings.HasPrefix(in.ID, "ATUid_1:") || !in.ReceivedAt.Equal(now) {
			t.Errorf("%q %q: %+v", c.phone, c.text, in)
		}
	}
}

func TestAnswersAreConOrEnd(t *testing.T) {
	for _, c := range []struct {
		reply channels.Reply
		want  string
	}{
		{channels.Reply{Text: "1. Lapor\n2. Status"}, "CON 1. Lapor\n2. Status"},
		{channels.Reply{Text: "Terima kasih", End: true}, "END Terima kasih"},
	} {
		w := post(adapter(t, config(&log{}), says(c.reply)).Handler(), request(form("s", siti, "")))
		if w.Body.String() != c.want || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain") {
			t.Errorf("%s %s, want %s", w.Header().Get("Content-Type"), w.Body, c.want)
		}
	}
}

func TestF2TheSameStepIsTheSame(t *testing.T) {
	k := &channelstest.Keeper{}
	a := adapter(t, config(&log{}), k)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() { dial(a, "s1", siti, "1*350000") })
	}
	wg.Wait()
	ids := map[string]bool{}
	for _, in := range k.Kept() {
		ids[in.ID] = true
	}
	if len(ids) != 1 || len(k.Kept()) != 50 {
		t.Errorf("%d ids in %d deliveries", len(ids), len(k.Kept()))
	}
	for _, step := range [][3]string{{"s1", siti, "1"}, {"s1", siti, "1*35000"}, {"s1", siti, "1*350000*"}, {"s1", siti, ""}, {"s2", siti, "1*350000"}, {"s3", "+6281200000002", "1*350000"}} {
		dial(a, step[0], step[1], step[2])
		id := k.Kept()[len(k.Kept())-1].ID
		if ids[id] {
			t.Errorf("%v is taken for another step", step)
		}
		ids[id] = true
	}
}

func TestF3TextThatNoPhoneTypes(t *testing.T) {
	for name, c := range map[string]struct{ phone, text, want string }{
		"5 KB":                 {siti, strings.Repeat("1", 5000), "END " + help},
		"5 KB of inputs":       {siti, strings.Repeat("1*", 2500), "END " + help},
		"65 inputs":            {siti, strings.Repeat("*", 65), "END " + help},
		"a phone that is none": {"anonymous", "1", "END " + help},
		"no phone":             {"", "1", "END " + help},
		"a short phone":        {"+62812", "1", "END " + help},
		"812 could be Japan":   {"81200000001", "1", "END " + help},
		"letters":              {"+62812OOOOOOO1", "1", "END " + help},
	} {
		k := &channelstest.Keeper{}
		if got := dial(adapter(t, config(&log{}), k), "s", c.phone, c.text); got != c.want || len(k.Kept()) != 0 {
			t.Errorf("%s: %s, %d handled", name, got, len(k.Kept()))
		}
	}
}

func TestF3FormsThatNoGatewaySends(t *testing.T) {
	for name, change := range map[string]func(url.Values){
		"nothing":                func(f url.Values) { clear(f) },
		"no session":             func(f url.Values) { f.Del("sessionId") },
		"a session of blanks":    func(f url.Values) { f.Set("sessionId", "a b") },
		"an endless session":     func(f url.Values) { f.Set("sessionId", strings.Repeat("a", 129)) },
		"a session with NUL":     func(f url.Values) { f.Set("sessionId", "a\x00") },
		"no phone":               func(f url.Values) { f.Del("phoneNumber") },
		"two phones":             func(f url.Values) { f.Add("phoneNumber", siti) },
		"two texts":              func(f url.Values) { f.Add("text", "2") },
		"a service that is none": func(f url.Values) { f.Set("serviceCode", "*384*77#\n") },
	} {
		k := &channelstest.Keeper{}
		f := form("ATUid_1", siti, "1")
		change(f)
		w := post(adapter(t, config(&log{}), k).Handler(), request(f))
		if w.Code != 200 || w.Body.String() != "END "+help || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain") || len(k.Kept()) != 0 {
			t.Errorf("%s: answer %d %q, %d handled", name, w.Code, w.Body, len(k.Kept()))
		}
	}
	k := &channelstest.Keeper{}
	r := request(nil)
	r.Body = io.NopCloser(strings.NewReader("sessionId=%zz"))
	r.ContentLength = -1
	if w := post(adapter(t, config(&log{}), k).Handler(), r); w.Code != 200 || w.Body.String() != "END "+help || len(k.Kept()) != 0 {
		t.Errorf("no form at all: answer %d %q", w.Code, w.Body)
	}
}

func TestAnotherServiceCodeIsAnsweredToo(t *testing.T) {
	for _, code := range []string{"*384#", "*123*77*2#", "*999#", ""} {
		k := &channelstest.Keeper{}
		a := adapter(t, config(&log{}), k)
		f := form("ATUid_1", siti, "1")
		f.Set("serviceCode", code)
		w := post(a.Handler(), request(f))
		if w.Code != 200 || w.Body.String() != "END OK" || len(k.Kept()) != 1 || k.Kept()[0].To != code {
			t.Errorf("%q: answer %d %q, %d handled", code, w.Code, w.Body, len(k.Kept()))
		}
		if n := a.Counts()["other_code"]; n != 1 && code != "" || n != 0 && code == "" {
			t.Errorf("%q: counted %d times", code, n)
		}
	}
}

func TestF4ScreensAreCutSafely(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       string // empty: only the rule is checked
		cut        bool
	}{
		{"182 fit", strings.Repeat("a", 182), strings.Repeat("a", 182), false},
		{"183 do not", strings.Repeat("a", 183), strings.Repeat("a", 182), true},
		{"a brace counts twice", strings.Repeat("a", 181) + "{", strings.Repeat("a", 181), true},
		{"91 braces fit", strings.Repeat("{", 91), strings.Repeat("{", 91), false},
		{"letters of GSM-7", "é è ñ £ €", "é è ñ £ €", false},
		{"emoji", "Halo 🙏 Ibu", "", true},
		{"Arabic", "مرحبا", "", true},
		{"a dash and quotes", "1 – 2 “ya”", "", true},
		{"carriage return out", "a\r\nb", "a\nb", false},
	} {
		l := &log{}
		a := adapter(t, config(l), says(channels.Reply{Text: c.text}))
		got, ok := strings.CutPrefix(dial(a, "s", siti, ""), "CON ")
		n, gsm := bahasa.Septets(got)
		if !ok || !gsm || n > 182 || c.want != "" && got != c.want {
			t.Errorf("%s: %q (%d septets, GSM-7 %v)", c.name, got, n, gsm)
		}
		if cut := a.Counts()["unfit"] == 1; cut != c.cut || cut && !strings.Contains(l.String(), "level=ERROR") {
			t.Errorf("%s: cut %v, want %v; log %s", c.name, cut, c.cut, l.String())
		}
	}
}

func TestF5ASlowTurnEndsPolitelyAndStillCommits(t *testing.T) {
	release, committed := make(chan struct{}), make(chan error, 1)
	slow := turn(func(ctx context.Context, in channels.Inbound) (channels.Reply, error) {
		select {
		case <-release:
		case <-ctx.Done():
		}
		committed <- ctx.Err()
		return channels.Reply{Text: "too late"}, nil
	})
	c := config(&log{})
	c.Deadline = 30 * time.Millisecond
	a := adapter(t, c, slow)
	ctx, hangUp := context.WithCancel(t.Context())
	w := post(a.Handler(), request(form("s", siti, "1")).WithContext(ctx))
	if w.Code != 200 || w.Body.String() != "END "+busy {
		t.Fatalf("answer %d %s", w.Code, w.Body)
	}
	hangUp() // the gateway is gone; the turn is not
	close(release)
	if err := <-committed; err != nil {
		t.Errorf("the turn was cut off: %v", err)
	}
}

func TestF5ATurnThatNeverEndsIsCutOffInTheEnd(t *testing.T) {
	c := config(&log{})
	c.Deadline, c.Finish = 10*time.Millisecond, 10*time.Millisecond
	ended := make(chan error, 1)
	a := adapter(t, c, turn(func(ctx context.Context, _ channels.Inbound) (channels.Reply, error) {
		<-ctx.Done()
		ended <- ctx.Err()
		return channels.Reply{}, ctx.Err()
	}))
	if got := dial(a, "s", siti, ""); got != "END "+busy {
		t.Error(got)
	}
	if err := <-ended; err != context.DeadlineExceeded {
		t.Error(err)
	}
}

func TestF5NoMoreTurnsThanPlaces(t *testing.T) {
	c := config(&log{})
	c.Waiting, c.Deadline = 2, time.Minute
	entered, release := make(chan struct{}, 2), make(chan struct{})
	a := adapter(t, c, turn(func(context.Context, channels.Inbound) (channels.Reply, error) {
		entered <- struct{}{}
		<-release
		return channels.Reply{Text: "ok"}, nil
	}))
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { dial(a, "s", siti, "") })
		<-entered
	}
	if got := dial(a, "s", siti, "1"); got != "END "+busy {
		t.Error(got)
	}
	close(release)
	wg.Wait()
	if got := dial(a, "s", siti, "1"); got != "CON ok" {
		t.Errorf("afterwards: %s", got)
	}
}

func TestF5APanicEndsOneSessionAndNotTheProgram(t *testing.T) {
	l := &log{}
	a := adapter(t, config(l), turn(func(context.Context, channels.Inbound) (channels.Reply, error) { panic("NIK 3210076505900001") }))
	if got := dial(a, "s", siti, ""); got != "END "+busy {
		t.Error(got)
	}
	if strings.Contains(l.String(), "3210076505900001") || !strings.Contains(l.String(), "panic") {
		t.Errorf("the log says %s", l.String())
	}
}

func TestF6TheSecretIsAllAndItsAbsenceTellsNothing(t *testing.T) {
	l, k := &log{}, &channelstest.Keeper{}
	a := adapter(t, config(l), k)
	var first string
	for _, path := range []string{"", "demo", secret + "/", secret[1:], strings.ToUpper(secret), secret + "x", "x/" + secret} {
		for _, method := range []string{"POST", "GET"} {
			r := request(form("s", siti, "1*3210076505900001"))
			r.Method, r.URL.Path = method, ussd.Path+path
			w := post(a.Handler(), r)
			if first == "" {
				first = w.Body.String()
			}
			if w.Code != http.StatusNotFound || w.Body.String() != first || len(k.Kept()) != 0 {
				t.Errorf("%s %q: answer %d %s", method, path, w.Code, w.Body)
			}
		}
	}
	if text := l.String(); strings.Contains(text, "81200000001") || strings.Contains(text, secret[1:]) || strings.Contains(text, "3210076505900001") {
		t.Errorf("the log says %s", text)
	}
	for _, bad := range []ussd.Config{{Busy: func() string { return "" }}, {Secret: "a/b", Busy: func() string { return "" }}, {Secret: "a"}} {
		if _, err := ussd.New(bad, k); err == nil {
			t.Errorf("accepted: %+v", bad)
		}
	}
}

func TestF6UnderTheRouterOfTheServer(t *testing.T) {
	mux := http.NewServeMux()
	k := &channelstest.Keeper{}
	mux.Handle("POST "+ussd.Path+"{secret}", adapter(t, config(&log{}), k).Handler())
	if w := post(mux, request(form("s", siti, ""))); w.Body.String() != "END OK" {
		t.Errorf("answer %d %s", w.Code, w.Body)
	}
	r := request(form("s", siti, ""))
	r.URL.Path = ussd.Path + "demo"
	if w := post(mux, r); w.Code != 404 || len(k.Kept()) != 1 {
		t.Errorf("answer %d", w.Code)
	}
}

func TestF8ASessionBelongsToOnePhone(t *testing.T) {
	l, k := &log{}, &channelstest.Keeper{}
	c := config(l)
	at := now
	c.Now = func() time.Time { return at }
	a := adapter(t, c, k)
	dial(a, "s1", siti, "")
	if got := dial(a, "s1", "+6281200000002", "1"); got != "END "+help || len(k.Kept()) != 1 {
		t.Errorf("another phone: %s, %d handled", got, len(k.Kept()))
	}
	if !strings.Contains(l.String(), "session of another phone") || strings.Contains(l.String(), "812") {
		t.Errorf("the log says %s", l.String())
	}
	if got := dial(a, "s1", "081200000001", "1"); got != "END OK" {
		t.Errorf("its own phone, spelled otherwise: %s", got)
	}
	at = at.Add(11 * time.Minute)
	if got := dial(a, "s1", "+6281200000002", ""); got != "END OK" {
		t.Errorf("the gateway counts anew a while later: %s", got)
	}
	if kept := k.Kept(); kept[0].ID == kept[len(kept)-1].ID {
		t.Error("she would be given the stored answer of the other phone")
	}
}

func TestTheEndOfASessionIsNoStep(t *testing.T) {
	k := &channelstest.Keeper{}
	a := adapter(t, config(&log{}), k)
	dial(a, "s1", siti, "")
	for _, f := range []url.Values{
		{"sessionId": {"s1"}, "phoneNumber": {siti}, "serviceCode": {service}, "networkCode": {"51011"}, "status": {"Success"}, "durationInMillis": {"10220"}, "hopsCount": {"2"}, "input": {"1*2"}, "cost": {"IDR 0"}, "date": {"2026-06-07 18:30:00"}, "lastAppResponse": {"END ok"}},
		{"sessionId": {"s2"}, "phoneNumber": {siti}, "serviceCode": {service}, "status": {"Failed"}, "errorMessage": {"timeout"}},
	} {
		if w := post(a.Handler(), request(f)); w.Code != 200 || w.Body.Len() != 0 || len(k.Kept()) != 1 {
			t.Errorf("answer %d %q, %d handled", w.Code, w.Body, len(k.Kept()))
		}
	}
	if got := dial(a, "s1", "+6281200000002", ""); got != "END OK" {
		t.Errorf("an id that is free again: %s", got)
	}
}

func TestU1AnyAnswerIsAScreen(t *testing.T) {
	// 100 sessions at once, a long reply: every answer begins with CON or END and fits.
	a := adapter(t, config(&log{}), says(channels.Reply{Text: strings.Repeat("Ibu 🙏 {menu} ", 40)}))
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			got := dial(a, "s"+strings.Repeat("x", i), siti, "1")
			text, ok := strings.CutPrefix(got, "CON ")
			if n, gsm := bahasa.Septets(text); !ok || !gsm || n > 182 {
				t.Errorf("%d septets, GSM-7 %v: %q", n, gsm, got)
			}
		})
	}
	wg.Wait()
}

func FuzzStep(f *testing.F) {
	for _, c := range [][3]string{{"ATUid_1", siti, "1*350000"}, {"s", "0812", "**#"}, {"", "", "\x00\xff"}, {"s\n", "+", strings.Repeat("*", 70)}} {
		f.Add(c[0], c[1], c[2])
	}
	f.Fuzz(func(t *testing.T, session, phone, text string) {
		k := &channelstest.Keeper{}
		a := adapter(t, config(&log{}), k)
		w := post(a.Handler(), request(form(session, phone, text)))
		if w.Code != 200 || !strings.HasPrefix(w.Body.String(), "CON ") && !strings.HasPrefix(w.Body.String(), "END ") {
			t.Fatalf("answer %d %q", w.Code, w.Body)
		}
		for _, in := range k.Kept() {
			if len(in.Inputs) != 0 && in.Inputs[len(in.Inputs)-1] != in.Text || string(in.Raw) != text || in.From[0] != '+' {
				t.Fatalf("%+v", in)
			}
			for _, s := range append(in.Inputs, in.ID, in.From, in.Session) {
				if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
					t.Fatalf("%+v", in)
				}
			}
		}
	})
}
