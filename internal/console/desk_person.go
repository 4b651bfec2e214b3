package console

import (
	"context"
	"errors"
	"net/http"

	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Merging reads two records side by side, before one is made of them.
type Merging interface {
	// Pair are two people of the scope with what each has. It writes into the audit who looked.
	Pair(ctx context.Context, s Scope, keep, duplicate string, d Doing) (a, b Side, err error)
	// OnPair runs f on two people of the scope.
	OnPair(ctx context.Context, s Scope, keep, duplicate string, d Doing, f func(ActStore, prokus.Person, prokus.Person) error) error
}

// Side is one of two records.
type Side struct {
	prokus.Person
	Phones                           []string
	Reports, Cases, Grants, Sessions int
}

type movePage struct {
	base
	Person   prokus.Person
	Areas    []Area
	Area     string
	Village  string
	Problems []Problem
}

// movePage asks where she lives now.
func (c *console) moveForm(v *visit) error { return c.showMove(v, http.StatusOK, nil) }

func (c *console) showMove(v *visit, status int, problems []Problem) error {
	p := movePage{base: c.base(v, "title.move", "people"), Problems: problems, Area: field(v.r.FormValue("kecamatan"), 8), Village: field(v.r.FormValue("desa"), 40)}
	code := v.r.PathValue("code")
	if !prokus.ValidCode(code) {
		return ErrNotFound
	}
	all, err := c.Store.Person(v.r.Context(), v.viewer.Scope(), code, v.viewer.Staff.ID, v.now)
	if err != nil {
		return err
	}
	if p.Person, p.Person.Kecamatan = all.Person, all.Kecamatan; p.Area == "" {
		p.Area, p.Village = p.Person.Area, p.Person.Village
	}
	if p.Areas, err = c.Store.AllKecamatan(v.r.Context(), v.viewer.Scope()); err != nil {
		return err
	}
	return c.show(v, status, "pindah", p)
}

// move gives her another kecamatan of the coordinator's areas; she and both TKSK are told.
func (c *console) move(v *visit) error {
	code, area, village := v.r.PathValue("code"), field(v.r.PostForm.Get("kecamatan"), 8), field(v.r.PostForm.Get("desa"), 40)
	err := c.Store.OnPerson(v.r.Context(), v.viewer.Scope(), code, v.doing("orang dipindah"), func(s ActStore, p prokus.Person) error {
		areas, err := c.Store.AllKecamatan(v.r.Context(), v.viewer.Scope())
		if err != nil {
			return err
		}
		for _, a := range areas {
			if a.Code == area {
				_, err := acts.MovePerson(v.r.Context(), s, v.by(), p, area, village)
				return err
			}
		}
		return errProblem{Field: "kecamatan", Key: "kecamatan"}
	})
	var p errProblem
	switch {
	case errors.As(err, &p):
		return c.showMove(v, http.StatusUnprocessableEntity, []Problem{Problem(p)})
	case errors.Is(err, acts.ErrNotActive):
		return ErrState
	case err != nil:
		return err
	}
	return v.redirect("/orang/"+code, "moved")
}

type mergePage struct {
	base
	Code     string
	With     string
	Keep     Side
	Other    Side
	Both     bool // the second record was found
	Problems []Problem
}

// mergeForm asks for the code of the duplicate, and shows the two side by side.
func (c *console) mergeForm(v *visit) error { return c.showMerge(v, http.StatusOK, nil) }

func (c *console) showMerge(v *visit, status int, problems []Problem) error {
	p := mergePage{base: c.base(v, "title.merge", "people"), Code: v.r.PathValue("code"), With: field(v.r.FormValue("dengan"), 9), Problems: problems}
	if !prokus.ValidCode(p.Code) {
		return ErrNotFound
	}
	if p.With == "" {
		with := p.Code
		a, _, err := c.Store.Pair(v.r.Context(), v.viewer.Scope(), p.Code, with, v.doing("lihat orang"))
		if err != nil {
			return err
		}
		p.Keep = a
		return c.show(v, status, "gabung", p)
	}
	a, b, err := c.Store.Pair(v.r.Context(), v.viewer.Scope(), p.Code, p.With, v.doing("lihat gabung"))
	if errors.Is(err, ErrNotFound) || p.With == p.Code {
		if a, _, err = c.Store.Pair(v.r.Context(), v.viewer.Scope(), p.Code, p.Code, v.doing("lihat orang")); err != nil {
			return err
		}
		p.Keep, p.Problems = a, append(problems, Problem{Field: "dengan", Key: "duplicate"})
		return c.show(v, http.StatusUnprocessableEntity, "gabung", p)
	}
	if err != nil {
		return err
	}
	p.Keep, p.Other, p.Both = a, b, true
	return c.show(v, status, "gabung", p)
}

// merge makes one record of two.
func (c *console) merge(v *visit) error {
	code, with := v.r.PathValue("code"), field(v.r.PostForm.Get("dengan"), 9)
	if v.r.PostForm.Get("yakin") != "1" {
		return c.showMerge(v, http.StatusUnprocessableEntity, []Problem{{Field: "yakin", Key: "merge_sure"}})
	}
	err := c.Store.OnPair(v.r.Context(), v.viewer.Scope(), code, with, v.doing("orang digabung"), func(s ActStore, keep, duplicate prokus.Person) error {
		return acts.Merge(v.r.Context(), s, v.by(), keep, duplicate)
	})
	switch {
	case errors.Is(err, acts.ErrTwoGrants):
		return c.showMerge(v, http.StatusUnprocessableEntity, []Problem{{Field: "dengan", Key: "two_grants"}})
	case errors.Is(err, acts.ErrSame):
		return c.showMerge(v, http.StatusUnprocessableEntity, []Problem{{Field: "dengan", Key: "duplicate"}})
	case errors.Is(err, acts.ErrNotActive):
		return ErrState
	case err != nil:
		return err
	}
	return v.redirect("/orang/"+code, "merged")
}
