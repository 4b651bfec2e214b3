package postgres

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/monthly"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// monthlyRows is how many lines of a kind a monthly report lists at most.
const monthlyRows = 400

// monthDeeds are what staff did for the people of kecamatan $1 between $2 and $3: about cases that are not confidential,
// figures that they wrote down, and what they saw of businesses.
const monthDeeds = `
	SELECT e.at, e.what, coalesce(p.name, ''), s.title, s.name, e.note FROM case_event e JOIN cases c ON c.id = e.case_id JOIN staff s ON s.id = e.by_staff
		LEFT JOIN person p ON p.id = c.person_id
	WHERE c.area_code = $1 AND NOT c.confidential AND e.at >= $2 AND e.at < $3 AND e.what IN ('contacted', 'visited', 'snoozed', 'watched', 'forwarded', 'closed', 'taken')
	UNION ALL
	SELECT r.at, 'proxy', p.name, s.title, s.name, '' FROM report_change r JOIN person p ON p.id = r.person_id JOIN staff s ON s.id = r.by_staff
	WHERE p.area_code = $1 AND r.at >= $2 AND r.at < $3 AND NOT r.undone
	UNION ALL
	SELECT o.at, 'observed', p.name, s.title, s.name, o.what FROM observation o JOIN person p ON p.id = o.person_id JOIN staff s ON s.id = o.by_staff
	WHERE p.area_code = $1 AND o.at >= $2 AND o.at < $3 AND o.seen
	ORDER BY 1 LIMIT $4`

// Monthly is the month of one kecamatan of the scope; who took it is in the audit.
func (c *Console) Monthly(ctx context.Context, s console.Scope, area, month string, d console.Doing) (r monthly.Report, err error) {
	err = c.change(ctx, "monthly report", func(tx *Tx) error {
		r = monthly.Report{}
		if _, err := tx.Exec(ctx, `SET LOCAL statement_timeout = 15000`); err != nil {
			return err
		}
		var zone, kabupaten string
		err := tx.QueryRow(ctx, `SELECT k.name, coalesce(b.name, ''), k.zone FROM area k LEFT JOIN area b ON b.code = k.parent WHERE k.code = $1 AND k.level = 3 AND in_scope(k.code, $2)`,
			area, s.Areas).Scan(&r.Kecamatan, &kabupaten, &zone)
		if err != nil {
			return err
		}
		loc := prokus.Zone(zone)
		if r.Month, err = time.ParseInLocation("2006-01", month, loc); err != nil {
			return pgx.ErrNoRows
		}
		r.Kabupaten, r.Made = kabupaten, d.Now.In(loc)
		if kabupaten != "" && !strings.HasPrefix(kabupaten, "Kota ") {
			r.Kabupaten = "Kabupaten " + kabupaten
		}
		if t, ok, err := tx.TKSKFor(ctx, area, r.Made); err != nil {
			return err
		} else if ok {
			r.TKSK = t.Title + " " + t.Name
		}
		if k, ok, err := tx.CoordinatorFor(ctx, area); err != nil {
			return err
		} else if ok {
			r.Coordinator = k.Title + " " + k.Name
		}
		return c.month(ctx, tx, &r, area, d)
	})
	return r, err
}

func (c *Console) month(ctx context.Context, tx *Tx, r *monthly.Report, area string, d console.Doing) error {
	from, to := r.Month, r.Month.AddDate(0, 1, 0)
	err := tx.QueryRow(ctx, `
		SELECT (SELECT count(*) FROM person WHERE area_code = $1 AND status = 'aktif'),
			(SELECT count(*) FROM case_event e JOIN cases c ON c.id = e.case_id WHERE c.area_code = $1 AND NOT c.confidential AND e.what = 'visited' AND e.by_staff IS NOT NULL AND e.at >= $2 AND e.at < $3),
			(SELECT count(*) FROM case_event e JOIN cases c ON c.id = e.case_id WHERE c.area_code = $1 AND NOT c.confidential AND e.what = 'contacted' AND e.by_staff IS NOT NULL AND e.at >= $2 AND e.at < $3),
			(SELECT count(*) FROM report_change x JOIN person p ON p.id = x.person_id WHERE p.area_code = $1 AND x.by_staff IS NOT NULL AND NOT x.undone AND x.at >= $2 AND x.at < $3),
			(SELECT count(*) FROM cases WHERE area_code = $1 AND NOT confidential AND opened_at >= $2 AND opened_at < $3),
			(SELECT count(*) FROM cases WHERE area_code = $1 AND NOT confidential AND closed_at >= $2 AND closed_at < $3),
			(SELECT count(*) FROM cases WHERE area_code = $1 AND NOT confidential AND opened_at < $3 AND (closed_at IS NULL OR closed_at >= $3))`, area, from, to).
		Scan(&r.People, &r.Visits, &r.Calls, &r.Proxies, &r.Opened, &r.Closed, &r.StillOpen)
	if err != nil {
		return err
	}
	loc := from.Location()
	rows, err := tx.Query(ctx, monthDeeds, area, from, to, monthlyRows)
	if err != nil {
		return err
	}
	r.Deeds, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (x monthly.Deed, err error) {
		var by prokus.Staff
		err = row.Scan(&x.At, &x.What, &x.Person, &by.Title, &by.Name, &x.Note)
		x.At, x.By = x.At.In(loc), by.Called()
		return x, err
	})
	if err != nil {
		return err
	}
	rows, err = tx.Query(ctx, `
		SELECT c.ticket, coalesce(p.name, ''), coalesce(p.code, ''), c.reason, c.opened_at, CASE WHEN c.closed_at < $3 THEN c.closed_at END, CASE WHEN c.closed_at < $3 THEN c.outcome ELSE '' END
		FROM cases c LEFT JOIN person p ON p.id = c.person_id
		WHERE c.area_code = $1 AND NOT c.confidential AND c.opened_at < $3 AND (c.closed_at IS NULL OR c.closed_at >= $2) ORDER BY c.opened_at, c.id LIMIT $4`, area, from, to, monthlyRows)
	if err != nil {
		return err
	}
	r.Cases, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (x monthly.Case, err error) {
		var closed *time.Time
		err = row.Scan(&x.Ticket, &x.Person, &x.Code, &x.Reason, &x.Opened, &closed, &x.Outcome)
		x.Opened = x.Opened.In(loc)
		if closed != nil {
			x.Closed = closed.In(loc)
		}
		return x, err
	})
	if err != nil {
		return err
	}
	r.More = len(r.Deeds) == monthlyRows || len(r.Cases) == monthlyRows
	// The weeks that ended in the month and have closed.
	for w := prokus.WeekOf(from); !w.Starts(loc).After(to); w++ {
		if end := w.Ends(loc).Add(-time.Second); end.Before(from) || !end.Before(to) || w.Closes(loc).After(d.Now) {
			continue
		}
		i, err := indicators(ctx, tx, []string{area}, w, false, d.Now)
		if err != nil {
			return err
		}
		r.Weeks = append(r.Weeks, monthly.Week{Week: w, Indicators: i})
	}
	return audit(ctx, tx, d.By.ID, d.What, area+" "+from.Format("2006-01"), d.Now)
}
