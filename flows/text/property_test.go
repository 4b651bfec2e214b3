package text_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/bahasa"
)

func anyArg(depth int) *rapid.Generator[text.Arg] {
	return rapid.Custom(func(t *rapid.T) text.Arg {
		day := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "time"), 0).UTC()
		kinds := 11
		if depth == 0 {
			kinds = 9
		}
		switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
		case 0:
			return text.Str(rapid.String().Draw(t, "s"))
		case 1:
			return text.Num(rapid.Int64().Draw(t, "n"))
		case 2:
			return text.Rp(rapid.Int64().Draw(t, "rp"))
		case 3:
			return text.Thousands(rapid.Int64().Draw(t, "rp"))
		case 4:
			return text.Week(day)
		case 5:
			return text.Date(day)
		case 6:
			return text.Clock(day)
		case 7:
			return text.Name(rapid.String().Draw(t, "name"))
		case 8:
			return text.Quote(rapid.String().Draw(t, "quote"))
		case 9:
			return text.List(rapid.SliceOfN(anyArg(depth-1), 0, 4).Draw(t, "list")...)
		}
		return text.Key("self", text.Args{"tahap": anyArg(depth-1).Draw(t, "nested")})
	})
}

// Whatever the values: no braces are ever said, what is said fits its road, SMS
// and USSD are GSM-7, and a value that went through JSON says the same.
func TestWhateverIsSaid(t *testing.T) {
	c := catalogue(t)
	rapid.Check(t, func(t *rapid.T) {
		args := text.Args{}
		for _, name := range []string{"nama", "orang", "jumlah", "rentang", "tgl", "catatan", "tahap", "pilihan"} {
			if rapid.IntRange(0, 9).Draw(t, "given") > 0 {
				args[name] = anyArg(2).Draw(t, name)
			}
		}
		key := rapid.SampledFrom([]string{"up", "status", "noted", "two", "list", "self", "roads"}).Draw(t, "key")
		lang := rapid.SampledFrom([]string{"id", "su", "xx"}).Draw(t, "lang")
		r := text.Route{
			Via:     rapid.SampledFrom([]string{"sms", "ussd", "telegram", "whatsapp"}).Draw(t, "via"),
			Profile: rapid.SampledFrom([]string{"", "long_number"}).Draw(t, "profile"),
			Money:   rapid.SampledFrom([]bahasa.MoneyStyle{bahasa.Full, bahasa.Short}).Draw(t, "money"),
		}
		got, err := c.Render(key, lang, args, r)
		data, bad := json.Marshal(args)
		if bad != nil {
			t.Fatal(bad)
		}
		var kept text.Args
		if bad := json.Unmarshal(data, &kept); bad != nil {
			t.Fatalf("%s: %v", data, bad)
		}
		again, err2 := c.Render(key, lang, kept, r)
		if again != got || (err == nil) != (err2 == nil) {
			t.Fatalf("%+v, %v; after JSON %+v, %v", got, err, again, err2)
		}
		if err != nil {
			if got.Text != "" {
				t.Fatalf("%q beside the error %v", got.Text, err)
			}
			return
		}
		if strings.ContainsAny(got.Text, "{}") {
			t.Fatalf("braces in %q", got.Text)
		}
		units, gsm7 := bahasa.Septets(got.Text)
		if r.Via == "sms" && (!gsm7 || units > 160) || r.Via == "ussd" && (!gsm7 || units > 182) {
			t.Fatalf("%d units by %s: %q", units, r.Via, got.Text)
		}
	})
}

// Whatever is in a file, loading it answers; what loads can be checked and said.
func FuzzLoad(f *testing.F) {
	f.Add(indonesian, placeholders)
	f.Add("language: id\ncomplete: true\ntexts: {a: '{b}', b: {sms: x, telegram: |-\n y}}", "b: {means: x, one_of: '*'}")
	f.Fuzz(func(t *testing.T, id, names string) {
		c, err := text.Load(fstest.MapFS{"id.yaml": {Data: []byte(id)}, "placeholders.yaml": {Data: []byte(names)}})
		if err != nil {
			return
		}
		c.Faults()
		for _, m := range c.Keys() {
			got, err := c.Render(m.Key, "id", text.Args{"jumlah": text.Rp(1)}, text.Route{Via: "sms"})
			if err == nil && strings.ContainsAny(got.Text, "{}") {
				t.Errorf("braces in %q", got.Text)
			}
			c.Longest(m.Key, "id", "ussd")
		}
	})
}

func FuzzArg(f *testing.F) {
	for _, s := range []string{`"x"`, `1`, `{"rp":1}`, `{"week":"2026-W23"}`, `{"list":[{"key":"a"}]}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var a, again text.Arg
		if json.Unmarshal([]byte(s), &a) != nil {
			return
		}
		data, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &again); err != nil {
			t.Fatalf("%s was written as %s: %v", s, data, err)
		}
	})
}
