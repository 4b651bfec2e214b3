package bot_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// journeyDialogues is how many dialogues J1 to J7 have.
const journeyDialogues = 52

// TestEveryDialogueHasItsForms: each dialogue of the journeys stands as a transcript by SMS, on a screen and in a chat, or
// testdata/forms.txt says why it cannot.
func TestEveryDialogueHasItsForms(t *testing.T) {
	played := map[string]string{} // transcript: its road
	files, err := filepath.Glob("testdata/*.dlg")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for d := range strings.SplitSeq(strings.TrimSpace(string(src)), "\n\n") {
			head := strings.Split(strings.SplitN(d, "\n", 2)[0], "|")
			if len(head) == 4 {
				played[strings.TrimSpace(head[0])] = strings.TrimSpace(head[1])
			}
		}
	}
	src, err := os.ReadFile("testdata/forms.txt")
	if err != nil {
		t.Fatal(err)
	}
	roads := []string{"sms", "ussd", "telegram"}
	seen := map[string]bool{}
	for line := range strings.Lines(string(src)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		fields := strings.Split(line, "|")
		id := strings.TrimSpace(fields[0])
		if len(fields) != 1+len(roads) || seen[id] {
			t.Errorf("%s: want a form for each of %v, once", id, roads)
			continue
		}
		seen[id] = true
		for i, road := range roads {
			form := strings.TrimSpace(fields[i+1])
			if why, ok := strings.CutPrefix(form, "-"); ok {
				if len(strings.Fields(why)) < 3 {
					t.Errorf("%s has no form for %s, and the reason is %q", id, road, why)
				}
				continue
			}
			if got := played[form]; got != road {
				t.Errorf("%s: the form for %s is %s, a transcript for %q", id, road, form, got)
			}
		}
	}
	if len(seen) != journeyDialogues {
		t.Errorf("%d dialogues are listed, there are %d", len(seen), journeyDialogues)
	}
}
