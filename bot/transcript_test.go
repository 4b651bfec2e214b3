package bot_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kabar-prokus/kabar/channels"
)

var update = flag.Bool("update", false, "rewrite what Kabar says in testdata/*.dlg, for review")

// TestTranscripts plays testdata/*.dlg through the real turn on a real database. A dialogue begins with
// "ID | channel | lang | title" and reads like the phone:
//
//	@ 2026-06-07 18:30        the clock, WIB
//	? history Siti W19 600000 what is true beforehand; see given in setup_test.go
//	U> 750rb                  she writes (U Ani> for somebody else, N for a number)
//	S> Tercatat ...           Kabar answers by SMS
//	N> <+62...> ...           Kabar tells somebody else, or by SMS besides a screen
//	C> / E>                   a USSD screen that goes on / ends; \n is a line feed
//	= report Siti W23 750000  what must hold; see holds in setup_test.go
//	# a remark
//
// go test ./bot -update rewrites the answers.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.dlg")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		dialogues := strings.Split(strings.TrimSpace(string(src)), "\n\n")
		out := make([]string, len(dialogues))
		t.Run(strings.TrimSuffix(filepath.Base(file), ".dlg"), func(t *testing.T) {
			for i, d := range dialogues {
				id, _, _ := strings.Cut(d, " ")
				t.Run(id, func(t *testing.T) {
					t.Parallel()
					out[i] = play(t, d)
					if diff := cmp.Diff(strings.Split(d, "\n"), strings.Split(out[i], "\n")); diff != "" && !*update {
						t.Errorf("the dialogue went otherwise (-transcript +what was said):\n%s", diff)
					}
				})
			}
		})
		if *update && !t.Failed() && !slices.Contains(out, "") { // with -run some were not played
			if err := os.WriteFile(file, []byte(strings.Join(out, "\n\n")+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// play runs one dialogue and returns it as it went.
func play(t *testing.T, d string) string {
	lines := strings.Split(d, "\n")
	head := strings.Split(lines[0], "|")
	if len(head) != 4 {
		t.Fatalf("header %q is not ID | channel | lang | title", lines[0])
	}
	p := &player{world: newWorld(t), channel: strings.TrimSpace(head[1]), out: lines[:1:1], who: "Siti"}
	if lang := strings.TrimSpace(head[2]); lang != "id" {
		p.exec(`UPDATE person SET lang = $1, lang_chosen = true`, lang)
	}
	for _, line := range lines[1:] {
		p.line(line)
	}
	return strings.Join(p.out, "\n")
}

// player is a dialogue on its way.
type player struct {
	*world
	channel string
	who     string
	session int
	inputs  []string // of the open USSD session
	out     []string
	buttons []chatButton // of the chat, newest first
	later   func()       // shows what a line has made true, after the line
}

func (p *player) line(line string) {
	mark, rest, _ := strings.Cut(line, " ")
	switch {
	case strings.HasPrefix(mark, "U"):
		p.out = append(p.out, line)
		if mark == "U" { // "U Ani> text"
			p.who, rest, _ = strings.Cut(rest, "> ")
		}
		p.write(rest)
		return
	case mark == "S>" || mark == "N>" || mark == "C>" || mark == "E>" || mark == "T>" || mark == "T*>" || mark == "!>":
		return // what was really said has been written already
	case mark == "@":
		at, err := time.ParseInLocation("2006-01-02 15:04", rest, wib)
		if err != nil {
			p.t.Fatal(err)
		}
		p.at(at)
		p.inputs = nil
	case mark == "?":
		p.given(strings.Fields(rest))
	case mark == "=":
		p.holds(strings.Fields(rest))
	case mark != "#":
		p.t.Fatalf("line %q begins with no mark", line)
	}
	p.out = append(p.out, line)
	if p.later != nil {
		p.later()
		p.later = nil
	}
}

func (p *player) number() string {
	if n, ok := phones[p.who]; ok {
		return n
	}
	return p.who
}

// write sends what she writes and notes what comes back.
func (p *player) write(txt string) {
	txt = strings.ReplaceAll(txt, `\n`, "\n")
	if p.channel == "ussd" {
		p.press(txt)
		return
	}
	if p.channel == string(channels.Telegram) || p.channel == string(channels.WhatsApp) {
		p.tap(txt)
		return
	}
	if txt == "(call)" {
		in := p.inbound(p.number(), channels.SMS, "")
		in.Kind, in.Raw = channels.Call, nil
		for _, s := range p.caused(p.handle(in)) {
			p.note(s)
		}
		return
	}
	for _, s := range p.sms(p.number(), txt) {
		p.note(s)
	}
}

// press dials *123*77# or answers the open screen.
func (p *player) press(txt string) {
	if code, ok := strings.CutPrefix(txt, "*123*77"); ok {
		p.session++
		p.inputs = nil
		if direct := strings.Trim(code, "*#"); direct != "" {
			p.inputs = strings.Split(direct, "*")
		}
	} else {
		p.inputs = append(p.inputs, strings.Split(txt, "*")...) // on the wire a star is a step
	}
	screen, r := p.dial(p.number(), fmt.Sprintf("s%d", p.session), p.inputs...)
	p.out = append(p.out, strings.ReplaceAll(screen, "\n", `\n`))
	for _, s := range p.caused(r) {
		p.note(s)
	}
	if n := len([]rune(r.Text)); n > 182 {
		p.t.Errorf("screen of %d characters: %q", n, r.Text)
	}
}

func (p *player) note(s said) {
	mark := "S> "
	if s.to != p.number() || p.channel == string(channels.USSD) {
		mark = "N> <" + s.to + "> "
	}
	p.out = append(p.out, mark+strings.ReplaceAll(s.text, "\n", `\n`))
}
