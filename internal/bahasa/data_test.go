package bahasa

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// rows reads a labelled file: tab-separated, comment lines begin with #.
func rows(t testing.TB, name string) [][]string {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out [][]string
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		if strings.HasPrefix(sc.Text(), "#") {
			continue
		}
		r := strings.Split(sc.Text(), "\t")
		for len(r) < 4 {
			r = append(r, "")
		}
		out = append(out, r)
	}
	if sc.Err() != nil || len(out) < 20 {
		t.Fatalf("%s: %d rows, %v", name, len(out), sc.Err())
	}
	return out
}
