package console

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// cookieName is bound to the host by its prefix where there is HTTPS.
func (c *console) cookieName() string {
	if c.Secure {
		return "__Host-kabar"
	}
	return "kabar"
}

// session is who is logged in; nil without an error for a visitor.
func (c *console) session(r *http.Request) (*Viewer, error) {
	k, err := r.Cookie(c.cookieName())
	if err != nil || k.Value == "" {
		return nil, nil
	}
	v, err := c.Store.Session(r.Context(), k.Value, c.Wall())
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &v, nil
}

// loginPage only shows a button: programs that look at links before people do must not burn the token. It looks the same
// for every token, good or bad.
func (c *console) loginPage(v *visit) error {
	return c.show(v, http.StatusOK, "masuk", struct {
		base
		Token string
	}{c.base(v, "title.login", ""), v.r.PathValue("token")})
}

// login uses the token once. Tokens have 130 bits, so tries are not counted.
func (c *console) login(v *visit) error {
	session, err := c.Store.UseLoginLink(v.r.Context(), v.r.PathValue("token"), c.Wall())
	if errors.Is(err, ErrNotFound) {
		return c.show(v, http.StatusUnauthorized, "masuk", struct {
			base
			Token string
		}{c.base(v, "title.login", ""), ""})
	}
	if err != nil {
		return err
	}
	return c.open(v, session)
}

// demoLogin exists in a demo only.
func (c *console) demoLogin(v *visit) error {
	id, err := strconv.ParseInt(v.r.PostForm.Get("staf"), 10, 64)
	if err != nil {
		return ErrNotFound
	}
	session, err := c.Store.LogIn(v.r.Context(), id, c.Wall())
	if err != nil {
		return err
	}
	return c.open(v, session)
}

// open begins a session and ends the one that this browser had (faults.md J3).
func (c *console) open(v *visit, session string) error {
	if k, err := v.r.Cookie(c.cookieName()); err == nil && k.Value != "" {
		if err := c.Store.LogOut(v.r.Context(), k.Value); err != nil {
			return err
		}
	}
	c.setCookie(v.w, session, int(SessionLife.Seconds()))
	return v.redirect("/", "")
}

func (c *console) logout(v *visit) error {
	k, err := v.r.Cookie(c.cookieName())
	if err != nil {
		return errSession
	}
	if err := c.Store.LogOut(v.r.Context(), k.Value); err != nil {
		return err
	}
	c.setCookie(v.w, "", -1)
	return v.redirect("/", "")
}

func (c *console) setCookie(w http.ResponseWriter, value string, age int) {
	http.SetCookie(w, &http.Cookie{Name: c.cookieName(), Value: value, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: c.Secure, SameSite: http.SameSiteLaxMode})
}

// landing is what visitors see.
func (c *console) landing(v *visit) error {
	var staff []prokus.Staff
	if c.Demo {
		var err error
		if staff, err = c.Store.DemoStaff(v.r.Context()); err != nil {
			return err
		}
	}
	return c.show(v, http.StatusOK, "depan", struct {
		base
		Staff []prokus.Staff
	}{c.base(v, "title.landing", ""), staff})
}
