package scheduler

import (
	"strings"
	"testing"

	"github.com/kabar-prokus/kabar/flows/text"
)

// Every text that the scheduler says exists and fits one SMS with the longest legal values.
func TestWordsOfTheClock(t *testing.T) {
	c, err := text.Load(text.Files)
	if err != nil {
		t.Fatal(err)
	}
	ours := map[string]bool{}
	for _, s := range Speaks() {
		ours[s.Text] = true
		if !c.Has(s.Text) {
			t.Errorf("%s is said, but is no text", s.Text)
		}
		for _, via := range []string{"sms", "telegram"} {
			for _, p := range c.Placeholders(s.Text, "id", via) {
				if !strings.Contains(" "+strings.Join(s.Gives, " ")+" ", " "+p+" ") {
					t.Errorf("%s by %s needs {%s}, which is not given", s.Text, via, p)
				}
			}
		}
	}
	for _, f := range c.Faults() {
		if key, _, _ := strings.Cut(f.Problem, " "); ours[key] {
			t.Error(f)
		}
	}
}
