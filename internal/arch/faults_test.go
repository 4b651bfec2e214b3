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
			if !named[row] {
				t.Errorf("no test is named after %s", row)
			}
		}
	}
}
