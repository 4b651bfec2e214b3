package channelstest

import (
	"bytes"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// forged spoils genuine requests 10,000 times: the proof in every way that the case names and, where the body is signed,
// the body bit by bit. Not one may be taken.
func forged(t *testing.T, c Case) {
	times := 10_000
	if testing.Short() {
		times = 1_000
	}
	rng := rand.New(rand.NewPCG(7, 19))
	k := &Keeper{}
	h := c.In.Serve(t, k)
	ways := slices.Clone(c.In.Forge)
	if c.In.SameMeaning != nil {
		ways = append(ways, flipBody, flipBody, flipBody, cutBody, swapBody, addToBody)
	}
	if len(ways) == 0 {
		t.Fatal("channelstest: the case names no proof that could be forged")
	}
	spoilt := 0
	for spoilt < times {
		r := c.In.Request(t, Message{c.In.From, "LAPOR 350rb", c.In.ID(rng.IntN(1000))})
		before := body(r)
		way := rng.IntN(len(ways))
		ways[way](rng, r)
		after := body(r)
		if way >= len(c.In.Forge) && c.In.SameMeaning(before, after) {
			continue
		}
		spoilt++
		if w := answered(h, r); !refused(w.Code) || k.Count() > 0 {
			t.Fatalf("way %d: answer %d, %d handled\nquery %s\nheader %v\nbefore %q\nafter  %q", way, w.Code, k.Count(), r.URL.RawQuery, r.Header, before, after)
		}
	}
	if w := answered(h, c.In.Request(t, Message{c.In.From, "LAPOR 350rb", c.In.ID(1)})); !success(w.Code) {
		t.Fatalf("after that a genuine request is answered %d", w.Code)
	}
}

// body reads a request's body and puts it back.
func body(r *http.Request) []byte {
	if r.Body == nil {
		return nil
	}
	b, _ := io.ReadAll(r.Body)
	setBody(r, b)
	return b
}

func setBody(r *http.Request, b []byte) {
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(b)), int64(len(b))
}

func flipBody(rng *rand.Rand, r *http.Request) { b := body(r); flip(rng, b); setBody(r, b) }

func cutBody(rng *rand.Rand, r *http.Request) {
	b := body(r)
	i := rng.IntN(len(b))
	setBody(r, slices.Delete(b, i, min(len(b), i+1+rng.IntN(20))))
}

func swapBody(rng *rand.Rand, r *http.Request) {
	b := body(r)
	i, j := rng.IntN(len(b)), rng.IntN(len(b))
	b[i], b[j] = b[j], b[i]
	setBody(r, b)
}

func addToBody(rng *rand.Rand, r *http.Request) {
	b := body(r)
	more := []string{"&", "=", "&Body=LAPOR", "%00", "+", "&From=%2B6281200000099", "{}", "&x", "9"}[rng.IntN(9)]
	setBody(r, slices.Insert(b, rng.IntN(len(b)+1), []byte(more)...))
}

// flip changes one bit.
func flip(rng *rand.Rand, b []byte) {
	if len(b) > 0 {
		b[rng.IntN(len(b))] ^= 1 << rng.IntN(8)
	}
}

// ForgeHeader spoils the header that proves a request: bits flipped, cut, repeated, another one's, none.
func ForgeHeader(name string) Forgery {
	return func(rng *rand.Rand, r *http.Request) {
		old := r.Header.Get(name)
		switch rng.IntN(6) {
		case 0:
			r.Header.Del(name)
		case 1:
			r.Header.Set(name, "")
		case 2:
			r.Header.Set(name, old[:rng.IntN(len(old))])
		case 3:
			r.Header.Set(name, old+string(rune('a'+rng.IntN(26))))
		case 4:
			b := make([]byte, 20)
			for i := range b {
				b[i] = byte(rng.Uint32())
			}
			r.Header.Set(name, hex.EncodeToString(b))
		default:
			b := []byte(old)
			flip(rng, b)
			r.Header.Set(name, string(b))
		}
	}
}

// ForgeQuery changes the query of a request, which belongs to what is signed.
func ForgeQuery(rng *rand.Rand, r *http.Request) {
	more := []string{"x=1", "m=00000000-0000-4000-8000-000000000001", "Body=LAPOR", "%00", "a=b&a=c", "rc=2"}[rng.IntN(6)]
	if r.URL.RawQuery != "" {
		more = "&" + more
	}
	r.URL.RawQuery += more
}

// ForgeLastSegment spoils the last part of the path, where it is the proof.
func ForgeLastSegment(rng *rand.Rand, r *http.Request) {
	i := strings.LastIndexByte(r.URL.Path, '/') + 1
	old := []byte(r.URL.Path[i:])
	switch rng.IntN(4) {
	case 0:
		old = nil
	case 1:
		old = old[:rng.IntN(len(old))]
	case 2:
		old = append(old, byte('a'+rng.IntN(26)))
	default:
		flip(rng, old)
	}
	r.URL.Path, r.URL.RawPath = r.URL.Path[:i]+string(old), ""
}

// hostile sends genuine requests with texts that no phone should be able to make (faults.md A11).
func hostile(t *testing.T, c Case) {
	texts := map[string]string{
		"NUL": "LA\x00POR", "bad UTF-8": "LAPOR \xff\xfe 350", "overlong NUL": "\xc0\x80", "lone surrogate": "a\xed\xa0\x80b",
		"emoji": "350rb 🙏👩‍👧", "right to left": "a\u202e\u2067b", "zero width": "L\u200bA\u200dP", "escape": "\x1b[31m\x07",
		"100 kB": strings.Repeat("panjang ", 12_800), "long but allowed": strings.Repeat("é", 4_000), "only NUL": "\x00\x00\x00",
		"new lines": "a\r\nb\nc", "markup": "<script>alert(1)</script>", "SQL": "'; DROP TABLE person; --", "template": "{{.}} ${x} %s %d",
		"empty": "", "spaces": "   ", "Arabic digits": "١٥٠", "NIK": "3210076505900001", "not characters": "\uffff\ufffe\U0010ffff",
	}
	rng := rand.New(rand.NewPCG(3, 5))
	random := 2_000
	if testing.Short() {
		random = 200
	}
	for range random {
		b := make([]byte, rng.IntN(200))
		for i := range b {
			b[i] = byte(rng.Uint32())
		}
		texts["random "+hex.EncodeToString(b)] = string(b)
	}
	k := &Keeper{}
	h := c.In.Serve(t, k)
	n := 0
	for name, text := range texts {
		n++
		text = strings.ReplaceAll(text, "*", "x") // USSD's separator
		before := k.Count()
		w := answered(h, c.In.Request(t, Message{c.In.From, text, c.In.ID(n)}))
		if !success(w.Code) {
			if w.Code != http.StatusRequestEntityTooLarge || len(text) < c.In.Limit/4 {
				t.Errorf("%s: answer %d", name, w.Code)
			}
			continue
		}
		if k.Count() == before { // answered without a turn: only where nothing could be read
			if len(text) < 1000 {
				t.Errorf("%s: answered %d, but not handled", name, w.Code)
			}
			continue
		}
		in := k.Last()
		if !utf8.ValidString(in.Text) || strings.ContainsAny(in.Text, "\x00\x1b\u202e\u2067") || utf8.RuneCountInString(in.Text) > c.In.Text {
			t.Errorf("%s: the turn reads %q", name, in.Text)
		}
		for _, s := range append([]string{in.ID, in.From, in.To, in.Session, in.Choice, in.Ref}, in.Inputs...) {
			if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
				t.Errorf("%s: the turn is given %q", name, s)
			}
		}
		if c.In.KeepsBytes && string(in.Raw) != text {
			t.Errorf("%s: kept %q of %q", name, in.Raw, text)
		}
	}
}
