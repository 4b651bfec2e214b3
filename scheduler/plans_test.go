package scheduler_test

import "testing"

// A sweep in which nobody is due looks at few rows, whoever many there are: the minute's tick and the morning's (docs/sweep.md).
func TestNobodyIsDue(t *testing.T) {
	const people, few = 20_000, 1000
	e := newExplainer(t)
	w := newWorldOn(t, e.Pool, "2026-06-08 05:00", nil)
	w.nation(people)
	w.must(w.Sweep(w.ctx, w.Clock.Now()))
	for _, at := range []string{"2026-06-08 05:01", "2026-06-08 06:00"} {
		w.must(w.Clock.Set(w.ctx, local(at)))
		plans := e.during(func() { w.must(w.Sweep(w.ctx, w.Clock.Now())) })
		if len(plans) < 8 {
			t.Fatalf("%s: %d plans were seen", at, len(plans))
		}
		for _, p := range plans {
			if n, where := p.most(); n > few {
				t.Errorf("%s: %d rows at %q of %s\n%s", at, n, where, p.short(), p.text)
			}
		}
	}
}
