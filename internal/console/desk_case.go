package console

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Outcomes with which a case is closed on a page; the words of the list are those of the console.
var closings = []string{"dibantu", "dikunjungi", "dihubungi", "tidak ketemu", "pindah", "tutup usaha", "ganti nomor", "data dibetulkan", "ditangani lain", "bukan masalah"}

// caseActs are what is done about a case on its page besides closing it.
var caseActs = []acts.Action{acts.Contacted, acts.Visited, acts.Watched, acts.Snoozed, acts.Forwarded}

type casePage struct {
	base
	CasePage
	Acts     []acts.Action
	Closings []string
	Chosen   string // typed before the form was refused
	Typed    string
	Problems []Problem
	Files    []MediaRow // photos and voice notes
}

func (c *console) showCase(v *visit, status int, id int64, p casePage) error {
	k, err := c.Store.Case(v.r.Context(), v.viewer.Scope(), id, v.viewer.Staff.ID, v.now)
	if err != nil {
		return err
	}
	p.base, p.CasePage, p.Acts, p.Closings = c.base(v, "title.case", "cases"), k, caseActs, closings
	if p.Files, err = c.Store.CaseMedia(v.r.Context(), v.viewer.Scope(), id); err != nil {
		return err
	}
	if v.viewer.Staff.Role == prokus.Coordinator {
		p.Acts = caseActs[:4] // there is nobody further to forward it to
	}
	return c.show(v, status, "satu_kasus", p)
}

// Open says whether anything can still be done about it.
func (p casePage) Open() bool { return p.Status != prokus.CaseClosed && p.Status != prokus.CaseAsked }

// onCase changes a case and goes back to its page. A form that was filled in before somebody else's act, or twice, changes
// nothing: the page then shows what was done.
func (c *console) onCase(v *visit, what, done string, f func(ActStore, prokus.Case, prokus.Person) error) error {
	id, err := v.id()
	if err != nil {
		return err
	}
	seen, err := strconv.Atoi(v.r.PostForm.Get("versi"))
	if err != nil {
		seen = -1
	}
	path := "/kasus/" + strconv.FormatInt(id, 10)
	err = c.Store.OnCase(v.r.Context(), v.viewer.Scope(), id, seen, v.doing(what), f)
	var p errProblem
	switch {
	case errors.As(err, &p):
		return c.showCase(v, http.StatusUnprocessableEntity, id, casePage{
			Problems: []Problem{Problem(p)}, Chosen: v.r.PostForm.Get("hasil"), Typed: field(v.r.PostForm.Get("catatan"), maxNote),
		})
	case errors.Is(err, ErrStale):
		return v.redirect(path, "case_changed")
	case err != nil:
		return err
	}
	return v.redirect(path, done)
}

// takeCase makes the coordinator the owner.
func (c *console) takeCase(v *visit) error {
	return c.onCase(v, "kasus diambil", "case_taken", func(s ActStore, k prokus.Case, p prokus.Person) error {
		return acts.TakeCase(v.r.Context(), s, v.by(), k, p)
	})
}

// actOnCase records what was done.
func (c *console) actOnCase(v *visit) error {
	return c.onCase(v, "kasus ditindak", "case_acted", func(s ActStore, k prokus.Case, p prokus.Person) error {
		a := acts.Action(v.r.PostForm.Get("apa"))
		if !slices.Contains(caseActs, a) {
			return errForm
		}
		if k.Status == prokus.CaseClosed || k.Status == prokus.CaseAsked {
			return ErrStale
		}
		_, _, err := acts.ActOn(v.r.Context(), s, v.by(), k.ID, a, p, field(v.r.PostForm.Get("catatan"), maxNote))
		return err
	})
}

// closeCase closes it with an outcome, which is not optional (programme.md 1.4).
func (c *console) closeCase(v *visit) error {
	return c.onCase(v, "kasus ditutup", "case_closed", func(s ActStore, k prokus.Case, p prokus.Person) error {
		outcome := v.r.PostForm.Get("hasil")
		if !slices.Contains(closings, outcome) {
			return errProblem{Field: "hasil", Key: "outcome"}
		}
		if k.Status == prokus.CaseClosed || k.Status == prokus.CaseAsked {
			return ErrStale
		}
		return acts.CloseCase(v.r.Context(), s, v.by(), k, p, outcome, field(v.r.PostForm.Get("catatan"), maxNote))
	})
}
