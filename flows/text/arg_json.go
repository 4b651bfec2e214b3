package text

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"time"
)

// MarshalJSON writes a string or number for a literal, else one object with the
// kind as its key: {"rp":750000}, {"week":"2026-06-01"}, {"key":..., "args":...}.
func (a Arg) MarshalJSON() ([]byte, error) {
	switch a.kind {
	case kindStr:
		return json.Marshal(a.s)
	case kindNum:
		return json.Marshal(a.n)
	case kindRp, kindThousands:
		return json.Marshal(map[string]int64{a.kind: a.n})
	case kindKey:
		return json.Marshal(struct {
			Key  string `json:"key"`
			Args Args   `json:"args,omitempty"`
		}{a.s, a.args})
	case kindList:
		return json.Marshal(struct {
			List []Arg  `json:"list"`
			Sep  string `json:"sep,omitempty"`
		}{append([]Arg{}, a.list...), a.s})
	}
	return json.Marshal(map[string]string{a.kind: a.s})
}

// UnmarshalJSON reads what MarshalJSON wrote; a week may also be "2026-W23".
func (a *Arg) UnmarshalJSON(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return err
	}
	out, ok := argOf(v, 1)
	if !ok {
		return fmt.Errorf("text: no argument of a text: %.80s", data)
	}
	*a = out
	return nil
}

// ArgsOf reads a flow's variables as arguments. What is no argument (a list of
// options, a truth value, a struct) is left out: a text that needs it fails.
func ArgsOf(vars map[string]any) Args {
	out := make(Args, len(vars))
	for k, v := range vars {
		if a, ok := argOf(v, 0); ok {
			out[k] = a
		}
	}
	return out
}

// maxNesting bounds texts within texts, in arguments and in rendering.
const maxNesting = 8

func argOf(v any, depth int) (Arg, bool) {
	if depth > maxNesting {
		return Arg{}, false
	}
	switch v := v.(type) {
	case Arg:
		return v, true
	case string:
		return Str(v), true
	case map[string]any:
		if a, ok := objectArg(v, depth); ok {
			return a, true
		}
	}
	if n, ok := wholeOf(v); ok {
		return Num(n), true
	}
	return otherMap(v, depth)
}

// otherMap reads a map of Go's own, such as map[string]int64, by way of JSON:
// verbs may write arguments as they will be kept.
func otherMap(v any, depth int) (Arg, bool) {
	if v == nil || depth > 0 || reflect.TypeOf(v).Kind() != reflect.Map {
		return Arg{}, false
	}
	data, err := json.Marshal(v)
	if err != nil {
		return Arg{}, false
	}
	var a Arg
	return a, json.Unmarshal(data, &a) == nil
}

func wholeOf(v any) (int64, bool) {
	switch v := v.(type) {
	case int:
		return int64(v), true
	case int32:
		return int64(v), true
	case int64:
		return v, true
	case float64: // how JSON gives a whole number back
		return int64(v), v == math.Trunc(v) && math.Abs(v) < 1<<53
	case json.Number:
		n, err := strconv.ParseInt(v.String(), 10, 64)
		return n, err == nil
	}
	return 0, false
}

func objectArg(m map[string]any, depth int) (Arg, bool) {
	if key, ok := m[kindKey].(string); ok {
		return keyArg(key, m, depth)
	}
	if list, ok := m[kindList].([]any); ok {
		return listArg(list, m, depth)
	}
	if len(m) != 1 {
		return Arg{}, false
	}
	for kind, v := range m {
		switch kind {
		case kindRp, kindThousands:
			n, ok := wholeOf(v)
			return Arg{kind: kind, n: n}, ok
		case kindName, kindQuote:
			s, ok := v.(string)
			return Arg{kind: kind, s: s}, ok
		case kindWeek, kindDate, kindDay, kindClock:
			s, ok := v.(string)
			if s, ok = canonical(kind, s, ok); ok {
				return Arg{kind: kind, s: s}, true
			}
		}
	}
	return Arg{}, false
}

func keyArg(key string, m map[string]any, depth int) (Arg, bool) {
	given, _ := m["args"].(map[string]any)
	if own, ok := m["args"].(Args); ok {
		return Key(key, own), true
	}
	var args Args
	for k, v := range given {
		a, ok := argOf(v, depth+1)
		if !ok {
			return Arg{}, false
		}
		if args == nil {
			args = Args{}
		}
		args[k] = a
	}
	return Key(key, args), true
}

func listArg(list []any, m map[string]any, depth int) (Arg, bool) {
	sep, _ := m["sep"].(string)
	if sep == "" {
		sep = ", "
	}
	var items []Arg
	for _, v := range list {
		a, ok := argOf(v, depth+1)
		if !ok {
			return Arg{}, false
		}
		items = append(items, a)
	}
	return ListBy(sep, items...), true
}

var isoWeek = regexp.MustCompile(`^(\d{4})-W(\d{2})$`)

// canonical checks a date or clock, and turns an ISO week into its Monday.
func canonical(kind, s string, ok bool) (string, bool) {
	if !ok {
		return "", false
	}
	if kind == kindClock {
		_, err := time.Parse(clockForm, s)
		return s, err == nil
	}
	if m := isoWeek.FindStringSubmatch(s); m != nil && kind == kindWeek {
		year, _ := strconv.Atoi(m[1])
		week, _ := strconv.Atoi(m[2])
		d := time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC) // always in week 1
		monday := d.AddDate(0, 0, -(int(d.Weekday())+6)%7+7*(week-1))
		return monday.Format(time.DateOnly), week >= 1 && week <= 53
	}
	_, err := time.Parse(time.DateOnly, s)
	return s, err == nil
}

const clockForm = "15:04"
