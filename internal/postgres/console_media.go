package postgres

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/console"
)

// Notas are the receipts of a person of the scope.
func (c *Console) Notas(ctx context.Context, s console.Scope, person int64) ([]console.Nota, error) {
	var out []console.Nota
	err := c.read(ctx, "notas", func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT n.id, n.amount, n.at, n.channel, s.title, s.name, n.media <> ''
			FROM grants g JOIN person p ON p.id = g.person_id JOIN nota n ON n.grant_id = g.id LEFT JOIN staff s ON s.id = n.by_staff
			WHERE g.person_id = $1 AND in_scope(p.area_code, $2) ORDER BY n.at DESC, n.id DESC LIMIT 100`, person, s.Areas)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (n console.Nota, err error) {
			var title, name *string
			err = r.Scan(&n.ID, &n.Amount, &n.At, &n.Via, &title, &name, &n.Photo)
			n.By = called(title, name)
			return n, err
		})
		return err
	})
	return out, err
}

// caseMedia are photos and voice notes i of the person of a case c, from shortly before it was opened (they may be why it
// was) until it was closed. While something confidential of hers is open, a TKSK hears none of it: it may be about them.
const caseMedia = ` FROM cases c JOIN inbox i ON i.person_id = c.person_id AND i.media <> ''
	AND i.at >= c.opened_at - interval '10 minutes' AND (c.closed_at IS NULL OR i.at <= c.closed_at)
	AND ($2 OR NOT EXISTS (SELECT 1 FROM cases x WHERE x.person_id = c.person_id AND x.confidential
		AND i.at >= x.opened_at - interval '10 minutes' AND (x.closed_at IS NULL OR i.at <= x.closed_at)))
	LEFT JOIN person p ON p.id = c.person_id
	WHERE ` + caseScope + ` AND c.id = $3 `

// CaseMedia are what she sent while a case was open.
func (c *Console) CaseMedia(ctx context.Context, s console.Scope, id int64) ([]console.MediaRow, error) {
	var out []console.MediaRow
	err := c.read(ctx, "case media", func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT i.id, i.media_kind, i.at, i.text`+caseMedia+`ORDER BY i.at DESC LIMIT 20`, s.Areas, s.Sees(), id)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, pgx.RowToStructByPos[console.MediaRow])
		return err
	})
	return out, err
}

// CaseFile is where one of them is.
func (c *Console) CaseFile(ctx context.Context, s console.Scope, id, inbox int64, by int64, now time.Time) (f console.MediaFile, err error) {
	err = c.change(ctx, "case file", func(tx *Tx) error {
		err := tx.QueryRow(ctx, `SELECT i.channel, i.media`+caseMedia+`AND i.id = $4`, s.Areas, s.Sees(), id, inbox).Scan(&f.Channel, &f.Handle)
		if err != nil {
			return err
		}
		return audit(ctx, tx, by, "lihat berkas kasus", strconv.FormatInt(id, 10)+" "+strconv.FormatInt(inbox, 10), now)
	})
	return f, err
}

// NotaFile is where the photo of a receipt is.
func (c *Console) NotaFile(ctx context.Context, s console.Scope, nota int64, by int64, now time.Time) (f console.MediaFile, err error) {
	err = c.change(ctx, "nota file", func(tx *Tx) error {
		err := tx.QueryRow(ctx, `
			SELECT n.channel, n.media FROM nota n JOIN grants g ON g.id = n.grant_id JOIN person p ON p.id = g.person_id
			WHERE n.id = $1 AND n.media <> '' AND in_scope(p.area_code, $2)`, nota, s.Areas).Scan(&f.Channel, &f.Handle)
		if err != nil {
			return err
		}
		return audit(ctx, tx, by, "lihat nota", strconv.FormatInt(nota, 10), now)
	})
	return f, err
}
