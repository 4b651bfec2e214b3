package bahasa

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestShow(t *testing.T) {
	b, _ := os.ReadFile("/tmp/show.txt")
	for _, s := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		a := ReadAmount(s)
		fmt.Printf("%-45s %-10s %-9s %v low=%v ap=%v %s\n", s, amountText(a), a.Kind, a.Candidates, a.Low, a.Approx, a.Reason)
	}
}
func TestShowI(t *testing.T) {
	b, _ := os.ReadFile("/tmp/showi.txt")
	for _, s := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		a := ReadIntent(s)
		c := ReadCommand(s)
		fmt.Printf("%-45s %-13s sure=%-5v %s|%s cmd=%s rest=%q lang=%s\n", s, a.Intent, a.Sure, a.Rest, a.Reason, c.Intent, c.Rest, a.Lang)
	}
}
