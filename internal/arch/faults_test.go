package arch

import (
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
)

// rows are the faults that the edges of the house can meet: what comes in, what goes out, chats, screens, message centres.
var rows = map[string]int{"A": 17, "B": 20, "E": 13, "F": 8, "G": 7}

// elsewhere are rows whose proof is no function of that name: a dialogue, or a part of a larger test. The words must stand there.
var elsewhere = map[string][2]string{
	"E6":  {"bot/testdata/J1-chat.dlg", "contact of another person, number mismatch"},
	"E7":  {"bot/testdata/J-wa.dlg", "Tombol ini sudah tidak berlaku"},
	"E8":  {"channels/telegram/webhook_test.go", "a repeat is answered too"},
	"E10": {"channels/telegram/send_test.go", "markup in a name stays text"},
}

// unproven are rows that are not built, each with what is missing.
var unproven = map[string]string{"E13": "what Telegram drops when we are away for longer than a day is not asked for again"}

// Every row has a test that is named after it: whoever reads of a fault finds its proof.
func TestEveryFaultOfTheEdgesHasItsTest(t *testing.T) {
	tree := os.DirFS(root(t))
	named := map[string]bool{}
	function := regexp.MustCompile(`(?m)^func Test([A-K]\d+)[A-Z]`)
	err := walk(tree, func(file string) error {
		if !strings.HasSuffix(file, "_test.go") {
			return nil
		}
		src, err := fs.ReadFile(tree, file)
		if err != nil {
			return err
		}
		for _, m := range function.FindAllStringSubmatch(string(src), -1) {
			named[m[1]] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for letter, n := range rows {
		for i := range n {
			row := fmt.Sprintf("%s%d", letter, i+1)
			where, told := elsewhere[row]
			_, missing := unproven[row]
			if named[row] {
				if told || missing {
					t.Errorf("%s has a test of its own name now: take it out of the list", row)
				}
				continue
			}
			if missing {
				continue
			}
			if !told {
				t.Errorf("no test is named after %s", row)
				continue
			}
			src, err := fs.ReadFile(tree, where[0])
			if err != nil || !strings.Contains(string(src), where[1]) {
				t.Errorf("%s is not proven in %s by %q any more: %v", row, where[0], where[1], err)
			}
		}
	}
}
