package chat

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed words.txt
var wordsFile string

type words map[string]string

func loadWords() words {
	w := words{}
	for line := range strings.Lines(wordsFile) {
		key, text, ok := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		if ok && !strings.HasPrefix(key, "#") {
			w[key] = strings.ReplaceAll(text, `\n`, "\n")
		}
	}
	return w
}

// say writes a text with its values; a text that is missing shows its key.
func (w words) say(key string, values ...any) string {
	text, ok := w[key]
	if !ok {
		return key
	}
	if len(values) == 0 {
		return text
	}
	return fmt.Sprintf(text, values...)
}
