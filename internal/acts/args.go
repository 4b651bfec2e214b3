package acts

import (
	"encoding/json"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// args are the typed arguments of a text in the form that the outbox keeps (flows/text documents it): plain strings and
// numbers, or an object whose only key says how the value is written.
type args map[string]any

func (a args) json() json.RawMessage {
	b, err := json.Marshal(a)
	if err != nil {
		return json.RawMessage("{}") // strings, numbers and maps of them always marshal
	}
	return b
}

func rp(n int64) any              { return map[string]int64{"rp": n} }
func week(w prokus.Week) any      { return map[string]string{"week": w.Date().Format(time.DateOnly)} }
func date(t time.Time) any        { return map[string]string{"date": t.Format(time.DateOnly)} }
func clock(t time.Time) any       { return map[string]string{"clock": t.Format("15:04")} }
func name(s string) any           { return map[string]string{"name": s} }
func quote(s string) any          { return map[string]string{"quote": s} }
func key(k string, a args) any    { return map[string]any{"key": k, "args": a} }
func person(p prokus.Person) args { return args{"sapaan": p.Title(), "nama": name(p.First())} }
func (a args) with(more args) args {
	for k, v := range more {
		a[k] = v
	}
	return a
}
