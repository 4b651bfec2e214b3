package e2e

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/kabar-prokus/kabar/internal/fake"
)

// TestDoubles writes through every double of `kabar demo --doubles` and reads what it took.
func TestDoubles(t *testing.T) {
	t.Parallel()
	p := start(t, nil, "--empty", "--doubles", "--clock", "2026-06-07T19:02:00+07:00")
	p.imports("staff", staffList, 3)
	p.imports("people", peopleList, 2)
	type taken struct {
		To, Text, State string
		Buttons         []string
	}
	read := func(provider string) (out []taken) {
		t.Helper()
		p.get("/doubles/api/"+provider, &out)
		return out
	}
	writes := func(provider, from, text, press string) {
		t.Helper()
		var answer struct{ Answered int }
		if code := p.post("/doubles/api/"+provider, map[string]string{"from": from, "text": text, "press": press}, &answer); code != 200 || answer.Answered/100 != 2 {
			t.Fatalf("%s: %d, answered %d", provider, code, answer.Answered)
		}
	}
	for _, provider := range []string{"twilio", "whatsapp", "smsgate", "gateway", "smpp"} {
		p.wait(provider, waitLong, func() bool { // the bind takes a moment
			return p.post("/doubles/api/"+provider, map[string]string{"from": siti, "text": "status"}, nil) == http.StatusOK
		})
		p.wait("the answer by "+provider, waitLong, func() bool {
			return slices.ContainsFunc(read(provider), func(m taken) bool {
				return m.To == siti && strings.HasPrefix(m.Text, "Bu Siti, belum ada catatan bantuan.")
			})
		})
	}
	writes("telegram", "77001", "/start", "")
	p.wait("the chat", waitLong, func() bool { return len(read("telegram")) > 0 })
	writes("whatsapp", siti, "750rb", "")
	p.wait("the receipt", waitLong, func() bool {
		all := read("whatsapp")
		return strings.HasPrefix(all[0].Text, "Tercatat Rp750.000") && slices.Equal(all[0].Buttons, []string{"Ubah"}) && all[0].State == "delivered"
	})
	before := len(read("whatsapp"))
	writes("whatsapp", siti, "", "Ubah")
	p.wait("what follows the button", waitLong, func() bool { return len(read("whatsapp")) > before })
	if got := read("whatsapp")[0].Text; !strings.Contains(got, "1-7 Jun") {
		t.Errorf("the button led to %q", got)
	}
	if code := p.post("/doubles/api/gateway", map[string]string{"fault": "login"}, nil); code != http.StatusOK {
		t.Fatalf("answered %d", code)
	}
	writes("gateway", siti, "jadwal", "")
	office := p.logIn("Nani")
	p.wait("the refused log-in to be told", waitLong, func() bool { return strings.Contains(office("/saluran"), "Sandi ditolak") })
	for _, provider := range []string{"twilio", "whatsapp", "telegram", "smsgate", "gateway", "smpp"} {
		for _, fault := range fake.DeskFaults() {
			if code := p.post("/doubles/api/"+provider, map[string]string{"fault": fault}, nil); code != http.StatusOK {
				t.Errorf("%s %s: %d", provider, fault, code)
			}
		}
	}
	var refused struct{ Error string }
	for provider, w := range map[string]map[string]string{"whatsapp": {"from": siti, "press": "Tidak ada"}, "telegram": {"from": "x"}, "nobody": {"from": siti}, "smpp": {"fault": "fire"}} {
		if code := p.post("/doubles/api/"+provider, w, &refused); code != http.StatusUnprocessableEntity || refused.Error == "" {
			t.Errorf("%s %v: %d %q", provider, w, code, refused.Error)
		}
	}
	if page := p.body("/doubles"); !strings.Contains(page, "Tercatat Rp750.000") || !strings.Contains(page, `<h2 id="smpp">`) {
		t.Error("the page does not show what was taken")
	}
}

// body reads a page.
func (p *program) body(path string) string {
	p.t.Helper()
	r, err := http.Get(p.base + path)
	if err != nil {
		p.t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return string(b)
}
