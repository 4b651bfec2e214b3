package flows_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kabar-prokus/kabar/flows"
)

func TestLoadTellsWhatIsWrongWithTheFiles(t *testing.T) {
	for _, c := range []struct{ name, file, old, by, want string }{
		{"an outcome twice", "ussd.yaml", "on: [which,", "on: [which, which,", "flows/ussd.yaml:18: outcome which stands here twice, first on line 18"},
		{"unknown key", "report.yaml", "    else: unread", "    otherwise: unread", `flows/report.yaml:10: unknown key "otherwise" in step report#ask`},
		{"twice", "report.yaml", "    keep: true", "    keep: true\n    say: report.up", `flows/report.yaml:41: "say" stands here twice, first on line 39`},
		{"wrong name", "report.yaml", "flow: report", "flow: raport", `flows/report.yaml:1: flow is called "raport", but its file "report"`},
		{"no about", "report.yaml", "about: The weekly report\n", "", "flows/report.yaml:1: about: is missing"},
		{"name of a step", "report.yaml", "  visit:", "  Visit!:", `flows/report.yaml:41: "Visit!" is no name for a step`},
		{"a step called end", "report.yaml", "  visit:", "  end:", `flows/report.yaml:41: "end" is no name for a step`},
		{"unknown kind", "report.yaml", "ask: {amount: weigh, text: unread}", "ask: [amount, colour]", `flows/report.yaml:50: ask is "colour"; known are amount, code`},
		{"no next", "stranger.yaml", "    next: check\n", "", "flows/stranger.yaml:5: step stranger#hello asks code, but has no next"},
		{"waits and does", "stranger.yaml", "    ask: code\n", "    ask: code\n    do: stranger.check\n", "flows/stranger.yaml:5: step stranger#hello both waits and does"},
		{"does and goes on", "stranger.yaml", "    do: stranger.check\n", "    do: stranger.check\n    next: welcome\n", "flows/stranger.yaml:9: step stranger#check has next beside do"},
		{"does without outcomes", "stranger.yaml", "    on: {right: welcome, wrong: hello}\n", "", "flows/stranger.yaml:9: step stranger#check does stranger.check, but has no on"},
		{"outcomes without a verb", "stranger.yaml", "    do: stranger.check\n", "", "flows/stranger.yaml:9: step stranger#check has on or with, but no do"},
		{"keeps and asks", "stranger.yaml", "    ask: code\n", "    ask: code\n    keep: true\n", "flows/stranger.yaml:5: step stranger#hello keeps the open question"},
		{"else without a question", "stranger.yaml", "    keyboard: menu", "    else: hello", "flows/stranger.yaml:12: step stranger#welcome has else, but does not wait"},
		{"unknown keyboard", "stranger.yaml", "keyboard: menu", "keyboard: piano", `flows/stranger.yaml:14: keyboard is "piano"`},
		{"bad ttl", "stranger.yaml", "ttl: 30m", "ttl: soon", "flows/stranger.yaml:3: ttl must be a length of time"},
		{"bad key", "report.yaml", "- {key: yes, is", "- {key: 12, is", `flows/report.yaml:26: key "12": keys are`},
		{"a word Twilio keeps as a key", "report.yaml", "- {key: yes, is", "- {key: START, is", `flows/report.yaml:26: key "START": keys are`},
		{"no key", "report.yaml", "- {key: yes, is", "- {is", "flows/report.yaml:26: an option needs a key"},
		{"unknown road", "report.yaml", "only: [telegram]", "only: [pigeon]", `flows/report.yaml:21: only is "pigeon"`},
		{"unknown as", "report.yaml", "as: toast", "as: shout", `flows/report.yaml:21: as is "shout"`},
		{"receipt without a road", "ussd.yaml", "also: {via: sms, say: report.up}", "also: {say: report.up}", "flows/ussd.yaml:27: also needs via and say"},
		{"a list where a word belongs", "report.yaml", "else: unread", "else: [unread]", "flows/report.yaml:10: else must be one word or text"},
		{"a step that is a word", "report.yaml", "  visit:\n    say: report.visit", "  visit: report.visit", "flows/report.yaml:41: step report#visit must be a mapping"},
		{"an empty step", "report.yaml", "  visit:\n    say: report.visit", "  visit:", "flows/report.yaml:41: step report#visit says and does nothing"},
		{"buttons without words", "report.yaml", "    do: report.holiday\n", "    do: report.holiday\n    buttons: [change]\n", "flows/report.yaml:43: step report#holiday has buttons or a keyboard, but says nothing"},
		{"unknown role", "routes.yaml", "unknown:", "stranger:", `flows/routes.yaml:5: unknown key "stranger" in the routes`},
		{"route to a bare name", "routes.yaml", "NONE: stranger#hello", "NONE: hello", `flows/routes.yaml:6: NONE leads to "hello", which is no flow#step`},
		{"not YAML", "routes.yaml", "unknown:", "unknown: [", "flows/routes.yaml:"},
		{"an anchor", "routes.yaml", "NONE: stranger#hello", "NONE: &x stranger#hello", "flows/routes.yaml:6: anchors, aliases"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := good(t)
			replaced(t, files, c.file, c.old, c.by)
			b, err := flows.Load(files)
			if err == nil || b != nil {
				t.Fatalf("loaded in spite of it; want %s", c.want)
			}
			for _, f := range err.(flows.Faults) {
				if strings.HasPrefix(f.String(), c.want) {
					return
				}
			}
			t.Errorf("got %v, want %s", err, c.want)
		})
	}
}

func TestLoadNeedsRoutes(t *testing.T) {
	files := good(t)
	delete(files, "routes.yaml")
	if _, err := flows.Load(files); err == nil || err.Error() != "flows/routes.yaml: is missing" {
		t.Errorf("got %v", err)
	}
}

// Whatever is in a file, loading it answers; what loads can be checked and
// stepped through.
func FuzzLoad(f *testing.F) {
	files := good(f)
	for _, name := range []string{"report.yaml", "stranger.yaml", "ussd.yaml", "routes.yaml"} {
		f.Add(string(files[name].Data), string(files["routes.yaml"].Data))
	}
	f.Add("flow: report\nabout: x\nsteps: {a: {choose: {from: x, next: a}, say: [{text: b, as: edit}]}}", "tksk: {A: report#a}")
	f.Add("flow: report\nabout: x\nsteps: {a: {do: b, on: {c: a}}}", "")
	_, c := loaded(f, files)
	f.Fuzz(func(t *testing.T, flow, routes string) {
		b, err := flows.Load(fstest.MapFS{"report.yaml": {Data: []byte(flow)}, "routes.yaml": {Data: []byte(routes)}})
		if err != nil {
			if len(err.(flows.Faults)) == 0 {
				t.Error("an error without a fault")
			}
			return
		}
		flows.Check(b, verbs(), c, opens())
		for _, s := range b.Steps() {
			n := 0
			_, _ = b.Start(s.Ref, nil, func(string, flows.Vars) (flows.Outcome, error) {
				if n++; n > flows.MaxSteps {
					t.Fatal("no end")
				}
				return flows.Outcome{Name: "c"}, nil
			})
		}
	})
}
