package console

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Office are the posts and the batches.
type Office interface {
	// AllKecamatan are those of the scope, with and without people.
	AllKecamatan(ctx context.Context, s Scope) ([]Area, error)
	// Posts are the kecamatan with people, with who looks after each.
	Posts(ctx context.Context, s Scope, now time.Time) ([]Post, error)
	// Companions are the active TKSK who may be given a post in the scope.
	Companions(ctx context.Context, s Scope) ([]prokus.Staff, error)
	AllBatches(ctx context.Context) ([]BatchRow, error)
	// OpenBatch makes a batch with the default set of stages; acts.ErrBatchThere where the name is taken.
	OpenBatch(ctx context.Context, name string, amount int64, d Doing) error
	// CloseBatch ends it, or with open takes that back. People in it keep their grants and reports.
	CloseBatch(ctx context.Context, id int64, open bool, d Doing) error
}

// Post is a kecamatan with its TKSK.
type Post struct {
	Area
	Kabupaten string
	Staff     int64 // 0: vacant
	Name      string
	Away      time.Time // on leave until that day
	StandIn   string
	People    int
	Open      int // cases
}

// BatchRow is a batch with what is in it.
type BatchRow struct {
	ID             int64
	Name           string
	Amount         int64
	Opened, Closed time.Time
	People, Grants int
}

type postsPage struct {
	base
	Rows      []Post
	Staff     []prokus.Staff
	Kabupaten bool
	Problems  []Problem
}

func (c *console) posts(v *visit) error { return c.showPosts(v, http.StatusOK, nil) }

func (c *console) showPosts(v *visit, status int, problems []Problem) (err error) {
	p := postsPage{base: c.base(v, "title.posts", "posts"), Problems: problems}
	if p.Rows, err = c.Store.Posts(v.r.Context(), v.viewer.Scope(), v.now); err != nil {
		return err
	}
	if p.Staff, err = c.Store.Companions(v.r.Context(), v.viewer.Scope()); err != nil {
		return err
	}
	for _, r := range p.Rows {
		p.Kabupaten = p.Kabupaten || r.Parent != p.Rows[0].Parent
	}
	return c.show(v, status, "pendamping", p)
}

// assign gives a kecamatan to a TKSK.
func (c *console) assign(v *visit) error {
	area := field(v.r.PostForm.Get("kecamatan"), 8)
	staff, err := strconv.ParseInt(v.r.PostForm.Get("staf"), 10, 64)
	if err != nil {
		return errForm
	}
	err = c.Store.OnArea(v.r.Context(), v.viewer.Scope(), area, v.doing("pendamping diganti"), func(s ActStore, _ prokus.Staff) error {
		_, err := acts.Assign(v.r.Context(), s, v.by(), area, staff)
		return err
	})
	switch {
	case errors.Is(err, ErrNotFound):
		return c.showPosts(v, http.StatusUnprocessableEntity, []Problem{{Field: "daftar", Key: "kecamatan"}})
	case errors.Is(err, acts.ErrNotTheirs):
		return c.showPosts(v, http.StatusUnprocessableEntity, []Problem{{Field: "daftar", Key: "post"}})
	case err != nil:
		return err
	}
	return v.redirect("/pendamping", "assigned")
}

type batchesPage struct {
	base
	Rows     []BatchRow
	Name     string
	Amount   string
	Problems []Problem
}

func (c *console) batches(v *visit) error { return c.showBatches(v, http.StatusOK, nil) }

func (c *console) showBatches(v *visit, status int, problems []Problem) (err error) {
	p := batchesPage{base: c.base(v, "title.batches", "batches"), Problems: problems, Name: field(v.r.FormValue("nama"), 60), Amount: field(v.r.FormValue("jumlah"), 15)}
	if p.Rows, err = c.Store.AllBatches(v.r.Context()); err != nil {
		return err
	}
	return c.show(v, status, "angkatan", p)
}

// openBatch makes a batch; the same form sent twice finds that it is there.
func (c *console) openBatch(v *visit) error {
	name := field(v.r.PostForm.Get("nama"), 60)
	amount, ok := rupiah(v.r.PostForm.Get("jumlah"))
	var problems []Problem
	if name == "" {
		problems = append(problems, Problem{Field: "nama", Key: "batch_name"})
	}
	if !ok {
		problems = append(problems, Problem{Field: "jumlah", Key: "amount"})
	}
	if len(problems) > 0 {
		return c.showBatches(v, http.StatusUnprocessableEntity, problems)
	}
	err := c.Store.OpenBatch(v.r.Context(), name, amount, v.doing("angkatan dibuka"))
	if errors.Is(err, acts.ErrBatchThere) {
		return c.showBatches(v, http.StatusUnprocessableEntity, []Problem{{Field: "nama", Key: "batch_there"}})
	}
	if err != nil {
		return err
	}
	return v.redirect("/angkatan", "batch_opened")
}

func (c *console) closeBatch(v *visit) error {
	id, err := v.id()
	if err != nil {
		return err
	}
	open := v.r.PostForm.Get("buka") == "1"
	if err := c.Store.CloseBatch(v.r.Context(), id, open, v.doing(map[bool]string{true: "angkatan dibuka lagi", false: "angkatan ditutup"}[open])); err != nil {
		return err
	}
	return v.redirect("/angkatan", map[bool]string{true: "batch_reopened", false: "batch_closed"}[open])
}

// maxGrant bounds what a batch may give a person, rupiah.
const maxGrant = 100_000_000

// rupiah reads a whole amount as it is typed: 3500000, 3.500.000 or Rp3.500.000.
func rupiah(s string) (int64, bool) { return rupiahUpTo(s, maxGrant) }

func rupiahUpTo(s string, most int64) (int64, bool) {
	digits := make([]byte, 0, len(s))
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits = append(digits, byte(r))
		case r == '.' || r == ' ' || r == 'R' || r == 'p':
		default:
			return 0, false
		}
	}
	n, err := strconv.ParseInt(string(digits), 10, 64)
	return n, err == nil && n > 0 && n <= most
}
