package roster

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// crowded is how full the codes of one length may become, in percent, before a digit is added: in an emptier space a
// mistyped code seldom is somebody else's, even when its check digit fits.
const crowded = 20

// giveCodes gives new people codes that are free: random digits and a check digit, six of them and more as the programme grows.
func giveCodes(ctx context.Context, tx PeopleTx, keep []PersonRow) error {
	var need []int
	taken := map[string]bool{}
	for i, p := range keep {
		if p.ID == 0 && p.Code == "" {
			need = append(need, i)
		}
		taken[p.Code] = true
	}
	if len(need) == 0 {
		return nil
	}
	people, err := tx.CountPeople(ctx)
	if err != nil {
		return err
	}
	digits := codeDigits(people + len(need))
	for range 20 { // at a fifth full, twenty rounds leave nobody without
		if len(need) == 0 {
			return nil
		}
		try := make([]string, len(need))
		for i := range try {
			if try[i], err = randomCode(digits); err != nil {
				return err
			}
		}
		used, err := tx.UsedCodes(ctx, try)
		if err != nil {
			return err
		}
		for _, c := range used {
			taken[c] = true
		}
		var left []int
		for i, n := range need {
			if c := try[i]; taken[c] || !prokus.ValidCode(c) {
				left = append(left, n)
			} else {
				taken[c], keep[n].Code = true, c
			}
		}
		need = left
	}
	if len(need) > 0 {
		return fmt.Errorf("import people: no free codes of %d digits for %d people", digits, len(need))
	}
	return nil
}

// codeDigits is how long the codes of a programme of that many people are, check digit included.
func codeDigits(people int) int {
	space := 100_000
	for d := 6; d < 9; d++ {
		if people*100 <= space*crowded {
			return d
		}
		space *= 10
	}
	return 9
}

func randomCode(digits int) (string, error) {
	space := int64(1)
	for range digits - 1 {
		space *= 10
	}
	// No leading zero: a spreadsheet would take it away.
	n, err := rand.Int(rand.Reader, big.NewInt(space-space/10))
	if err != nil {
		return "", fmt.Errorf("random code: %w", err)
	}
	return prokus.WithCheckDigit(fmt.Sprint(n.Int64() + space/10)), nil
}
