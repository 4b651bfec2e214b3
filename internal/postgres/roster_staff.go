package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/internal/roster"
)

// KnownStaff is everyone on the staff who is active: some thousands at most.
func (tx importTx) KnownStaff(ctx context.Context) ([]roster.KnownStaff, error) {
	rows, err := tx.Query(ctx, `
		SELECT s.id, s.role, s.name, s.title, s.institution, s.email, s.lang,
			ARRAY (SELECT area_code FROM staff_area WHERE staff_id = s.id ORDER BY area_code),
			ARRAY (SELECT value FROM address WHERE staff_id = s.id AND kind = 'phone' AND status = 'aktif' ORDER BY is_primary DESC, id)
		FROM staff s WHERE s.active ORDER BY s.id`)
	if err != nil {
		return nil, fmt.Errorf("known staff: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (roster.KnownStaff, error) {
		s := roster.KnownStaff{Staff: prokus.Staff{Active: true}}
		var numbers []string
		err := row.Scan(&s.ID, &s.Role, &s.Name, &s.Title, &s.Institution, &s.Email, &s.Lang, &s.Areas, &numbers)
		for _, n := range numbers {
			s.Phones = append(s.Phones, prokus.Phone(n))
		}
		return s, err
	})
}

// SaveStaff inserts new members and updates known ones. A new number takes the place of the old one; areas are only added.
func (tx importTx) SaveStaff(ctx context.Context, now time.Time, staff []roster.StaffRow) error {
	if err := tx.numberStaff(ctx, staff); err != nil {
		return err
	}
	var ids []int64
	var names, titles, institutions, emails []string
	var areaStaff, phoneStaff []int64
	var areaCodes, phones []string
	for _, s := range staff {
		ids, names, titles = append(ids, s.ID), append(names, s.Name), append(titles, s.Title)
		institutions, emails = append(institutions, s.Institution), append(emails, s.Email)
		for _, a := range s.Areas {
			areaStaff, areaCodes = append(areaStaff, s.ID), append(areaCodes, a)
		}
		if s.Phone != "" {
			phoneStaff, phones = append(phoneStaff, s.ID), append(phones, string(s.Phone))
		}
	}
	b := &pgx.Batch{}
	// Another person with the number of the one before: no word of the name is left. The people are told as of any successor (R17).
	b.Queue(`
		UPDATE officer_told o SET staff_id = 0
		FROM unnest($1::bigint[], $2::text[]) AS n (id, name) JOIN staff s ON s.id = n.id AND s.role = 'tksk'
			AND NOT string_to_array(lower(s.name), ' ') && string_to_array(lower(n.name), ' ')
		WHERE o.staff_id = s.id`, ids, names)
	b.Queue(`
		UPDATE staff s SET name = n.name, title = n.title, institution = n.institution, email = n.email
		FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[]) AS n (id, name, title, institution, email) WHERE s.id = n.id`,
		ids, names, titles, institutions, emails)
	b.Queue(`INSERT INTO staff_area (staff_id, area_code) SELECT * FROM unnest($1::bigint[], $2::text[]) ON CONFLICT DO NOTHING`, areaStaff, areaCodes)
	b.Queue(`
		UPDATE address a SET status = 'dilepas', is_primary = false, released_at = $2
		WHERE a.staff_id = ANY ($1::bigint[]) AND a.kind = 'phone' AND a.status = 'aktif'`, phoneStaff, now)
	b.Queue(`
		INSERT INTO address (staff_id, kind, value, is_primary, linked_at)
		SELECT n.staff, 'phone', n.number, NOT EXISTS (SELECT FROM address a WHERE a.staff_id = n.staff AND a.is_primary AND a.status = 'aktif'), $3
		FROM unnest($1::bigint[], $2::text[]) AS n (staff, number)
		ON CONFLICT (staff_id, kind, value) WHERE staff_id IS NOT NULL
		DO UPDATE SET status = 'aktif', is_primary = excluded.is_primary, released_at = NULL, linked_at = excluded.linked_at`, phoneStaff, phones, now)
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("save staff: %w", err)
	}
	return nil
}

// numberStaff gives new members their ids and rows. COPY may set an identity column, so the rows keep their order.
func (tx importTx) numberStaff(ctx context.Context, staff []roster.StaffRow) error {
	var fresh []int
	for i, s := range staff {
		if s.ID == 0 {
			fresh = append(fresh, i)
		}
	}
	ids, err := tx.nextIDs(ctx, "staff", len(fresh))
	if err != nil {
		return err
	}
	for i, n := range fresh {
		staff[n].ID = ids[i]
	}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"staff"}, []string{"id", "role", "name", "lang"}, pgx.CopyFromSlice(len(fresh), func(i int) ([]any, error) {
		s := staff[fresh[i]]
		return []any{s.ID, string(s.Role), s.Name, string(s.Lang)}, nil
	}))
	if err != nil {
		return fmt.Errorf("save staff: %w", err)
	}
	return nil
}

// nextIDs takes n ids of a table's identity column.
func (tx *Tx) nextIDs(ctx context.Context, table string, n int) ([]int64, error) {
	if n == 0 {
		return nil, nil
	}
	rows, err := tx.Query(ctx, `SELECT nextval(pg_get_serial_sequence($1, 'id')) FROM generate_series(1, $2)`, table, n)
	if err != nil {
		return nil, fmt.Errorf("ids of %s: %w", table, err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, fmt.Errorf("ids of %s: %w", table, err)
	}
	return ids, nil
}
