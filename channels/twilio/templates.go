package twilio

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"

	"github.com/goccy/go-yaml"
)

// Template says which content that WhatsApp has approved stands for one of our texts in a language.
type Template struct {
	Text   string   `yaml:"text"`   // text key, or "broadcast"
	Lang   string   `yaml:"lang"`   // id, su, jv …
	SID    string   `yaml:"sid"`    // of the content, HX…
	Values []string `yaml:"values"` // placeholders of the text that fill {{1}}, {{2}} …; "text" is the whole text
}

// Praise, tips and advertising make Meta class a template as marketing, and answers never begin a conversation (journeys.md 4.1).
var onlyInside = regexp.MustCompile(`^(tips|menu|report|correct|ussd)\b`)

// LoadTemplates reads TWILIO_TEMPLATES, YAML: {templates: […]}. fills says whether there is a text with a placeholder; all faults are told
// at once.
func LoadTemplates(file []byte, fills func(text, lang, name string) bool) ([]Template, error) {
	var v struct {
		Templates []Template `yaml:"templates"`
	}
	if err := yaml.UnmarshalWithOptions(bytes.TrimPrefix(file, []byte("\ufeff")), &v, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("templates are not readable: %w", err)
	}
	var faults []error
	seen := map[string]bool{}
	if len(v.Templates) == 0 {
		faults = append(faults, errors.New("no template"))
	}
	for i, t := range v.Templates {
		fault := func(format string, args ...any) {
			faults = append(faults, fmt.Errorf("template %d (%s): "+format, append([]any{i + 1, t.Text}, args...)...))
		}
		switch {
		case t.Text == "" || t.Lang == "":
			fault("text and lang are needed")
		case !contentSID.MatchString(t.SID):
			fault("sid is HX and 32 digits of 0-9a-f")
		case seen[t.Text+" "+t.Lang]:
			fault("there are two in %s", t.Lang)
		case onlyInside.MatchString(t.Text):
			fault("answers, praise and tips go only within 24 hours of her message, and never as a template")
		case t.Text == broadcast && (len(t.Values) != 1 || t.Values[0] != whole):
			fault("a broadcast has one value: [%s]", whole)
		}
		seen[t.Text+" "+t.Lang] = true
		for _, name := range t.Values {
			if t.Text != broadcast && t.Text != "" && !fills(t.Text, t.Lang, name) {
				fault("there is no such text, or it has no {%s}", name)
			}
		}
	}
	return v.Templates, errors.Join(faults...)
}

// Names in the file that are no text keys and no placeholders.
const (
	broadcast = "broadcast"
	whole     = "text"
)
