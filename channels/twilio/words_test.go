package twilio_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kabar-prokus/kabar/flows/text"
)

// Words at which Twilio itself stops or starts a number, when they stand alone. STOP means the same to us; nobody is ever
// asked to answer with one of the others (faults.md B13).
func TestB13TwiliosOwnWordsAreNotOurs(t *testing.T) {
	reserved := []string{"STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "START", "YES", "UNSTOP"}
	texts, err := text.Load(text.Files)
	if err != nil {
		t.Fatal(err)
	}
	word := regexp.MustCompile(`\b[A-Z]{3,}\b`)
	seen := map[string]bool{}
	for _, lang := range []string{"id", "su", "jv"} {
		for _, key := range texts.Keys() {
			said, ok := texts.Longest(key.Key, lang, "sms")
			if !ok {
				continue
			}
			for _, w := range word.FindAllString(said, -1) {
				seen[w] = true
				if slices.Contains(reserved, w) {
					t.Errorf("%s in %s asks for %s, which Twilio keeps for itself", key.Key, lang, w)
				}
			}
			if label := strings.ToUpper(texts.LabelOn(key.Key, lang, "whatsapp", nil)); slices.Contains(reserved, label) && lang != "en" {
				t.Errorf("the label %s in %s is %s", key.Key, lang, label)
			}
		}
	}
	for _, ours := range []string{"STOP", "STATUS", "TOLONG", "UBAH", "MENU"} { // the search finds what is there
		if !seen[ours] {
			t.Errorf("no text asks for %s: is the search blind?", ours)
		}
	}
}
