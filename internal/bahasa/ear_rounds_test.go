package bahasa

import (
	"path/filepath"
	"slices"
	"testing"
)

// earFiles are the rounds of phrases that were written down before the words
// of the room were looked at; each holds its first, blind score in its head.
func earFiles(t *testing.T, kind string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "ear_"+kind+"_*.tsv"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no rounds of %s: %v", kind, err)
	}
	for i, f := range files {
		files[i] = filepath.Base(f)
	}
	return files
}

// What must not be read as anything harmless.
var grave = []string{"COMPLAINT", "VIOLENCE", "DISASTER", "BEREAVED"}

func TestReadIntentInRounds(t *testing.T) {
	for _, file := range earFiles(t, "intents") {
		good, all := map[string]int{}, map[string]int{}
		right, n := 0, 0
		for _, r := range rows(t, file) {
			all[r[1]]++
			n++
			got := string(ReadIntent(r[0]).Intent)
			if got == r[1] {
				good[r[1]]++
				right++
				continue
			}
			t.Errorf("ReadIntent(%q) = %s, want %s", r[0], got, r[1])
			if got == "STOP" {
				t.Errorf("a false stop: %q", r[0])
			}
			if slices.Contains(grave, r[1]) && !slices.Contains(grave, got) {
				t.Errorf("%q was read as harmless", r[0])
			}
		}
		for _, class := range sortedKeys(all) {
			t.Logf("%-14s %3d of %3d", class, good[class], all[class])
		}
		t.Logf("%s: %d of %d, %s", file, right, n, Percent1(int64(right), int64(n)))
	}
}

// What sounds alike and is everyday talk: nothing for the desks of safety, and
// nothing that stops messages.
func TestEverydayTalkIsHarmless(t *testing.T) {
	for _, r := range rows(t, "ear_harmless.tsv") {
		if it := Safety(r[0]); it != None {
			t.Errorf("Safety(%q) = %s", r[0], it)
		}
		if IsStop(r[0]) {
			t.Errorf("%q stops", r[0])
		}
	}
}

func TestReadAmountInRounds(t *testing.T) {
	for _, file := range earFiles(t, "amounts") {
		good, all := map[string]int{}, map[string]int{}
		right, wrong, n := 0, 0, 0
		for _, r := range rows(t, file) {
			class := r[1]
			if class != "ASK" && class != "INVALID" && class != "0" {
				class = "value"
			}
			all[class]++
			n++
			a := ReadAmount(r[0])
			got := amountText(a)
			if got == r[1] {
				good[class]++
				right++
				continue
			}
			if a.Verdict == Value {
				wrong++
				t.Errorf("ReadAmount(%q) stores %s, want %s", r[0], got, r[1])
			} else {
				t.Errorf("ReadAmount(%q) = %s (%s), want %s", r[0], got, a.Kind, r[1])
			}
		}
		for _, class := range sortedKeys(all) {
			t.Logf("%-10s %3d of %3d", class, good[class], all[class])
		}
		t.Logf("%s: %d of %d, %s; %d wrong values", file, right, n, Percent1(int64(right), int64(n)), wrong)
	}
}
