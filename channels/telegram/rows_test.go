package telegram

import (
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/fake"
)

// Rows of faults.md E that have no test of their own elsewhere in this package. E12 and E13 are the turn's and the clock's.

// Only Telegram's own user id says whose contact was shared (E6).
func TestE6OnlyOnesOwnContactProves(t *testing.T) {
	w := newWorld(t).hooked(t)
	w.tg.ShareContact(siti, "6281234567417", siti) // equal
	w.tg.ShareContact(siti, "6281234567417", ani)  // different
	w.tg.ShareContact(siti, "6281234567417", 0)    // missing
	if err := w.tg.WaitTaken(within(t)); err != nil {
		t.Fatal(err)
	}
	var own []bool
	for _, in := range w.turns.seen() {
		own = append(own, in.OwnPhone)
	}
	if len(own) != 3 || !own[0] || own[1] || own[2] {
		t.Errorf("own, somebody else's, nobody's: %v", own)
	}
}

// hostileNames would break or forge a message that carries markup (E10).
var hostileNames = []string{"</b>", "_*[", "Siti <b>", "<script>alert(1)</script>", "[Siti](tg://user?id=1)", "`Siti", "Si\u202eti", "Siti & <i>Ani</i>", "\u200fسيتي", "*_~`>#+-=|{}.!", "S\u0301iti", "👩‍👩‍👧"}

// say sends a text with a name in it and fails when the double, which parses markup as Telegram does, refuses or changes it.
func (w *world) say(t *testing.T, name string) {
	t.Helper()
	text := "Bu " + name + ", tercatat Rp750.000 untuk 1-7 Jun."
	w.clock.move(2 * perChat)
	if _, err := w.Send(t.Context(), channels.Outbound{To: "4711", Text: text, Buttons: [][]channels.Button{{{Label: "Ubah " + name, Data: "w:change"}}}}); err != nil {
		t.Fatalf("%q: %v", name, err)
	}
	all := w.tg.FromBot(siti)
	if got := all[len(all)-1]; got.Text != text || got.Markup != "" {
		t.Errorf("%q arrived as %q with markup %q", text, got.Text, got.Markup)
	}
}

func TestE10NamesAreOnlyNames(t *testing.T) {
	w := newWorld(t)
	w.tg.Know(siti)
	for _, name := range hostileNames {
		w.say(t, name)
	}
	if n := w.tg.Calls("sendMessage"); n != len(hostileNames) {
		t.Errorf("%d calls for %d messages", n, len(hostileNames))
	}
}

func FuzzE10NamesAreOnlyNames(f *testing.F) {
	for _, name := range hostileNames {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		name = channels.Readable([]byte(name), 100)
		if len(utf16.Encode([]rune(name))) > 100 || strings.TrimSpace(name) == "" {
			return
		}
		w := newWorld(t)
		w.tg.Know(siti)
		w.say(t, name)
	})
}

// Data that no button of ours can carry reaches the turn as none (E7).
func TestE7DataBeyondAButton(t *testing.T) {
	w := newWorld(t).hooked(t)
	w.tg.Know(siti)
	id, err := w.Send(t.Context(), channels.Outbound{To: "4711", Text: "x", Buttons: [][]channels.Button{{{Label: "a", Data: "w:tips"}}}})
	if err != nil {
		t.Fatal(err)
	}
	ref, err := strconv.Atoi(id.ProviderID)
	if err != nil {
		t.Fatal(err)
	}
	w.tg.Press(siti, ref, "o:"+strings.Repeat("x", 63))
	w.tg.Press(siti, ref, "")
	if err := w.tg.WaitTaken(within(t)); err != nil {
		t.Fatal(err)
	}
	for _, in := range w.turns.seen() {
		if in.Choice != "" {
			t.Errorf("the turn was given %d bytes", len(in.Choice))
		}
	}
	if err := w.tg.Wait(within(t), func() bool { return w.tg.Calls("answerCallbackQuery") == 2 }); err != nil {
		t.Errorf("%d of 2 presses were answered: %v", w.tg.Calls("answerCallbackQuery"), err)
	}
}

// A picture goes as a photo with its words below; one that cannot be edited into a message is a new one.
func TestPictures(t *testing.T) {
	w := newWorld(t)
	w.tg.Know(siti)
	m := channels.Outbound{To: "4711", Text: "Jualan 8 minggu terakhir.", Picture: []byte("\x89PNG"), EditRef: "12"}
	if _, err := w.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	all := w.tg.FromBot(siti)
	if len(all) != 1 || string(all[0].Photo) != "\x89PNG" || all[0].Text != m.Text || w.tg.Calls("sendMessage") != 0 {
		t.Errorf("%+v", all)
	}
	m.Text = strings.Repeat("x", 1025)
	if _, err := w.Send(t.Context(), m); kind(err) != channels.Invalid || w.tg.Calls("sendPhoto") != 1 {
		t.Errorf("a caption that is too long: %v", err)
	}
	w.tg.Fail(fake.TelegramFault{Method: "sendPhoto", Status: 403, Description: "Forbidden: bot was blocked by the user"})
	m.Text = "x"
	w.clock.move(2 * perChat)
	if _, err := w.Send(t.Context(), m); kind(err) != channels.BlockedBy {
		t.Errorf("blocked: %v", err)
	}
}

// The menu of a chat follows what the turn says of whoever writes there, and costs a call only when it changes.
func TestTheMenuFollowsTheRole(t *testing.T) {
	w := newWorld(t, func(c *Config) {
		c.RoleMenu = func(role, lang string) []Command {
			return map[string][]Command{"tksk": {{"tugas", "Tugas " + lang}}, "mentor": {{"sesi", "Sesi " + lang}}}[role]
		}
	}).hooked(t)
	role, lang := "", "id"
	w.turns.answer = func(channels.Inbound) (channels.Reply, error) { return channels.Reply{Role: role, Lang: lang}, nil }
	for _, step := range []struct {
		role, lang, first string
		calls             int
	}{{"", "id", "", 0}, {"tksk", "id", "Tugas id", 1}, {"tksk", "id", "Tugas id", 1}, {"mentor", "su", "Sesi su", 2}, {"", "id", "", 2}} {
		role, lang = step.role, step.lang
		before := w.tg.Calls("deleteMyCommands")
		w.tg.SendText(siti, "halo")
		err := w.tg.Wait(within(t), func() bool {
			got := w.tg.Menu("chat:4711", "")
			return w.tg.Pending() == 0 && (step.first == "" && got == nil || len(got) == 1 && got[0].Description == step.first)
		})
		if err != nil || w.tg.Calls("setMyCommands") != step.calls {
			t.Errorf("%+v: %v, %d calls (%d deleted before)", step, err, w.tg.Calls("setMyCommands"), before)
		}
	}
}
