package flows_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/flows"
)

// script answers verbs from a table and notes what they were called with.
type script struct {
	out   map[string]flows.Outcome
	calls []string
}

func (s *script) do(verb string, vars flows.Vars) (flows.Outcome, error) {
	s.calls = append(s.calls, verb)
	out, ok := s.out[verb]
	if !ok {
		return out, fmt.Errorf("no script for %s", verb)
	}
	if verb == "report.weigh" && vars["amount"] == nil {
		return out, errors.New("weigh without an amount")
	}
	vars["meddled"] = true // must not reach the flow
	return out, nil
}

func said(r flows.Result) string {
	var keys []string
	for _, s := range r.Said {
		k := s.Key
		if s.Via != "" {
			k = s.Via + ":" + k
		}
		keys = append(keys, k)
	}
	return strings.Join(keys, " ")
}

func TestWhatFollows(t *testing.T) {
	b, _ := loaded(t, good(t))
	weeks := []flows.Option{
		{Key: "1", LabelKey: "report.week", Value: "2026-W23"},
		{Key: "2", LabelKey: "report.week", Value: "2026-W24", Next: "closed"},
	}
	verbs := map[string]flows.Outcome{
		"report.weigh":   {Name: "stored_up", Vars: flows.Vars{"p": 12, "amount": nil}},
		"report.record":  {Name: "stored"},
		"report.unread":  {Name: "again"},
		"report.holiday": {Name: "noted"},
	}
	for _, c := range []struct {
		name  string
		at    string
		vars  flows.Vars
		reply flows.Answer
		weigh string // another outcome of report.weigh
		says  string
		waits string
		has   map[string]any // variables afterwards
		calls string
	}{
		{name: "an amount is weighed and praised", at: "report#ask", reply: flows.Answer{Kind: "amount", Value: 750000, Text: "750rb"},
			says: "report.up report.praise", has: map[string]any{"p": 12, "amount": nil, "said": "750rb", "week": nil}, calls: "report.weigh"},
		{name: "holiday is a choice", at: "report#ask", reply: flows.Answer{Option: "0"},
			says: "report.closed", has: map[string]any{"reason": "libur"}, calls: "report.holiday"},
		{name: "an ambiguous amount is asked back", at: "report#ask", reply: flows.Answer{Kind: "amount", Value: 750}, weigh: "ambiguous",
			says: "report.thousand", waits: "report#thousand", calls: "report.weigh"},
		{name: "and yes stores it", at: "report#thousand", reply: flows.Answer{Option: "yes"},
			says: "report.up report.praise", calls: "report.record"},
		{name: "a week is chosen from what the verb made", at: "report#which", vars: flows.Vars{"weeks": weeks}, reply: flows.Answer{Option: "1"},
			says: "report.up report.praise", has: map[string]any{"week": "2026-W23"}, calls: "report.record"},
		{name: "an option of the verb's may lead elsewhere", at: "report#which", vars: flows.Vars{"weeks": weeks}, reply: flows.Answer{Option: "2"},
			says: "report.closed", has: map[string]any{"week": "2026-W24"}},
		{name: "a written option beside leads to the end", at: "report#which", vars: flows.Vars{"weeks": weeks}, reply: flows.Answer{Option: "0"},
			has: map[string]any{"week": nil}},
		{name: "a kind with a next of its own", at: "report#change", reply: flows.Answer{Kind: "text", Text: "lumayan"},
			says: "report.unread", has: map[string]any{"text": "lumayan"}, calls: "report.unread"},
		{name: "a receipt besides the screen", at: "ussd#ask", reply: flows.Answer{Kind: "amount", Value: 750000},
			says: "ussd.up sms:report.up", calls: "report.weigh"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &script{out: verbs}
			if c.weigh != "" {
				s.out = map[string]flows.Outcome{"report.weigh": {Name: c.weigh}}
			}
			r, err := b.Answer(c.at, nil, c.vars, c.reply, s.do)
			if err != nil {
				t.Fatal(err)
			}
			if got := said(r); got != c.says {
				t.Errorf("says %q, want %q", got, c.says)
			}
			waits := ""
			if r.Wait != nil {
				waits = r.Wait.Ref
			}
			if waits != c.waits {
				t.Errorf("waits at %q, want %q", waits, c.waits)
			}
			if got := strings.Join(s.calls, " "); got != c.calls {
				t.Errorf("calls %q, want %q", got, c.calls)
			}
			for k, v := range c.has {
				if !reflect.DeepEqual(r.Vars[k], v) {
					t.Errorf("%s is %v, want %v", k, r.Vars[k], v)
				}
			}
			if r.Vars["meddled"] != nil {
				t.Error("a verb changed the variables behind its outcome")
			}
		})
	}
}

func TestAQuestionShowsItsOptionsAndHowLongItStands(t *testing.T) {
	b, _ := loaded(t, good(t))
	r, err := b.Start("report#ask", flows.Vars{"rentang": "1-7 Jun"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	w := r.Wait
	if w == nil || w.TTL != 48*time.Hour || !w.Else || len(w.Ask) != 1 || w.Ask[0] != "amount" {
		t.Fatalf("waits %+v", w)
	}
	if o := r.Said[0].Options; len(o) != 1 || o[0].Key != "0" || o[0].Next != "report#holiday" || o[0].Is[0] != "CLOSED" {
		t.Errorf("options %+v", o)
	}
	if r.Said[0].Args["rentang"] != "1-7 Jun" {
		t.Errorf("args %v", r.Said[0].Args)
	}
	r, err = b.Start("stranger#hello", nil, nil)
	if err != nil || r.Wait.TTL != 30*time.Minute || r.Wait.Else {
		t.Errorf("a flow's own ttl: %+v, %v", r.Wait, err)
	}
}

func TestSaidKeepsTheMomentAndItsButtons(t *testing.T) {
	b, _ := loaded(t, good(t))
	s := &script{out: map[string]flows.Outcome{"report.record": {Name: "stored", Vars: flows.Vars{"p": 3}}}}
	r, err := b.Start("report#record", flows.Vars{"p": 1}, s.do)
	if err != nil {
		t.Fatal(err)
	}
	r.Vars["p"] = 99
	if r.Said[0].Args["p"] != 3 {
		t.Errorf("args changed after they were said: %v", r.Said[0].Args)
	}
	praise := r.Said[1]
	if praise.As != flows.AsToast || !praise.On("telegram") || praise.On("sms") || len(praise.Buttons) != 1 || praise.Buttons[0] != "change" {
		t.Errorf("praise is %+v", praise)
	}
}

func TestElse(t *testing.T) {
	b, _ := loaded(t, good(t))
	s := &script{out: map[string]flows.Outcome{"report.unread": {Name: "again"}}}
	r, ok, err := b.Else("report#ask", nil, s.do)
	if err != nil || !ok || said(r) != "report.unread" || !r.Keep || r.Wait != nil {
		t.Errorf("else: %+v, %v, %v", r, ok, err)
	}
	if _, ok, err = b.Else("stranger#hello", nil, s.do); ok || err != nil {
		t.Errorf("a question without else: %v, %v", ok, err)
	}
	if _, _, err = b.Else("gone#step", nil, s.do); !errors.Is(err, flows.ErrNoStep) {
		t.Errorf("a step that is gone: %v", err)
	}
}

func TestWhatCannotBe(t *testing.T) {
	b, _ := loaded(t, good(t))
	broken := errors.New("the database is away")
	for _, c := range []struct {
		name string
		run  func(flows.Do) error
		out  flows.Outcome
		fail error
		want error
	}{
		{name: "no such step", run: func(d flows.Do) error { _, err := b.Start("report#gone", nil, d); return err }, want: flows.ErrNoStep},
		{name: "answer at a step that is gone", run: func(d flows.Do) error {
			_, err := b.Answer("gone#ask", nil, nil, flows.Answer{Option: "1"}, d)
			return err
		}, want: flows.ErrNoStep},
		{name: "an option that is not offered", run: func(d flows.Do) error {
			_, err := b.Answer("report#ask", nil, nil, flows.Answer{Option: "7"}, d)
			return err
		}, want: flows.ErrNotOffered},
		{name: "a kind that is not asked for", run: func(d flows.Do) error {
			_, err := b.Answer("report#ask", nil, nil, flows.Answer{Kind: "year", Value: 1968}, d)
			return err
		}, want: flows.ErrNotOffered},
		{name: "a kept option that leads nowhere any more", run: func(d flows.Do) error {
			_, err := b.Answer("report#ask", []flows.Option{{Key: "1", Next: "report#old"}}, nil, flows.Answer{Option: "1"}, d)
			return err
		}, want: flows.ErrNoStep},
		{name: "an outcome nobody knows", out: flows.Outcome{Name: "exploded"}, run: func(d flows.Do) error {
			_, err := b.Start("report#weigh", nil, d)
			return err
		}, want: flows.ErrOutcome},
		{name: "a verb that fails", fail: broken, run: func(d flows.Do) error { _, err := b.Start("report#weigh", nil, d); return err }, want: broken},
		{name: "options that nobody made", out: flows.Outcome{Name: "which"}, run: func(d flows.Do) error {
			_, err := b.Start("report#weigh", nil, d)
			return err
		}, want: flows.ErrOptions},
		{name: "options of a strange shape", run: func(d flows.Do) error {
			_, err := b.Start("report#which", flows.Vars{"weeks": "1, 2"}, d)
			return err
		}, want: flows.ErrOptions},
		{name: "a key that is taken", run: func(d flows.Do) error {
			_, err := b.Start("report#which", flows.Vars{"weeks": []flows.Option{{Key: "0"}}}, d)
			return err
		}, want: flows.ErrOptions},
		{name: "a verb's option that leads nowhere", run: func(d flows.Do) error {
			_, err := b.Start("report#which", flows.Vars{"weeks": []flows.Option{{Key: "1", Next: "nowhere"}}}, d)
			return err
		}, want: flows.ErrNoStep},
		{name: "opening what does not wait", run: func(flows.Do) error { _, err := b.Open("report#up", nil); return err }, want: flows.ErrNoStep},
	} {
		err := c.run(func(string, flows.Vars) (flows.Outcome, error) { return c.out, c.fail })
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

func TestALoopEnds(t *testing.T) {
	files := good(t)
	replaced(t, files, "report.yaml", "on: {noted: closed}", "on: {noted: holiday}")
	b, _ := loaded(t, files)
	n := 0
	_, err := b.Start("report#holiday", nil, func(string, flows.Vars) (flows.Outcome, error) {
		n++
		return flows.Outcome{Name: "noted"}, nil
	})
	if !errors.Is(err, flows.ErrLoop) || n != flows.MaxSteps {
		t.Errorf("%v after %d steps, want ErrLoop after %d", err, n, flows.MaxSteps)
	}
}

func TestOpenAfterJSON(t *testing.T) {
	b, _ := loaded(t, good(t))
	vars := flows.Vars{"weeks": []flows.Option{{Key: "1", LabelKey: "report.week", LabelArgs: map[string]any{"rentang": map[string]any{"week": "2026-W23"}}}}}
	before, err := b.Open("report#which", vars)
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(vars)
	if err != nil {
		t.Fatal(err)
	}
	var kept flows.Vars
	if err := json.Unmarshal(data, &kept); err != nil {
		t.Fatal(err)
	}
	after, err := b.Open("report#which", kept)
	if err != nil || !reflect.DeepEqual(before, after) {
		t.Errorf("before %+v, after JSON %+v, %v", before, after, err)
	}
	if before.Options[0].Value != "1" || before.Options[0].Next != "report#record" {
		t.Errorf("options %+v", before.Options)
	}
}

func TestRoutesAndSteps(t *testing.T) {
	b, _ := loaded(t, good(t))
	if ref, ok := b.Route("beneficiary", "REPORT"); !ok || ref != "report#ask" {
		t.Errorf("REPORT: %s, %v", ref, ok)
	}
	for _, c := range [][2]string{{"beneficiary", "NOTHING"}, {"nobody", "REPORT"}} {
		if ref, ok := b.Route(c[0], c[1]); ok {
			t.Errorf("%v leads to %s", c, ref)
		}
	}
	s, ok := b.Step("report#which")
	if !ok || !s.Waits || s.From != "weeks" || s.Say[0].Key != "report.which" || s.Options[0].Next != flows.End {
		t.Errorf("step %+v", s)
	}
	if got := len(b.Steps()); got != 22 {
		t.Errorf("%d steps", got)
	}
}

func BenchmarkAnswer(b *testing.B) {
	book, _ := loaded(b, good(b))
	vars := flows.Vars{"nama": "Siti", "sapaan": "Bu", "tksk": "Pak Dedi", "rentang": map[string]any{"week": "2026-06-01"}}
	do := func(string, flows.Vars) (flows.Outcome, error) {
		return flows.Outcome{Name: "stored_up", Vars: flows.Vars{"jumlah": map[string]any{"rp": 750000}, "p": 12}}, nil
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := book.Answer("report#ask", nil, vars, flows.Answer{Kind: "amount", Value: 750000, Text: "750rb"}, do); err != nil {
			b.Fatal(err)
		}
	}
}
