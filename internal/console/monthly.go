package console

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/kabar-prokus/kabar/internal/monthly"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Months are the reports of a month.
type Months interface {
	// Monthly is the month ("2026-06") of one kecamatan of the scope.
	Monthly(ctx context.Context, s Scope, area, month string, d Doing) (monthly.Report, error)
}

// monthsOffered is how many months back the page offers.
const monthsOffered = 6

type monthlyPage struct {
	base
	Areas  []Area
	Months []time.Time
}

// monthlyReports offers the reports of the last months for every kecamatan of the viewer.
func (c *console) monthlyReports(v *visit) error {
	p := monthlyPage{base: c.base(v, "title.monthly", "monthly")}
	var err error
	if p.Areas, err = c.Store.Kecamatan(v.r.Context(), v.viewer.Scope()); err != nil {
		return err
	}
	first := time.Date(v.now.Year(), v.now.Month(), 1, 0, 0, 0, 0, v.now.Location())
	for i := range monthsOffered {
		p.Months = append(p.Months, first.AddDate(0, -i, 0))
	}
	return c.show(v, http.StatusOK, "bulanan", p)
}

// monthlyReport is the document of one kecamatan and month.
func (c *console) monthlyReport(v *visit) error {
	month, err := time.Parse(monthForm, v.r.PathValue("bulan"))
	if err != nil || month.Year() < 2000 || month.After(v.now) {
		return ErrNotFound
	}
	r, err := c.Store.Monthly(v.r.Context(), v.viewer.Scope(), v.r.PathValue("kecamatan"), month.Format(monthForm), v.doing("laporan bulanan"))
	if err != nil {
		return err
	}
	r.ActionWord = func(code string) string { return c.words.of("deed." + code) }
	r.ReasonWord = func(reason prokus.Reason) string { return c.words.of("reason." + string(reason)) }
	var doc bytes.Buffer // whole, before the first byte leaves
	if err := monthly.Write(&doc, r); err != nil {
		return errors.Join(errors.New("monthly report"), err)
	}
	v.w.Header().Set("Content-Type", monthly.ContentType)
	v.w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="laporan-%s-%s.docx"`, v.r.PathValue("kecamatan"), month.Format(monthForm)))
	if _, err := doc.WriteTo(v.w); err != nil {
		c.Log.DebugContext(v.r.Context(), "monthly report not taken", "err", err)
	}
	return nil
}
