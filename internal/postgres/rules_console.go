package postgres

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// RuleVersions are all versions of the rules, the oldest first.
func (c *Console) RuleVersions(ctx context.Context) (all []prokus.RuleVersion, err error) {
	err = c.read(ctx, "rules", func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT `+versionCols+` FROM rule_version v ORDER BY v.id`)
		if err != nil {
			return err
		}
		all, err = pgx.CollectRows(rows, scanVersion)
		return err
	})
	return all, err
}

// RuleAreas are the areas whose rules somebody of the scope may change: the nation for whoever has it, then provinces and
// kabupaten in which somebody is in the programme.
func (c *Console) RuleAreas(ctx context.Context, s console.Scope) (out []console.Area, err error) {
	err = c.read(ctx, "rule areas", func(tx pgx.Tx) error {
		out, err = ruleAreas(ctx, tx, s)
		return err
	})
	return out, err
}

func ruleAreas(ctx context.Context, tx pgx.Tx, s console.Scope) (out []console.Area, err error) {
	if slices.Contains(s.Areas, prokus.National) {
		out = append(out, console.Area{Code: prokus.National, Name: "Nasional"})
	}
	rows, err := tx.Query(ctx, `
		WITH live AS MATERIALIZED (
			SELECT DISTINCT k.parent AS code FROM area k
			WHERE k.level = 3 AND in_scope(k.code, $1) AND EXISTS (SELECT 1 FROM person p WHERE p.area_code = k.code)
		)
		SELECT a.code, a.name, coalesce(a.parent, '') FROM area a
		WHERE a.code = ANY ($1) AND a.level <= 2 OR a.code IN (SELECT code FROM live UNION SELECT left(code, 2) FROM live) AND in_scope(a.code, $1)
		ORDER BY a.code LIMIT 600`, s.Areas)
	if err != nil {
		return nil, err
	}
	more, err := pgx.CollectRows(rows, pgx.RowToStructByPos[console.Area])
	return append(out, more...), err
}

// RuleHistory are the versions of a setting in an area and in those above it, newest first.
func (c *Console) RuleHistory(ctx context.Context, area, key string, limit int) (out []console.RuleRow, err error) {
	var chain []string
	for a := area; a != ""; a = prokus.Above(a) {
		chain = append(chain, a)
	}
	err = c.read(ctx, "rule history", func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT `+versionCols+`, coalesce(a.name, 'nasional'), coalesce(s.title, ''), coalesce(s.name, ''), v.at
			FROM rule_version v LEFT JOIN area a ON a.code = v.area_code LEFT JOIN staff s ON s.id = v.author_id
			WHERE v.area_code = ANY ($1) AND v.key = $2 ORDER BY v.id DESC LIMIT $3`, chain, key, limit)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (r console.RuleRow, err error) {
			var by prokus.Staff
			err = row.Scan(&r.ID, &r.Area, &r.Key, &r.Value, &r.Follows, &r.From, &r.Author, &r.Note, &r.Where, &by.Title, &by.Name, &r.Written)
			if by.Name != "" {
				r.By = by.Called()
			}
			return r, err
		})
		return err
	})
	return out, err
}

// WriteRule adds a version, unless somebody was faster.
func (c *Console) WriteRule(ctx context.Context, s console.Scope, v prokus.RuleVersion, seen int64, now time.Time) error {
	return c.change(ctx, "write rule", func(tx *Tx) error {
		areas, err := ruleAreas(ctx, tx, s)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(areas, func(a console.Area) bool { return a.Code == v.Area }) {
			return pgx.ErrNoRows
		}
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended($1, 140))`, v.Area+" "+v.Key); err != nil {
			return err
		}
		var newest int64
		if err := tx.QueryRow(ctx, `SELECT coalesce(max(id), 0) FROM rule_version WHERE area_code = $1 AND key = $2`, v.Area, v.Key).Scan(&newest); err != nil {
			return err
		}
		if newest != seen {
			return console.ErrStale
		}
		set, ok := prokus.SettingByKey(v.Key)
		if !ok {
			return prokus.ErrKey
		}
		if !v.Follows {
			if err := set.Check(v.Value, v.Area); err != nil {
				return err
			}
		}
		if v.Author == 0 {
			return errors.New("a version without an author")
		}
		if err := tx.writeRule(ctx, v, now); err != nil {
			return err
		}
		return audit(ctx, tx, v.Author, "aturan", v.Area+" "+v.Key, now)
	})
}
