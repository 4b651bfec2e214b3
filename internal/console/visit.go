package console

import (
	"crypto/subtle"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

var (
	errForgery = errors.New("posted from another site or without the form's token")
	errSession = errors.New("no session")
	errForm    = errors.New("form not readable")
)

// visit is one request of one viewer.
type visit struct {
	w      http.ResponseWriter
	r      *http.Request
	viewer *Viewer // nil: nobody is logged in
	now    time.Time
}

// guard lets a request through to its page: session, role and the form's token first.
func (c *console) guard(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{w: w, r: r, now: c.Now().In(prokus.Zone(""))} // of a visitor nothing is known: the time of Jakarta
		c.answer(v, c.enter(v, rt))
	})
}

func (c *console) enter(v *visit, rt route) error {
	if rt.bare {
		return rt.serve(v)
	}
	viewer, err := c.session(v.r)
	if err != nil {
		return err
	}
	if viewer != nil {
		v.viewer = viewer
		v.now = v.now.In(viewer.Staff.Location())
	}
	if !rt.open {
		if viewer == nil {
			return errSession
		}
		if !slices.Contains(rt.roles, viewer.Staff.Role) {
			return ErrRole
		}
	}
	if v.r.Method == http.MethodPost {
		if err := v.r.ParseForm(); err != nil {
			return errForm
		}
		// Open doors have no session to forge for; the check of the origin holds there.
		if !rt.open && subtle.ConstantTimeCompare([]byte(v.r.PostForm.Get("csrf")), []byte(viewer.CSRF)) != 1 {
			return errForgery
		}
	}
	return rt.serve(v)
}

// answer turns what went wrong into a page. Nobody sees internals.
func (c *console) answer(v *visit, err error) {
	if err == nil {
		return
	}
	status, name := http.StatusInternalServerError, "500"
	switch {
	case errors.Is(err, ErrNotFound):
		status, name = http.StatusNotFound, "404"
	case errors.Is(err, ErrRole):
		status, name = http.StatusForbidden, "403"
	case errors.Is(err, errForgery):
		status, name = http.StatusForbidden, "forgery"
	case errors.Is(err, errSession):
		status, name = http.StatusUnauthorized, "401"
	case errors.Is(err, errFile):
		status, name = http.StatusNotFound, "file"
	case errors.Is(err, errForm):
		status, name = http.StatusBadRequest, "400"
	case errors.Is(err, ErrState), errors.Is(err, ErrStale), errors.Is(err, ErrOwn):
		status, name = http.StatusConflict, "409"
	default:
		c.Log.ErrorContext(v.r.Context(), "console page failed", "path", v.r.Pattern, "err", err)
	}
	if v.now.IsZero() {
		v.now = c.Now().In(prokus.Zone(""))
	}
	if err := c.show(v, status, "error", struct {
		base
		Name string
	}{c.base(v, "error."+name, ""), name}); err != nil {
		c.Log.ErrorContext(v.r.Context(), "console error page failed", "err", err)
	}
}

// redirect follows a post; ok names a sentence that the next page says.
func (v *visit) redirect(path, ok string) error {
	if ok != "" {
		path += "?ok=" + ok
	}
	http.Redirect(v.w, v.r, path, http.StatusSeeOther)
	return nil
}

// id is the number in the path; anything else does not exist.
func (v *visit) id() (int64, error) {
	n, err := strconv.ParseInt(v.r.PathValue("id"), 10, 64)
	if err != nil || n <= 0 {
		return 0, ErrNotFound
	}
	return n, nil
}

// field is one posted or queried value: trimmed, of valid UTF-8 without NUL, and no longer than max characters.
func field(s string, max int) string {
	s = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", ""))
	if r := []rune(s); len(r) > max {
		s = string(r[:max])
	}
	return s
}

// page is the number of a page of a list, from 1.
func page(r *http.Request) int {
	n, err := strconv.Atoi(r.URL.Query().Get("hal"))
	if err != nil || n < 1 || n > 100_000 {
		return 1
	}
	return n
}
