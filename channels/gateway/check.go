package gateway

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

var (
	routeName   = regexp.MustCompile(`^[a-z][a-z0-9-]{0,30}$`)
	e164        = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	placeholder = regexp.MustCompile(`\{[^{}]*\}`)
	headerName  = regexp.MustCompile(`^[A-Za-z0-9-]+$`)
)

// faults are all of a description's, in words for whoever wrote it. None of them quotes a value that may be a secret.
func (c *Config) faults() (all []error) {
	fault := func(format string, args ...any) {
		all = append(all, fmt.Errorf("gateway "+c.Name+": "+format, args...))
	}
	if !routeName.MatchString(c.Name) {
		fault("the name must be small letters, digits and dashes")
	}
	if c.Profile != "" && c.Profile != LongNumber {
		fault("the profile can be %s or nothing", LongNumber)
	}
	if c.MaxParts < 0 || c.MaxParts > 10 {
		fault("max_parts is 1 to 10")
	}
	for _, n := range c.Own {
		if !e164.MatchString(n) {
			fault("our own numbers must be like +62…")
		}
	}
	if c.Send == nil && c.Receive == nil {
		fault("it neither sends nor receives")
	}
	if c.Send != nil {
		c.Send.faults(len(c.Own) > 0, fault)
	}
	if c.Receive != nil {
		c.Receive.faults(fault)
	}
	return all
}

func (s *Send) faults(own bool, fault func(string, ...any)) {
	if u, err := url.Parse(s.URL); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil {
		fault("send.url must be http(s)://host/path")
	} else if u.RawQuery != "" || placeholder.MatchString(s.URL) {
		fault("send.url takes no parameters: put them into send.query")
	}
	switch {
	case s.Method == "GET" && (s.Form != nil || s.JSON != nil):
		fault("send: GET has no form and no json")
	case s.Method == "POST" && (s.Form == nil) == (s.JSON == nil):
		fault("send: POST needs form or json, one of them")
	case s.Method != "GET" && s.Method != "POST":
		fault("send.method is GET or POST")
	}
	used := map[string]bool{}
	look := func(where, v string) string {
		for _, p := range placeholder.FindAllString(variable.ReplaceAllString(v, ""), -1) {
			used[p] = true
			if !slices.Contains(placeholders, p) {
				fault("%s: nothing is called %s; there are %s", where, p, strings.Join(placeholders, " "))
			}
		}
		return v
	}
	for where, m := range map[string]map[string]string{"send.query": s.Query, "send.form": s.Form, "send.headers": s.Headers} {
		for k, v := range m {
			look(where+"."+k, v)
			if where == "send.headers" && !headerName.MatchString(k) {
				fault("send.headers: %q is no header", k)
			}
			if where == "send.headers" && strings.Contains(v, "{text}") {
				fault("send.headers.%s: a text does not belong into a header", k)
			}
		}
	}
	inJSON(s.JSON, func(v string) string { return look("send.json", v) })
	if !used["{text}"] || !used["{to}"] && !used["{to_digits}"] && !used["{to_local}"] {
		fault("send: the request needs {text} and one of {to}, {to_digits}, {to_local}")
	}
	if used["{from}"] && !own {
		fault("send: {from} needs a number in own")
	}
	if s.Seconds < 0 {
		fault("send.seconds cannot be negative")
	}
	s.Success.extract().fault("send.success", fault)
	if s.Success.Is != nil && s.Success.extract().none() {
		fault("send.success.is needs field or match")
	}
	for where, e := range map[string]Extract{"send.id": s.ID, "send.parts": s.Parts, "send.code": s.Code} {
		e.fault(where, fault)
	}
	for code, kind := range s.Codes {
		if !isKind(kind) {
			fault("send.codes.%s: no class is called %q", code, kind)
		}
	}
	if s.Otherwise != "" && !isKind(s.Otherwise) {
		fault("send.otherwise: no class is called %q", s.Otherwise)
	}
}

func isKind(s string) bool {
	switch channels.ErrorKind(s) {
	case channels.Temporary, channels.Throttled, channels.BlockedBy, channels.Invalid, channels.Ambiguous, channels.Misconfig, channels.OutOfReach:
		return true
	}
	return false
}

func (t Test) extract() Extract { return Extract{t.Field, t.Match} }

func (e Extract) none() bool { return e == Extract{} }

func (e Extract) fault(where string, fault func(string, ...any)) {
	if e.Field != "" && e.Match != "" {
		fault("%s: field or match, not both", where)
	}
	if _, err := regexp.Compile(e.Match); err != nil {
		fault("%s.match is no pattern", where)
	}
}

func (r *Receive) faults(fault func(string, ...any)) {
	if r.Method != "" && r.Method != "POST" && r.Method != "GET" {
		fault("receive.method is POST or GET")
	}
	switch {
	case r.Format != "form" && r.Format != "json" && r.Format != "query":
		fault("receive.format is form, json or query")
	case r.Method == "GET" && r.Format != "query":
		fault("receive: GET has no body, its format is query")
	}
	r.Proof.faults(r.Format, fault)
	if r.Said == nil && r.State == nil {
		fault("receive needs message or status")
	}
	if m := r.Said; m != nil {
		if m.From == "" || m.Text == "" {
			fault("receive.message needs from and text")
		}
		switch m.Repeat {
		case "id":
			if m.ID == "" {
				fault("receive.message: repeat by id needs id")
			}
		case "content":
			if m.Time == "" {
				fault("receive.message: repeat by content needs time, or two equal reports would be one")
			}
		default:
			fault("receive.message.repeat is id or content")
		}
		timeFaults("receive.message", m.Time, m.Layouts, m.Zone, fault)
	}
	if s := r.State; s != nil {
		if s.State == "" || s.ID == "" && s.Ours == "" {
			fault("receive.status needs state, and id or ours")
		}
		if r.Said != nil && s.When == nil && r.Said.When == nil {
			fault("receive: message and status need a when that tells them apart")
		}
		for from, to := range s.States {
			if channels.State(to).Rank() == 0 {
				fault("receive.status.states.%s: no state is called %q", from, to)
			}
		}
		timeFaults("receive.status", s.Time, s.Layouts, s.Zone, fault)
	}
}

func timeFaults(where, field string, layouts []string, zone string, fault func(string, ...any)) {
	if field != "" && len(layouts) == 0 {
		fault("%s: time needs layouts", where)
	}
	if _, err := time.LoadLocation(zone); err != nil {
		fault("%s.zone: no zone is called %q", where, zone)
	}
	// A layout that gives back nothing of a date is none: "yyyy-MM-dd" is not Go's.
	a, b := time.Date(2026, 6, 7, 18, 30, 15, 0, time.UTC), time.Date(2031, 11, 28, 5, 4, 43, 0, time.UTC)
	for _, l := range layouts {
		if l != unix && l != unixMS && (a.Format(l) == b.Format(l) || !strings.Contains(a.Format(l), "30")) {
			fault("%s.layouts: %q is not one of Go's, which writes 2006-01-02 15:04:05", where, l)
		}
	}
}

func (p *Proof) faults(format string, fault func(string, ...any)) {
	places := 0
	for _, s := range []string{p.Header, p.Query, p.Field} {
		if s != "" {
			places++
		}
	}
	if places != 1 {
		fault("receive.proof is in a header, a query parameter or a field: one of them")
	}
	if p.Query != "" && format == "query" {
		fault("receive.proof: with the format query it is a field")
	}
	if len(p.Secret) < 16 {
		fault("receive.proof.secret needs at least 16 characters")
	}
	if p.HMAC == "" {
		if p.Over+p.Coding+p.Prefix+p.Timestamp != "" {
			fault("receive.proof: over, encoding, prefix and timestamp belong to hmac")
		}
		return
	}
	switch {
	case hashOf(p.HMAC) == nil:
		fault("receive.proof.hmac is sha1, sha256 or sha512")
	case p.Field != "" || format == "query":
		fault("receive.proof: a signature covers the body, so it stands in a header or the address, and there is a body")
	case p.Coding != "hex" && p.Coding != "base64":
		fault("receive.proof.encoding is hex or base64")
	case p.Over != "" && !strings.Contains(p.Over, "{body}"):
		fault("receive.proof.over must hold {body}")
	case p.Timestamp != "" && !strings.Contains(p.Over, "{timestamp}"), p.Timestamp == "" && strings.Contains(p.Over, "{timestamp}"):
		fault("receive.proof: a timestamp that is signed is named in timestamp and in over")
	case p.Window < 0:
		fault("receive.proof.window cannot be negative")
	}
}
