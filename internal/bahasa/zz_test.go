package bahasa

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestDbg(t *testing.T) {
	for _, s := range strings.Split(os.Getenv("Q"), "|") {
		if s == "" {
			continue
		}
		c := amountLexicon()
		ps, odd := c.pieces(lexAmount(Normalise(s), nil), nil)
		fmt.Printf("%q -> %+v\n", s, ReadAmount(s))
		for _, p := range ps {
			n := []string{}
			for _, k := range p.is {
				n = append(n, c.lex.names[k])
			}
			fmt.Println("   ", p.kind, p.text, p.word, n, odd)
		}
	}
}
func TestDbgI(t *testing.T) {
	sp := speechData()
	for _, s := range strings.Split(os.Getenv("I"), "|") {
		if s == "" {
			continue
		}
		fmt.Printf("%q -> %+v safety=%s cmd=%+v\n", s, ReadIntent(s), Safety(s), ReadCommand(s))
		for _, p := range sp.concepts(sp.read(Normalise(s)), true, nil) {
			n := []string{}
			for _, k := range p.is {
				n = append(n, sp.lex.names[k])
			}
			fmt.Println("   ", p.text, n)
		}
		for _, j := range []bool{true, false} {
			m := matcher{speech: sp, w: sp.concepts(sp.read(Normalise(s)), j, nil)}
			for i := range sp.rules {
				if n := m.score(&sp.rules[i]); n > 0 {
					fmt.Println("      rule", sp.rules[i].intent, i, n)
				}
			}
		}
	}
}
