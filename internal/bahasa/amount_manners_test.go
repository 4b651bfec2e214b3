package bahasa

import (
	"math/rand"
	"strconv"
	"strings"
	"testing"
)

// particles are what the languages put around any sentence: titles, emphasis,
// thanks, signs.
var particles = strings.Fields("teh mah atuh sih dong bu pak kak min nggih ya lah euy mbak nih kok deh je to dek mas yo ta lho bun say neng kang rek cah wae mawon pisan banget tenan makasih suwun alhamdulillah 🙏 😊 .. !!")

// Manners never make another figure of one, and never one of a question: a reading
// may only become a question by them.
func TestMannersStoreNoOtherAmount(t *testing.T) {
	rnd := rand.New(rand.NewSource(99))
	kept, values := 0, 0
	for _, file := range append(earFiles(t, "amounts"), "amounts.tsv", "amounts_ear.tsv") {
		for _, r := range rows(t, file) {
			said := []string{strings.ToUpper(r[0])}
			for range 3 {
				p := particles[rnd.Intn(len(particles))]
				said = append(said, r[0]+" "+p, p+" "+r[0])
			}
			want, err := strconv.ParseInt(r[1], 10, 64)
			for _, s := range said {
				if err == nil {
					values++
				}
				a := ReadAmount(s)
				switch {
				case a.Verdict != Value:
				case err == nil && a.Rupiah == want:
					kept++
				default:
					t.Errorf("ReadAmount(%q) stores %d, want %s (%q)", s, a.Rupiah, r[1], r[0])
				}
			}
		}
	}
	t.Logf("%d of %d values kept", kept, values)
	if kept*10 < values*9 {
		t.Errorf("manners turn %d of %d values into questions", values-kept, values)
	}
}
