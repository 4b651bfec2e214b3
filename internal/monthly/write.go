package monthly

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"text/template"
	"time"

	"github.com/kabar-prokus/kabar/internal/bahasa"
)

//go:embed document.xml
var documentXML string

//go:embed styles.xml
var stylesXML string

const (
	contentTypes = xml.Header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>`
	packageRels  = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`
	documentRels = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`
)

// ContentType of the document.
const ContentType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

// months by name, as documents write them.
var months = [12]string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"}

// row is a line of a table; head marks the titles.
type row struct {
	Head  bool
	Cells []string
}

// Write writes the document.
func Write(w io.Writer, r Report) error {
	t, err := template.New("document.xml").Funcs(template.FuncMap{
		"x": escape, "num": func(n int) string { return bahasa.Number(int64(n)) }, "month": monthOf, "day": dayOf, "or": func(s, d string) string {
			if s == "" {
				return d
			}
			return s
		},
		"heads": func(cells ...string) row { return row{true, cells} }, "sign": func(cells ...string) row { return row{false, cells} },
	}).Parse(documentXML)
	if err != nil {
		return fmt.Errorf("monthly report: %w", err)
	}
	var doc bytes.Buffer
	err = t.Execute(&doc, struct {
		Report
		DeedRows, CaseRows, WeekRows []row
	}{r, r.deedRows(), r.caseRows(), r.weekRows()})
	if err != nil {
		return fmt.Errorf("monthly report: %w", err)
	}
	z := zip.NewWriter(w)
	for _, part := range []struct{ name, body string }{
		{"[Content_Types].xml", contentTypes}, {"_rels/.rels", packageRels}, {"word/document.xml", xml.Header + doc.String()},
		{"word/_rels/document.xml.rels", documentRels}, {"word/styles.xml", xml.Header + stylesXML},
	} {
		f, err := z.Create(part.name)
		if err != nil {
			return fmt.Errorf("monthly report: %w", err)
		}
		if _, err := io.WriteString(f, part.body); err != nil {
			return fmt.Errorf("monthly report: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("monthly report: %w", err)
	}
	return nil
}

func (r Report) deedRows() (rows []row) {
	for _, d := range r.Deeds {
		rows = append(rows, row{Cells: []string{bahasa.Date(d.At) + " " + bahasa.Clock(d.At), r.ActionWord(d.What), d.Person, d.By, d.Note}})
	}
	return rows
}

func (r Report) caseRows() (rows []row) {
	for _, c := range r.Cases {
		closed, outcome := "masih terbuka", c.Outcome
		if !c.Closed.IsZero() {
			closed = bahasa.Date(c.Closed)
		}
		rows = append(rows, row{Cells: []string{fmt.Sprint(c.Ticket), strings.TrimSpace(c.Person + " " + c.Code), r.ReasonWord(c.Reason), bahasa.Date(c.Opened), closed, outcome}})
	}
	return rows
}

func (r Report) weekRows() (rows []row) {
	for _, w := range r.Weeks {
		median := "kurang dari 8 orang"
		if w.MedianTold() {
			median = bahasa.Money(w.Median, bahasa.Full)
		}
		share := func(n int) string {
			return fmt.Sprintf("%s (%s)", bahasa.Number(int64(n)), bahasa.Percent1(int64(n), int64(w.Due)))
		}
		rows = append(rows, row{Cells: []string{bahasa.Range(w.Date()), bahasa.Number(int64(w.Due)), share(w.OnTime), share(w.Final), bahasa.Number(int64(w.Zero)), median}})
	}
	return rows
}

// escape makes a value safe inside the document; what XML cannot hold becomes U+FFFD.
func escape(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		return ""
	}
	return b.String()
}

func monthOf(t time.Time) string { return fmt.Sprintf("%s %d", months[t.Month()-1], t.Year()) }

func dayOf(t time.Time) string {
	return fmt.Sprintf("%d %s %d", t.Day(), months[t.Month()-1], t.Year())
}
