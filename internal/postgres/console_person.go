package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// What one page of a person shows at most.
const (
	personWeeks = 26
	personTalk  = 200
)

// Person reads everything that the page of one person shows, and writes into the audit who read it.
func (c *Console) Person(ctx context.Context, s console.Scope, code string, by int64, now time.Time) (v console.PersonPage, err error) {
	err = c.change(ctx, "person", func(tx *Tx) error {
		v = console.PersonPage{}
		p := &v.Person
		var consentAt, invitedAt, seen *time.Time
		var title, tksk *string
		err := tx.QueryRow(ctx, `
			SELECT p.id, p.code, p.name, p.salutation, p.birth_year, p.nik_last4, p.area_code, p.village, p.rt, p.business, p.cluster,
				p.lang, p.lang_chosen, p.incubator, p.status, p.consent, p.consent_at, p.disability, p.invited_at, p.last_seen, p.zone,
				k.name, coalesce(b.name, ''), coalesce(bt.name, ''), t.title, t.name, p.usual_hours
			FROM person p JOIN area k ON k.code = p.area_code LEFT JOIN area b ON b.code = k.parent
			LEFT JOIN batch bt ON bt.id = p.batch_id
			LEFT JOIN LATERAL (`+tkskOf+`) t ON true
			WHERE p.code = $1 AND in_scope(p.area_code, $2)`, code, s.Areas).Scan(
			&p.ID, &p.Code, &p.Name, &p.Salutation, &p.BirthYear, &p.NIKLast4, &p.Area, &p.Village, &p.RT, &p.Business, &p.Cluster,
			&p.Lang, &p.LangChosen, &p.Incubator, &p.Status, &p.Consent, &consentAt, &p.Disability, &invitedAt, &seen, &p.Zone,
			&v.Kecamatan, &v.Kabupaten, &v.Batch, &title, &tksk, &v.UsualHours)
		if err != nil {
			return err
		}
		p.ConsentAt, p.InvitedAt, p.LastSeen = deref(consentAt), deref(invitedAt), deref(seen)
		v.TKSK = called(title, tksk)
		for _, f := range []func() error{
			func() error { return c.addresses(ctx, tx, &v, now) },
			func() error { return c.grants(ctx, tx, &v, now) },
			func() error { return c.reports(ctx, tx, &v) },
			func() (err error) {
				v.Cases, err = caseRows(ctx, tx, now, `c.person_id = $3 ORDER BY (c.status = 'selesai'), c.opened_at DESC LIMIT 50`,
					s.Areas, s.Sees(), p.ID)
				return err
			},
			func() error {
				if !s.Sees() {
					return nil
				}
				v.Talk, err = talk(ctx, tx, p.ID)
				return err
			},
			func() error {
				local := now.In(p.Location())
				closed := prokus.WeekOf(local) - 1
				if local.Before(closed.Closes(p.Location())) {
					closed--
				}
				deeds, err := tx.Deeds(ctx, []int64{p.ID}, closed)
				if err != nil {
					return err
				}
				v.Deeds = deeds[p.ID]
				v.Moves, err = classMoves(ctx, tx, p.ID)
				return err
			},
			func() error { return audit(ctx, tx, by, "lihat orang", p.Code, now) },
		} {
			if err := f(); err != nil {
				return err
			}
		}
		return nil
	})
	return v, err
}

// tkskOf is who looks after the kecamatan of p.
const tkskOf = `SELECT st.title, st.name FROM staff_area sa JOIN staff st ON st.id = sa.staff_id
	WHERE sa.area_code = p.area_code AND st.role = 'tksk' AND st.active ORDER BY st.id LIMIT 1`

func called(title, name *string) string {
	if name == nil {
		return ""
	}
	return prokus.Staff{Title: *title, Name: *name}.Called()
}

func (c *Console) addresses(ctx context.Context, tx *Tx, v *console.PersonPage, now time.Time) error {
	rows, err := tx.Query(ctx, `
		SELECT a.kind, a.value, a.status, a.is_primary, a.letter,
			EXISTS (SELECT 1 FROM address o WHERE o.kind = a.kind AND o.value = a.value AND o.person_id <> a.person_id AND o.status = 'aktif'),
			a.kind = 'phone' AND a.status = 'aktif' AND NOT `+certain("$2::timestamptz")+`
		FROM address a JOIN person p ON p.id = a.person_id WHERE a.person_id = $1 ORDER BY a.is_primary DESC, a.linked_at DESC LIMIT 20`, v.Person.ID, now.Add(-silentFor))
	if err != nil {
		return err
	}
	v.Addresses, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (a prokus.Address, err error) {
		err = r.Scan(&a.Kind, &a.Value, &a.Status, &a.Primary, &a.Letter, &a.Shared, &a.Doubted)
		return a, err
	})
	return err
}

func (c *Console) grants(ctx context.Context, tx *Tx, v *console.PersonPage, now time.Time) error {
	rows, err := tx.Query(ctx, `
		SELECT g.id, b.name, g.stage, g.since, g.known_at, g.amount, g.spent, g.bank, g.account_last4, g.expect_from, g.expect_to,
			g.receipts_due, g.note, coalesce(bs.stuck_days > 0 AND g.since + bs.stuck_days < $2::date, false)
		FROM grants g JOIN batch b ON b.id = g.batch_id LEFT JOIN batch_stage bs ON bs.batch_id = g.batch_id AND bs.code = g.stage
		WHERE g.person_id = $1 ORDER BY g.batch_id DESC`, v.Person.ID, prokus.Day(now))
	if err != nil {
		return err
	}
	v.Grants, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (g console.GrantView, err error) {
		var from, to, due *time.Time
		err = r.Scan(&g.ID, &g.BatchName, &g.Stage, &g.Since, &g.Known, &g.Amount, &g.Spent, &g.Bank, &g.AccountLast4, &from, &to, &due, &g.Note, &g.Stuck)
		g.ExpectFrom, g.ExpectTo, g.ReceiptsDue = deref(from), deref(to), deref(due)
		return g, err
	})
	if err != nil {
		return err
	}
	for i := range v.Grants { // one or two a person
		g := &v.Grants[i]
		rows, err := tx.Query(ctx, `
			SELECT c.stage, c.since, c.at, s.title, s.name, c.note FROM grant_change c LEFT JOIN staff s ON s.id = c.by_staff
			WHERE c.grant_id = $1 ORDER BY c.at, c.id LIMIT 50`, g.ID)
		if err != nil {
			return err
		}
		g.Changes, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (x console.GrantChange, err error) {
			var title, name *string
			err = r.Scan(&x.Stage, &x.Since, &x.At, &title, &name, &x.Note)
			x.By = called(title, name)
			return x, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *Console) reports(ctx context.Context, tx *Tx, v *console.PersonPage) error {
	rows, err := tx.Query(ctx, `
		SELECT week, amount, coalesce(low, 0), coalesce(high, 0), reason, source, channel, provisional, late, at
		FROM report WHERE person_id = $1 AND NOT disputed ORDER BY week DESC LIMIT $2`, v.Person.ID, personWeeks)
	if err != nil {
		return err
	}
	v.Reports, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (x prokus.Report, err error) {
		var week time.Time
		err = r.Scan(&week, &x.Amount, &x.Low, &x.High, &x.Reason, &x.Source, &x.Channel, &x.Provisional, &x.Late, &x.At)
		x.Week = prokus.WeekOfDate(week)
		return x, err
	})
	return err
}
