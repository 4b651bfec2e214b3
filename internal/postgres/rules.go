package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

const versionCols = `v.id, v.area_code, v.key, v.value, v.follows, v.valid_from, coalesce(v.author_id, 0), v.note`

func scanVersion(row pgx.CollectableRow) (v prokus.RuleVersion, err error) {
	return v, row.Scan(&v.ID, &v.Area, &v.Key, &v.Value, &v.Follows, &v.From, &v.Author, &v.Note)
}

// RuleVersions are all versions of the rules, the oldest first.
func (s *Schedule) RuleVersions(ctx context.Context) (all []prokus.RuleVersion, err error) {
	err = s.in(ctx, func(tx *Tx) error {
		rows, err := tx.Query(ctx, `SELECT `+versionCols+` FROM rule_version v ORDER BY v.id`)
		if err != nil {
			return err
		}
		all, err = pgx.CollectRows(rows, scanVersion)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("rule versions: %w", err)
	}
	return all, nil
}

// Rules are the rules of an area at a moment.
func (tx *Tx) Rules(ctx context.Context, area string, now time.Time) (prokus.Rules, error) {
	chain := []string{prokus.National}
	for a := area; a != "" && a != prokus.National; a = prokus.Above(a) {
		chain = append(chain, a)
	}
	rows, err := tx.Query(ctx, `
		SELECT DISTINCT ON (v.area_code, v.key) `+versionCols+` FROM rule_version v WHERE v.area_code = ANY ($1) AND v.valid_from <= $2
		ORDER BY v.area_code, v.key, v.valid_from DESC, v.id DESC`, chain, now)
	if err != nil {
		return prokus.Rules{}, fmt.Errorf("rules: %w", err)
	}
	all, err := pgx.CollectRows(rows, scanVersion)
	if err != nil {
		return prokus.Rules{}, fmt.Errorf("rules: %w", err)
	}
	book, _ := prokus.NewRulebook(all, now) // what it does not understand is told by the sweep
	return book.For(area), nil
}

// rulebook are the rules of all areas at a moment.
func (tx *Tx) rulebook(ctx context.Context, now time.Time) (prokus.Rulebook, error) {
	rows, err := tx.Query(ctx, `SELECT `+versionCols+` FROM rule_version v WHERE v.valid_from <= $1 ORDER BY v.id`, now)
	if err != nil {
		return prokus.Rulebook{}, fmt.Errorf("rulebook: %w", err)
	}
	all, err := pgx.CollectRows(rows, scanVersion)
	if err != nil {
		return prokus.Rulebook{}, fmt.Errorf("rulebook: %w", err)
	}
	book, _ := prokus.NewRulebook(all, now)
	return book, nil
}

// loadRules writes the defaults of settings that have no version yet, so that a later program with other defaults changes
// nobody's rules by itself.
func (tx *Tx) loadRules(ctx context.Context) error {
	var keys, values []string
	for _, s := range prokus.Settings() {
		keys, values = append(keys, s.Key), append(values, s.Default)
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO rule_version (area_code, key, value, valid_from, note, at)
		SELECT 'ID', n.key, n.value, '2000-01-01', 'bawaan program', now() FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS n (key, value, place)
		WHERE NOT EXISTS (SELECT FROM rule_version v WHERE v.area_code = 'ID' AND v.key = n.key) ORDER BY n.place`, keys, values)
	if err != nil {
		return fmt.Errorf("load rules: %w", err)
	}
	return nil
}
