package fake

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
	"unicode/utf16"
)

// list answers the messages that fit To, From and DateSent, newest first and in pages. Like the original it leaves a
// message that has not left yet out of a list that is narrowed by DateSent.
func (t *Twilio) list(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	size, page := 50, 0
	if v := q.Get("PageSize"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > 1000 {
			twilioRefusal{400, 20001, "Invalid PageSize"}.write(w)
			return
		}
		size = n
	}
	if v := q.Get("Page"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 0 {
			twilioRefusal{400, 20006, "Invalid Page"}.write(w)
			return
		}
		page = n
	}
	t.mu.Lock()
	var fitting []map[string]any
	for _, m := range slices.Backward(t.messages) {
		ok, err := m.fits(q)
		if err != nil {
			t.mu.Unlock()
			twilioRefusal{400, 20001, "Invalid DateSent"}.write(w)
			return
		}
		if ok {
			fitting = append(fitting, m.json(t.sid))
		}
	}
	t.mu.Unlock()
	start := min(page*size, len(fitting))
	end := min(start+size, len(fitting))
	address := func(page int) string {
		next := url.Values{}
		for k, v := range q {
			next[k] = v
		}
		next.Set("PageSize", strconv.Itoa(size))
		next.Set("Page", strconv.Itoa(page))
		return fmt.Sprintf("/2010-04-01/Accounts/%s/Messages.json?%s", t.sid, next.Encode())
	}
	out := map[string]any{
		"messages": append([]map[string]any{}, fitting[start:end]...), "page": page, "page_size": size, "start": start,
		"end": max(start, end-1), "uri": address(page), "first_page_uri": address(0), "next_page_uri": nil, "previous_page_uri": nil,
	}
	if end < len(fitting) {
		out["next_page_uri"] = address(page + 1)
	}
	if page > 0 {
		out["previous_page_uri"] = address(page - 1)
	}
	twilioJSON(w, 200, out)
}

func (t *Twilio) fetch(w http.ResponseWriter, sid string) {
	t.mu.Lock()
	m := t.message(sid)
	var body map[string]any
	if m != nil {
		body = m.json(t.sid)
	}
	t.mu.Unlock()
	if m == nil {
		twilioRefusal{404, 20404, "The requested resource was not found"}.write(w)
		return
	}
	twilioJSON(w, 200, body)
}

// fits applies the filters; DateSent takes a day, "DateSent>" and "DateSent<" a day or a moment.
func (m *TwilioMessage) fits(q url.Values) (bool, error) {
	if v := q.Get("To"); v != "" && v != m.To {
		return false, nil
	}
	if v := q.Get("From"); v != "" && v != m.From {
		return false, nil
	}
	ok := true
	for _, k := range []string{"DateSent", "DateSent>", "DateSent<"} {
		v := q.Get(k)
		if v == "" {
			continue
		}
		at, err := time.Parse(time.RFC3339, v)
		if err != nil {
			if at, err = time.Parse(time.DateOnly, v); err != nil {
				return false, err
			}
		}
		switch {
		case m.Status == "queued" || m.Status == "accepted":
			ok = false
		case k == "DateSent":
			ok = ok && m.At.UTC().Format(time.DateOnly) == at.UTC().Format(time.DateOnly)
		case k == "DateSent>":
			ok = ok && !m.At.Before(at)
		default:
			ok = ok && !m.At.After(at)
		}
	}
	return ok, nil
}

const (
	twilioGSM  = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	twilioGSM2 = "\f^{}\\[~]|€"
)

// twilioSegments counts parts the way that a bill does. It is written anew and not shared with the product, so that the
// two can be compared.
func twilioSegments(body string) int {
	units, one, more := 0, 160, 153
	for _, r := range body {
		switch {
		case slices.Contains([]rune(twilioGSM), r):
			units++
		case slices.Contains([]rune(twilioGSM2), r):
			units += 2
		default:
			one, more = 70, 67
		}
	}
	if one == 70 {
		units = len(utf16.Encode([]rune(body)))
	}
	if units <= one {
		return 1
	}
	return (units + more - 1) / more
}
