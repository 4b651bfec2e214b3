package roster

import "testing"

func TestNeighbourhood(t *testing.T) {
	for in, want := range map[string]string{
		"3/5": "RT3/5", "003/005": "RT3/5", "RT 03 RW 05": "RT3/5", "RT.3/RW.5": "RT3/5", "rt3/5": "RT3/5", "RT 3": "RT3", "RT 10 / 02": "RT10/2",
		"RT3/5": "RT3/5", "": "", "Blok Manis": "Blok Manis", "35": "RT35", "3/5/7": "3/5/7", "0/0": "0/0", "RT 03, RW 05": "RT3/5",
	} {
		if got := neighbourhood(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
		if got := neighbourhood(want); got != want {
			t.Errorf("%q is not stable: %q", want, got)
		}
	}
}
