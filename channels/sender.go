package channels

import (
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/kabar-prokus/kabar/internal/bahasa"
)

var foreignNumber = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// Answerable brings the sender of an SMS into E.164, however a gateway writes it. It is empty for names and short codes:
// behind those are machines, and a machine that is answered may answer again, for ever.
func Answerable(sender string) string {
	sender = strings.TrimSpace(sender)
	if len(sender) > 32 || strings.IndexFunc(sender, func(r rune) bool { return r > 0x7e || r < 0x20 || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' }) >= 0 {
		return ""
	}
	if e, v := bahasa.ReadPhone(sender); v == bahasa.Value {
		return e
	}
	if foreignNumber.MatchString(sender) && !strings.HasPrefix(sender, "+62") {
		return sender
	}
	return ""
}

// HasType is true for a body of one of these media types, in UTF-8 and not compressed: what a signature or a limit is
// about must be what is read.
func HasType(h http.Header, types ...string) bool {
	if e := h.Values("Content-Encoding"); len(e) > 1 || len(e) == 1 && !strings.EqualFold(e[0], "identity") {
		return false
	}
	t, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil || !slices.Contains(types, t) {
		return false
	}
	charset := params["charset"]
	return charset == "" || strings.EqualFold(charset, "utf-8")
}

// Counts tells how often things happened to an adapter since its start. For /metrics. The zero value is ready.
type Counts struct {
	mu sync.Mutex
	m  map[string]uint64
}

// Add counts one.
func (c *Counts) Add(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.m == nil {
		c.m = map[string]uint64{}
	}
	c.m[name]++
}

// All is a copy.
func (c *Counts) All() map[string]uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make(map[string]uint64, len(c.m))
	for k, v := range c.m {
		out[k] = v
	}
	return out
}
