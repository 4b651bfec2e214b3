package text_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/bahasa"
)

const placeholders = `
nama:    {means: her name, longest: Nurhalizahwati, from: person}
orang:   {means: somebody else, longest: Nurhalizahwati}
jumlah:  {means: money, longest: Rp99.999.999}
rentang: {means: a week, longest: 29 Jun-5 Jul}
tgl:     {means: a day, longest: Rab 10 Jun}
catatan: {means: her own words, longest: kompor rusak ga bisa jualan}
tahap:   {means: a stage, one_of: stage.*}
pilihan: {means: options, longest: "1 Kam 11 Jun. 2 Sab 13 Jun."}
`

const indonesian = `
language: id
complete: true
texts:
  up: Tercatat {jumlah} untuk {rentang}.
  roads:
    sms: lewat sms
    ussd: lewat layar
    telegram: lewat telegram
    long_number: lewat jalan panjang
  chat:
    sms: sms saja
  screen:
    ussd: layar saja
  stage.bank: "DIPROSES BANK {tgl}"
  stage.usul: DIUSULKAN
  status: "{nama}: {tahap}"
  noted: "Kami catat: {catatan}. Petugas akan menghubungi."
  two: "{nama} dan {orang} bertemu pada hari yang sudah ditetapkan bersama pendamping di balai desa, membawa buku catatan jualan dan kartu tanda penduduk {tgl}."
  list: "Pilih: {pilihan} 0 Tidak jadi"
  only.id: hanya di sini
  self: "{tahap}"
`

const sundanese = `
language: su
draft: true
texts:
  up: Tos dicatet {jumlah} kanggo {rentang}.
  stage.bank: "DIPROSES BANK dinten {tgl}"
  status: "{nama}: {tahap}"
  roads:
    telegram: ku telegram
`

func catalogue(tb testing.TB) *text.Catalogue {
	tb.Helper()
	c, err := text.Load(fstest.MapFS{
		"id.yaml": {Data: []byte(indonesian)}, "su.yaml": {Data: []byte(sundanese)},
		"placeholders.yaml": {Data: []byte(placeholders)},
	})
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

var (
	monday    = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	wednesday = time.Date(2026, 6, 10, 14, 30, 0, 0, time.UTC)
)

func TestRender(t *testing.T) {
	c := catalogue(t)
	up := text.Args{"jumlah": text.Rp(1_250_000), "rentang": text.Week(monday)}
	for _, x := range []struct {
		name, key, lang string
		args            text.Args
		route           text.Route
		want            string
	}{
		{"money in full", "up", "id", up, text.Route{Via: "sms"}, "Tercatat Rp1.250.000 untuk 1-7 Jun."},
		{"money for long numbers", "up", "id", up, text.Route{Via: "sms", Money: bahasa.Short, Profile: "long_number"}, "Tercatat 1 jt 250 rb untuk 1-7 Jun."},
		{"in her language", "up", "su", up, text.Route{Via: "sms"}, "Tos dicatet Rp1.250.000 kanggo 1-7 Jun."},
		{"in Indonesian where hers is missing", "only.id", "su", nil, text.Route{Via: "sms"}, "hanya di sini"},
		{"in Indonesian where the language is unknown", "only.id", "fr", nil, text.Route{Via: "sms"}, "hanya di sini"},
		{"by the road", "roads", "id", nil, text.Route{Via: "ussd"}, "lewat layar"},
		{"WhatsApp reads Telegram's", "roads", "id", nil, text.Route{Via: "whatsapp"}, "lewat telegram"},
		{"the route's profile", "roads", "id", nil, text.Route{Via: "sms", Profile: "long_number"}, "lewat jalan panjang"},
		{"a screen falls back on SMS", "chat", "id", nil, text.Route{Via: "ussd"}, "sms saja"},
		{"a road that her language lacks", "roads", "su", nil, text.Route{Via: "sms"}, "lewat sms"},
		{"text in text, in her language", "status", "su", text.Args{"nama": text.Name("Siti"), "tahap": text.Key("stage.bank", text.Args{"tgl": text.Date(wednesday)})}, text.Route{Via: "sms"}, "Siti: DIPROSES BANK dinten Reb 10 Jun"},
		{"a list", "list", "id", text.Args{"pilihan": text.ListBy(". ", text.Str("1 Kam"), text.Key("stage.usul", nil), text.Num(1250), text.Clock(wednesday))}, text.Route{Via: "sms"}, "Pilih: 1 Kam. DIUSULKAN. 1.250. 14.30 0 Tidak jadi"},
		{"a long name is cut", "status", "id", text.Args{"nama": text.Name("Nurhalizahwatiningsih"), "tahap": text.Thousands(750_000)}, text.Route{Via: "sms"}, "Nurhalizahwati: 750 ribu"},
		{"words of hers stay on one line, without braces", "noted", "id", text.Args{"catatan": text.Quote("kompor\n{rusak}")}, text.Route{Via: "telegram"}, "Kami catat: kompor (rusak). Petugas akan menghubungi."},
		{"no signs that GSM-7 has not", "noted", "id", text.Args{"catatan": text.Quote("“rusak” 😀")}, text.Route{Via: "sms"}, ""},
	} {
		got, err := c.Render(x.key, x.lang, x.args, x.route)
		if err != nil {
			t.Errorf("%s: %v", x.name, err)
			continue
		}
		if x.want != "" && got.Text != x.want {
			t.Errorf("%s: %q, want %q", x.name, got.Text, x.want)
		}
		if x.route.Via != "telegram" && !got.GSM7 {
			t.Errorf("%s: %q is not GSM-7", x.name, got.Text)
		}
	}
}

func TestB15RenderRefuses(t *testing.T) {
	c := catalogue(t)
	long := text.Str(strings.Repeat("kata ", 40))
	for _, x := range []struct {
		name, key string
		args      text.Args
		route     text.Route
		want      error
	}{
		{"a text that is not there", "nothing", nil, text.Route{Via: "sms"}, text.ErrNoText},
		{"a road without a wording", "screen", nil, text.Route{Via: "sms"}, text.ErrNoText},
		{"a missing argument", "up", text.Args{"jumlah": text.Rp(1)}, text.Route{Via: "sms"}, text.ErrMissing},
		{"what stays too long", "status", text.Args{"nama": long, "tahap": long}, text.Route{Via: "sms"}, text.ErrTooLong},
		{"what stays too long for the screen's rest", "roads", nil, text.Route{Via: "ussd", Room: 5}, text.ErrTooLong},
		{"long digits on a long number", "up", text.Args{"jumlah": text.Rp(1_250_000), "rentang": text.Week(monday)}, text.Route{Via: "sms", Profile: "long_number"}, text.ErrRefused},
		{"a nested text that is not there", "self", text.Args{"tahap": text.Key("stage.none", nil)}, text.Route{Via: "sms"}, text.ErrNoText},
		{"a nested text that lacks its argument", "self", text.Args{"tahap": text.Key("stage.bank", nil)}, text.Route{Via: "sms"}, text.ErrMissing},
	} {
		if got, err := c.Render(x.key, "id", x.args, x.route); !errors.Is(err, x.want) {
			t.Errorf("%s: %q, %v; want %v", x.name, got.Text, err, x.want)
		}
	}
	deep := text.Key("stage.usul", nil)
	for range 20 {
		deep = text.Key("self", text.Args{"tahap": deep})
	}
	if _, err := c.Render("self", "id", text.Args{"tahap": deep}, text.Route{Via: "sms"}); err == nil {
		t.Error("texts within texts without end are rendered")
	}
	if r, err := c.Render("status", "id", text.Args{"nama": long, "tahap": long}, text.Route{Via: "sms", MaxParts: 3}); err != nil || r.Parts != 3 {
		t.Errorf("three parts where three are allowed: %+v, %v", r, err)
	}
}

func TestNamesAreCutBeforeQuotes(t *testing.T) {
	c := catalogue(t)
	r, err := c.Render("two", "id", text.Args{"nama": text.Name("Nurhalizahwati"), "orang": text.Name("Suharyantining"), "tgl": text.Date(wednesday)}, text.Route{Via: "sms"})
	if err != nil || r.Parts != 1 || !strings.HasPrefix(r.Text, "Nurhali") || strings.HasPrefix(r.Text, "Nurhalizahwati") {
		t.Errorf("%+v, %v", r, err)
	}
	long := strings.Repeat("kompor rusak dan ", 30)
	r, err = c.Render("noted", "id", text.Args{"catatan": text.Quote(long)}, text.Route{Via: "sms"})
	if err != nil || r.Parts != 1 || r.Units < 155 || !strings.HasSuffix(r.Text, ".. Petugas akan menghubungi.") && !strings.HasSuffix(r.Text, "... Petugas akan menghubungi.") {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestLabels(t *testing.T) {
	c := catalogue(t)
	for _, x := range []struct {
		key, lang, via string
		args           text.Args
		want           string
	}{
		{"stage.usul", "su", "", nil, "DIUSULKAN"},
		{"roads", "id", "ussd", nil, "lewat layar"},
		{"roads", "id", "", nil, "lewat sms"},
		{"up", "id", "", text.Args{"jumlah": text.Rp(1000)}, "Tercatat Rp1.000 untuk ."},
		{"nothing", "id", "", nil, ""},
	} {
		if got := c.LabelOn(x.key, x.lang, x.via, x.args); got != x.want {
			t.Errorf("%s: %q, want %q", x.key, got, x.want)
		}
	}
}

func TestArgsAreJSON(t *testing.T) {
	for _, x := range []struct {
		json string
		want text.Arg
	}{
		{`"482919"`, text.Str("482919")},
		{`104`, text.Num(104)},
		{`{"rp":750000}`, text.Rp(750_000)},
		{`{"thousands":750000}`, text.Thousands(750_000)},
		{`{"week":"2026-06-01"}`, text.Week(monday)},
		{`{"date":"2026-06-10"}`, text.Date(wednesday)},
		{`{"day":"2026-06-10"}`, text.Day(wednesday)},
		{`{"clock":"14:30"}`, text.Clock(wednesday)},
		{`{"name":"Siti"}`, text.Name("Siti")},
		{`{"quote":"kompor rusak"}`, text.Quote("kompor rusak")},
		{`{"key":"stage.bank","args":{"tgl":{"date":"2026-06-10"}}}`, text.Key("stage.bank", text.Args{"tgl": text.Date(wednesday)})},
		{`{"list":["a",{"rp":1}],"sep":". "}`, text.ListBy(". ", text.Str("a"), text.Rp(1))},
	} {
		data, err := json.Marshal(x.want)
		if err != nil || string(data) != x.json {
			t.Errorf("%s is written %s, %v", x.json, data, err)
		}
		got := text.ArgsOf(map[string]any{"x": mustDecode(t, x.json)})["x"]
		again, _ := json.Marshal(got)
		if string(again) != x.json {
			t.Errorf("%s is read as %s", x.json, again)
		}
	}
	var week text.Arg
	if err := json.Unmarshal([]byte(`{"week":"2026-W23"}`), &week); err != nil {
		t.Fatal(err)
	}
	if data, _ := json.Marshal(week); string(data) != `{"week":"2026-06-01"}` {
		t.Errorf("W23 begins on %s", data)
	}
	for _, bad := range []string{`true`, `null`, `1.5`, `[1]`, `{}`, `{"rp":"x"}`, `{"week":"2026-W60"}`, `{"date":"10 Jun"}`, `{"clock":"25:00"}`, `{"rp":1,"date":"2026-06-10"}`, `{"odd":1}`, `{"list":[true]}`, `{"key":"a","args":{"b":[]}}`} {
		var a text.Arg
		if err := json.Unmarshal([]byte(bad), &a); err == nil {
			t.Errorf("%s is read as %+v", bad, a)
		}
	}
}

func mustDecode(t *testing.T, s string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestVariablesAsArguments(t *testing.T) {
	c := catalogue(t)
	vars := map[string]any{
		"jumlah": map[string]int64{"rp": 750_000}, "rentang": text.Week(monday),
		"weeks": []string{"not", "an", "argument"}, "ok": true, "n": 3.0, "other": map[string]string{"odd": "x"},
	}
	got := text.ArgsOf(vars)
	if len(got) != 3 {
		t.Errorf("arguments %v", got)
	}
	picked := c.Pick("up", vars)
	if len(picked) != 2 {
		t.Errorf("picked %v", picked)
	}
	if r, err := c.Render("up", "id", picked, text.Route{Via: "sms"}); err != nil || r.Text != "Tercatat Rp750.000 untuk 1-7 Jun." {
		t.Errorf("%+v, %v", r, err)
	}
}

func BenchmarkRender(b *testing.B) {
	c := catalogue(b)
	args := text.Args{"jumlah": text.Rp(1_250_000), "rentang": text.Week(monday)}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Render("up", "su", args, text.Route{Via: "sms"}); err != nil {
			b.Fatal(err)
		}
	}
}
