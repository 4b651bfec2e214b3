package console

import (
	"net/http"
	"net/url"
	"strconv"
)

const perPage = 50

// pager is the place in a list that has pages.
type pager struct {
	Page, Pages, Total int
	query              url.Values
}

func newPager(r *http.Request, total int) pager {
	q := url.Values{}
	for _, k := range []string{"q", "kecamatan", "aktivitas", "alasan", "status", "daftar", "hari", "jenis", "wilayah"} {
		if x := r.URL.Query().Get(k); x != "" {
			q.Set(k, field(x, 60))
		}
	}
	return pager{Page: page(r), Pages: max(1, (total+perPage-1)/perPage), Total: total, query: q}
}

// Link is the address of another page with the same filter.
func (p pager) Link(step int) string {
	q := url.Values{}
	for k, v := range p.query {
		q[k] = v
	}
	q.Set("hal", strconv.Itoa(p.Page+step))
	return "?" + q.Encode()
}

type peoplePage struct {
	base
	pager
	Filter PeopleFilter
	Areas  []Area
	Rows   []PersonRow
}

// people is the list, one page of it.
func (c *console) people(v *visit) error {
	q := v.r.URL.Query()
	f := PeopleFilter{
		Area: field(q.Get("kecamatan"), 8), Search: field(q.Get("q"), 60), Activity: activity(q.Get("aktivitas")),
		Week: lastClosed(v), Offset: (page(v.r) - 1) * perPage, Limit: perPage,
	}
	rows, total, err := c.Store.People(v.r.Context(), v.viewer.Scope(), f)
	if err != nil {
		return err
	}
	areas, err := c.Store.Kecamatan(v.r.Context(), v.viewer.Scope())
	if err != nil {
		return err
	}
	return c.show(v, http.StatusOK, "orang", peoplePage{c.base(v, "title.people", "people"), newPager(v.r, total), f, areas, rows})
}

// activity reads the filter; unknown words filter nothing.
func activity(s string) Activity {
	switch a := Activity(s); a {
	case Reporting, Silent:
		return a
	}
	return Everybody
}
