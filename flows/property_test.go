package flows_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"github.com/kabar-prokus/kabar/flows"
)

// anyBook draws a flow of up to twelve steps that load, wherever they lead.
func anyBook(t *rapid.T) string {
	n := rapid.IntRange(1, 12).Draw(t, "steps")
	ref := rapid.Custom(func(t *rapid.T) string {
		if i := rapid.IntRange(-1, n-1).Draw(t, "to"); i >= 0 {
			return fmt.Sprintf("s%d", i)
		}
		return "end"
	})
	var b strings.Builder
	b.WriteString("flow: any\nabout: drawn\nsteps:\n")
	for i := range n {
		fmt.Fprintf(&b, "  s%d:\n    say: k%d\n", i, i)
		switch rapid.IntRange(0, 4).Draw(t, "kind") {
		case 0:
			fmt.Fprintf(&b, "    ask: [amount, text]\n    next: %s\n    else: %s\n", ref.Draw(t, "r"), ref.Draw(t, "r"))
		case 1:
			fmt.Fprintf(&b, "    choose:\n      - {key: 1, set: {a: x}, next: %s}\n      - {key: yes, next: %s}\n", ref.Draw(t, "r"), ref.Draw(t, "r"))
		case 2:
			fmt.Fprintf(&b, "    choose: {from: list, set: picked, next: %s}\n", ref.Draw(t, "r"))
		case 3:
			fmt.Fprintf(&b, "    do: v\n    on: {x: %s, y: %s}\n", ref.Draw(t, "r"), ref.Draw(t, "r"))
		case 4:
			fmt.Fprintf(&b, "    next: %s\n", ref.Draw(t, "r"))
		}
	}
	return b.String()
}

func overJSON[T any](t *rapid.T, v T) T {
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out T
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// A conversation goes the same way whether its place was kept in memory or went
// through JSON between any two messages; and no message runs over MaxSteps.
func TestPlacesSurviveJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, err := flows.Load(fstest.MapFS{"any.yaml": {Data: []byte(anyBook(t))}, "routes.yaml": {}})
		if err != nil {
			t.Fatal(err)
		}
		outcomes := rapid.SliceOfN(rapid.SampledFrom([]string{"x", "y"}), 1, 5).Draw(t, "outcomes")
		amount := rapid.Int64Range(0, 99_999_999)
		run := func(n *int) flows.Do {
			return func(verb string, vars flows.Vars) (flows.Outcome, error) {
				*n++
				return flows.Outcome{Name: outcomes[*n%len(outcomes)], Vars: flows.Vars{
					"count":  *n,
					"jumlah": map[string]any{"rp": *n * 1000},
					"list":   []flows.Option{{Key: "1", Value: "one"}, {Key: "A", LabelKey: "l", LabelArgs: map[string]any{"n": "1"}}},
				}}, nil
			}
		}
		var n, m int
		memory, err1 := b.Start("any#s0", flows.Vars{"list": []flows.Option{{Key: "2"}}}, run(&n))
		kept, err2 := b.Start("any#s0", overJSON(t, flows.Vars{"list": []flows.Option{{Key: "2"}}}), run(&m))
		for range 10 {
			if (err1 == nil) != (err2 == nil) {
				t.Fatalf("in memory %v, kept %v", err1, err2)
			}
			if n > 1000 {
				t.Fatal("no end")
			}
			if err1 != nil {
				if !errors.Is(err1, flows.ErrLoop) {
					t.Fatalf("in a book where all links lead somewhere: %v", err1)
				}
				return
			}
			if len(memory.Said) > flows.MaxSteps {
				t.Fatalf("%d texts for one message", len(memory.Said))
			}
			// What is equal as JSON is equal: 1 and 1.0 are the same number.
			if a, b := overJSON(t, any(memory)), overJSON(t, any(kept)); !reflect.DeepEqual(a, b) {
				t.Fatalf("in memory %v\nkept %v", a, b)
			}
			if memory.Wait == nil {
				return
			}
			reply := flows.Answer{Kind: "amount", Value: amount.Draw(t, "amount"), Text: "x"}
			if o := memory.Wait.Options; len(o) > 0 {
				reply = flows.Answer{Option: rapid.SampledFrom(o).Draw(t, "option").Key}
			}
			memory, err1 = b.Answer(memory.Wait.Ref, memory.Wait.Options, memory.Vars, reply, run(&n))
			w := overJSON(t, *kept.Wait)
			kept, err2 = b.Answer(w.Ref, w.Options, overJSON(t, kept.Vars), reply, run(&m))
		}
	})
}
