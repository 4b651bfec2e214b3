package console

import (
	"net/http"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

type casesPage struct {
	base
	pager
	Filter  CaseFilter
	Reasons []prokus.Reason
	Rows    []CaseRow
}

// reasons are those that can be filtered by, the most urgent first.
var reasons = []prokus.Reason{prokus.Visit, prokus.Disaster, prokus.Sick, prokus.OutOfMoney, prokus.OtherHelp, prokus.TwoZeros, prokus.Falling,
	prokus.Silent, prokus.DeadNumber, prokus.WrongNumber, prokus.NeverBegan, prokus.NoShow, prokus.HelpJoin, prokus.HelpReport,
	prokus.NoReceipts, prokus.Stuck, prokus.Disputed, prokus.Locked, prokus.CheckData, prokus.EraseData, prokus.Deduction, prokus.Violence}

// cases are the open ones, the most urgent first, or the closed ones.
func (c *console) cases(v *visit) error {
	q := v.r.URL.Query()
	f := CaseFilter{Reason: prokus.Reason(field(q.Get("alasan"), 20)), Closed: q.Get("status") == "selesai", List: caseList(q.Get("daftar")), Now: v.now,
		Offset: (page(v.r) - 1) * perPage, Limit: perPage}
	rows, total, err := c.Store.Cases(v.r.Context(), v.viewer.Scope(), f)
	if err != nil {
		return err
	}
	return c.show(v, http.StatusOK, "kasus", casesPage{c.base(v, "title.cases", "cases"), newPager(v.r, total), f, reasons, rows})
}

// caseList reads the list; unknown words are all cases.
func caseList(s string) CaseList {
	switch l := CaseList(s); l {
	case PastLimit, ForMinistry:
		return l
	}
	return AllCases
}

// kase is one case with its history.
func (c *console) kase(v *visit) error {
	id, err := v.id()
	if err != nil {
		return err
	}
	return c.showCase(v, http.StatusOK, id, casePage{})
}
