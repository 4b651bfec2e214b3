package gateway_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/kabar-prokus/kabar/channels/gateway"
	"github.com/kabar-prokus/kabar/internal/bahasa"
)

const small = `
gateways:
  - name: satu
    send:
      method: GET
      url: https://sms.example/send
      query: {to: "{to}", text: "{text}", key: "${GATEWAY_KEY}"}
`

func TestSecretsComeFromTheEnvironment(t *testing.T) {
	const odd = "rahasia {text} ${GATEWAY_X} &"
	var got string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.URL.Query().Get("key") }))
	defer server.Close()
	all, err := gateway.Load([]byte(small), func(name string) string { return map[string]string{"GATEWAY_KEY": odd}[name] })
	if err != nil {
		t.Fatal(err)
	}
	all[0].Send.URL = server.URL
	if _, err := adapter(t, all[0], deps(&log{}), nil, nil).Send(t.Context(), message(1)); err != nil || got != odd {
		t.Errorf("sent %q, %v: a secret is no template", got, err)
	}
	_, err = gateway.Load([]byte(strings.Replace(small, "GATEWAY_KEY", "KABAR_SECRET", 1)), func(string) string { t.Error("looked up"); return "x" })
	if err == nil || !strings.Contains(err.Error(), "only names with GATEWAY_") {
		t.Errorf("%v", err)
	}
	if _, err = gateway.Load([]byte(small), func(string) string { return "" }); err == nil || !strings.Contains(err.Error(), "GATEWAY_KEY is not set") {
		t.Errorf("%v", err)
	}
}

func TestJSONIsADescriptionToo(t *testing.T) {
	all, err := gateway.Load([]byte(`{"gateways":[{"name":"satu","send":{"method":"POST","url":"https://sms.example/send","json":{"m":[{"to":"{to}","text":"{text}"}]},"codes":{"21":"invalid"}}}]}`), nil)
	if err != nil || len(all) != 1 || all[0].Send.Codes["21"] != "invalid" {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestEveryFaultOfADescriptionIsToldAtOnce(t *testing.T) {
	_, err := gateway.Load([]byte(`
gateways:
  - name: Satu Dua
    profile: cheap
    max_parts: 11
    own: ["0811"]
    send:
      method: PUT
      url: "sms.example/{to}"
      headers: {"X Key": "{text}"}
      query: {a: "{nama}", b: "{from}"}
      seconds: -1
      success: {field: a, match: b, is: [c]}
      id: {match: "("}
      codes: {"1": fatal}
      otherwise: maybe
    receive:
      method: PATCH
      format: xml
      proof: {header: A, query: B, secret: pendek, hmac: md5}
      message: {from: a, repeat: never, time: t, layouts: ["yyyy-MM-dd HH:mm"], zone: Asia/Bandung}
      status: {states: {a: b}}
  - name: tiga
  - name: tiga
    receive:
      format: json
      proof: {header: A, secret: cukup-panjang-sekali, over: "{body}"}
  - name: empat
    send: {method: POST, url: "https://sms.example/send", form: {to: "{to}"}, success: {is: ["1"]}}
    receive:
      method: GET
      format: form
      proof: {field: s, secret: cukup-panjang-sekali, hmac: sha256}
      message: {from: a, text: b, repeat: id}
      status: {state: s, id: i, time: t}
  - name: lima
    receive:
      format: query
      proof: {query: s, secret: cukup-panjang-sekali}
      message: {from: a, text: b, repeat: content}
`), func(string) string { return "x" })
	if err == nil {
		t.Fatal("taken")
	}
	for _, want := range []string{
		"small letters, digits", "the profile can be", "max_parts", "our own numbers", "send.url must be", "send.method is", `"X Key" is no header`, "does not belong into a header",
		"nothing is called {nama}", "one of {to}", "send.seconds", "send.success: field or match", "send.id.match is no pattern",
		`send.codes.1: no class is called "fatal"`, `otherwise: no class is called "maybe"`, "receive.method is", "receive.format is", "receive.proof is in", "at least 16",
		"proof.hmac is", "needs from and text", "repeat is id or content", "is not one of Go's", "Asia/Bandung", "receive.status needs state", `no state is called "b"`,
		`two are called "tiga"`, "neither sends nor receives", "belong to hmac", "needs message or status", "needs {text}", "is needs field or match", "its format is query",
		"a signature covers the body", "repeat by id needs id", "a when that tells them apart", "time needs layouts", "it is a field", "two equal reports",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not told", want)
		}
	}
	if t.Failed() {
		t.Log(err)
	}
	if strings.Contains(err.Error(), "cukup-panjang") {
		t.Errorf("a secret is told: %v", err)
	}
	for _, bad := range []string{"", "gateways: []", "gateways: {}", "gateways:\n  - nama: a", small + "extra: 1", "\x00"} {
		if _, err := gateway.Load([]byte(bad), func(string) string { return "x" }); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	if _, err := gateway.New(example(t, "get"), gateway.Deps{}, nil, nil); err == nil || !strings.Contains(err.Error(), "the clock") {
		t.Errorf("%v", err)
	}
}

func TestTheStyleOfTheRouteIsData(t *testing.T) {
	for name, want := range map[string]gateway.Style{
		"get": {Profile: gateway.LongNumber, Money: bahasa.Short, MaxParts: 1}, "post": {Money: bahasa.Full, MaxParts: 2}, "inbound": {MaxParts: 1},
	} {
		a := adapter(t, example(t, name), deps(&log{}), nil, nil)
		if a.Style() != want {
			t.Errorf("%s: %+v", name, a.Style())
		}
		if a.Sends() != (name != "inbound") || !a.Receives() || a.Reports() != (name != "inbound") {
			t.Errorf("%s sends %v, receives %v, reports %v", name, a.Sends(), a.Receives(), a.Reports())
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(small)
	f.Add("gateways: [{name: a, send: {json: {a: [1, {b: \"{text}\"}]}}}]")
	f.Fuzz(func(_ *testing.T, file string) {
		all, err := gateway.Load([]byte(file), func(string) string { return "x" })
		if err == nil && len(all) == 0 {
			panic("nothing, and no fault")
		}
	})
}
