package console

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

//go:embed templates/*.html static/* words/id.yaml
var files embed.FS

// pages are the templates by name, each with the layout.
type pages map[string]*template.Template

// words are names of codes (states, reasons, stages) in Indonesian; sentences stand in the templates.
type words map[string]string

// of is the word for a key "group.code"; a code that nobody named is shown as it is.
func (w words) of(key string) string {
	if s, ok := w[key]; ok {
		return s
	}
	_, code, _ := strings.Cut(key, ".")
	return code
}

func loadWords() (words, error) {
	b, err := files.ReadFile("words/id.yaml")
	if err != nil {
		return nil, err
	}
	var groups map[string]map[string]string
	if err := yaml.UnmarshalWithOptions(b, &groups, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("words: %w", err)
	}
	w := words{}
	for g, names := range groups {
		for k, v := range names {
			w[g+"."+k] = v
		}
	}
	return w, nil
}

func loadPages(w words) (pages, error) {
	layout, err := template.New("layout.html").Funcs(funcs(w)).ParseFS(files, "templates/layout.html", "templates/parts.html")
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return nil, err
	}
	p := pages{}
	for _, n := range names {
		name := strings.TrimSuffix(path.Base(n), ".html")
		if name == "layout" || name == "parts" {
			continue
		}
		t, err := layout.Clone()
		if err != nil {
			return nil, err
		}
		if p[name], err = t.ParseFS(files, n); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func funcs(w words) template.FuncMap {
	return template.FuncMap{
		"word":   func(group string, code any) string { return w.of(group + "." + fmt.Sprint(code)) },
		"unsaid": func(s Said, now time.Time) string { return "(" + w.of(s.Unsaid(now)) + ")" },
		"num":    func(n int) string { return bahasa.Number(int64(n)) },
		"rp":     func(n int64) string { return bahasa.Money(n, bahasa.Full) },
		"pct":    func(a, b int) string { return bahasa.Percent1(int64(a), int64(b)) },
		"month": func(t time.Time) string {
			return w.of("month."+fmt.Sprint(int(t.Month()))) + " " + fmt.Sprint(t.Year())
		},
		"clock":  bahasa.Clock,
		"came":   func(b *bool) bool { return b != nil && *b },
		"signed": signedPercent,
		"amatan": func(csrf, code, what string, seen bool) any {
			return struct {
				CSRF, Code, What string
				Seen             bool
			}{csrf, code, what, seen}
		},
		"week":   func(w prokus.Week) string { return bahasa.Range(w.Date()) },
		"monday": func(w prokus.Week) string { return bahasa.DateShort(w.Date()) },
		"local":  func(s string) string { return prokus.Phone(s).Local() },
		"asset":  asset,
		"upper":  strings.ToUpper,
	}
}

// signedPercent writes hundredths of a percent with their sign: +2,5%.
func signedPercent(n int64) string {
	sign := "+"
	if n < 0 {
		sign, n = "-", -n
	}
	return sign + bahasa.Percent1(n, 10000)
}

// base is what the layout needs.
type base struct {
	Title  string
	Here   string // the entry of the menu
	Viewer *Viewer
	Now    time.Time // in the viewer's zone
	Demo   bool
	Flash  string // what was just done
}

func (c *console) base(v *visit, title, here string) base {
	b := base{Title: c.words.of(title), Here: here, Viewer: v.viewer, Now: v.now, Demo: c.Demo}
	if k := v.r.URL.Query().Get("ok"); k != "" {
		b.Flash = c.words["done."+k] // a closed list: nothing of the address is repeated
	}
	return b
}

// CSRF is the token that every form of a session carries.
func (b base) CSRF() string {
	if b.Viewer == nil {
		return ""
	}
	return b.Viewer.CSRF
}

// Leads says whether the viewer writes, approves and reads conversations.
func (b base) Leads() bool { return b.Viewer != nil && b.Viewer.Scope().Sees() }

// Offices says whether the viewer acts for the office of a kabupaten.
func (b base) Offices() bool { return b.Viewer != nil && b.Viewer.Staff.Role == prokus.Coordinator }

// Cares says whether the viewer works with the people themselves: TKSK and coordinators.
func (b base) Cares() bool { return b.Viewer != nil && slices.Contains(carers, b.Viewer.Staff.Role) }

// When writes a moment in the viewer's zone: Rab 10 Jun 2026 14.30 WIB.
func (b base) When(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return bahasa.DateLong(t.In(b.Now.Location()))
}

// Brief writes a moment of these days: Rab 10 Jun 14.30.
func (b base) Brief(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	t = t.In(b.Now.Location())
	if t.Year() != b.Now.Year() {
		return fmt.Sprintf("%s %d %s", bahasa.Date(t), t.Year(), bahasa.Clock(t))
	}
	return bahasa.Date(t) + " " + bahasa.Clock(t)
}

// Day writes a calendar date: 10 Jun 2026.
func (b base) Day(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return fmt.Sprintf("%s %d", bahasa.DateShort(t), t.Year())
}

// show renders a page whole before the first byte leaves.
func (c *console) show(v *visit, status int, name string, data any) error {
	var b bytes.Buffer
	if err := c.pages[name].ExecuteTemplate(&b, "layout.html", data); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.WriteHeader(status)
	_, err := b.WriteTo(v.w)
	if err != nil {
		c.Log.DebugContext(v.r.Context(), "console page not taken", "err", err)
	}
	return nil
}

// asset is the address of a static file with its content in it, so that browsers may keep it for ever.
func asset(name string) (string, error) {
	b, err := files.ReadFile("static/" + name)
	if err != nil {
		return "", err
	}
	h := sha256.Sum256(b)
	return "/static/" + name + "?v=" + hex.EncodeToString(h[:6]), nil
}

var assetTypes = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}

func (c *console) static(v *visit) error {
	name := v.r.PathValue("file")
	kind, ok := assetTypes[path.Ext(name)]
	if !ok || strings.ContainsAny(name, "/\\") {
		return ErrNotFound
	}
	b, err := files.ReadFile("static/" + name)
	if err != nil {
		return ErrNotFound
	}
	v.w.Header().Set("Content-Type", kind)
	v.w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	if _, err := v.w.Write(b); err != nil {
		c.Log.DebugContext(v.r.Context(), "console file not taken", "err", err)
	}
	return nil
}
