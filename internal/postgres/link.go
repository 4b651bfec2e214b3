package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// PersonByCode is the active person with a code, locked.
func (tx *Tx) PersonByCode(ctx context.Context, code string) (prokus.Person, bool, error) {
	var id int64
	err := tx.QueryRow(ctx, `SELECT id FROM person WHERE code = $1 AND status = 'aktif' FOR UPDATE`, code).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return prokus.Person{}, false, nil
	}
	if err != nil {
		return prokus.Person{}, false, fmt.Errorf("person by code: %w", err)
	}
	return tx.Person(ctx, id)
}

// Ways are the active numbers and chats of somebody, the primary one first.
func (tx *Tx) Ways(ctx context.Context, person, staff int64) ([]prokus.Address, error) {
	return tx.ways(ctx, `true OR $3::timestamptz IS NULL`, person, staff, nil)
}

// CertainWays are Ways without the numbers in doubt.
func (tx *Tx) CertainWays(ctx context.Context, person, staff int64, now time.Time) ([]prokus.Address, error) {
	since := now.Add(-silentFor)
	return tx.ways(ctx, certain("$3"), person, staff, &since)
}

func (tx *Tx) ways(ctx context.Context, which string, person, staff int64, since *time.Time) ([]prokus.Address, error) {
	find := `
		SELECT a.id, a.kind, a.value, a.is_primary, a.letter FROM address a LEFT JOIN person p ON p.id = a.person_id
		WHERE (a.person_id = nullif($1::bigint, 0) OR a.staff_id = nullif($2::bigint, 0)) AND a.status = 'aktif' AND (` + which + `)
		ORDER BY a.is_primary DESC, a.id`
	rows, err := tx.Query(ctx, find, person, staff, since)
	if err != nil {
		return nil, fmt.Errorf("ways: %w", err)
	}
	out, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (a prokus.Address, err error) {
		a.Person, a.Staff, a.Status = person, staff, prokus.AddressActive
		return a, r.Scan(&a.ID, &a.Kind, &a.Value, &a.Primary, &a.Letter)
	})
	if err != nil {
		return nil, fmt.Errorf("ways: %w", err)
	}
	return out, nil
}

// LinkAddress makes a number or chat an active address of somebody and the primary one. A letter that she had on a number
// is hers again.
func (tx *Tx) LinkAddress(ctx context.Context, person, staff int64, kind, value string, now time.Time) (id int64, err error) {
	target := `(person_id, kind, value) WHERE person_id IS NOT NULL`
	if staff != 0 {
		target = `(staff_id, kind, value) WHERE staff_id IS NOT NULL`
	}
	upsert := `
		INSERT INTO address (person_id, staff_id, kind, value, is_primary, linked_at)
		VALUES (nullif($1::bigint, 0), nullif($2::bigint, 0), $3, $4, true, $5)
		ON CONFLICT ` + target + `
		DO UPDATE SET status = 'aktif', is_primary = true, linked_at = excluded.linked_at, released_at = NULL, doubted_at = NULL
		RETURNING id`
	if err := tx.QueryRow(ctx, upsert, person, staff, kind, value, now).Scan(&id); err != nil {
		return 0, fmt.Errorf("link address: %w", err)
	}
	const others = `
		UPDATE address SET is_primary = false
		WHERE id <> $3 AND is_primary AND (person_id = nullif($1::bigint, 0) OR staff_id = nullif($2::bigint, 0))`
	if _, err := tx.Exec(ctx, others, person, staff, id); err != nil {
		return 0, fmt.Errorf("link address: %w", err)
	}
	return id, nil
}

// DropAddress takes a number or chat from all people but one, and gives each the next way to reach her as the primary one.
func (tx *Tx) DropAddress(ctx context.Context, kind, value string, but int64, now time.Time) ([]int64, error) {
	const drop = `
		UPDATE address SET status = 'dilepas', released_at = $4, is_primary = false, doubted_at = NULL
		WHERE kind = $1 AND value = $2 AND person_id IS NOT NULL AND person_id <> $3 AND status IN ('aktif', 'diblokir')
		RETURNING person_id`
	rows, err := tx.Query(ctx, drop, kind, value, but, now)
	if err != nil {
		return nil, fmt.Errorf("drop address: %w", err)
	}
	people, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, fmt.Errorf("drop address: %w", err)
	}
	return people, tx.promote(ctx, people)
}

// promote makes one active address of each of these people the primary one where none is.
func (tx *Tx) promote(ctx context.Context, people []int64) error {
	const first = `
		UPDATE address SET is_primary = true WHERE id IN (
			SELECT DISTINCT ON (person_id) id FROM address a
			WHERE person_id = ANY ($1) AND status = 'aktif'
				AND NOT EXISTS (SELECT FROM address b WHERE b.person_id = a.person_id AND b.is_primary AND b.status = 'aktif')
			ORDER BY person_id, linked_at DESC, id)`
	if _, err := tx.Exec(ctx, first, people); err != nil {
		return fmt.Errorf("promote address: %w", err)
	}
	return nil
}

// GiveLetters gives letters to those who share a number and have none yet, after the highest that was given.
func (tx *Tx) GiveLetters(ctx context.Context, value string) error {
	const give = `
		WITH sharing AS (
			SELECT id, letter, count(*) OVER () AS people, max(ascii(nullif(letter, ''))) OVER () AS highest, linked_at
			FROM address WHERE kind = 'phone' AND value = $1 AND status = 'aktif' AND person_id IS NOT NULL
		), given AS (
			SELECT id, chr((coalesce(highest, 64) + row_number() OVER (ORDER BY linked_at, id))::integer) AS letter
			FROM sharing WHERE people > 1 AND letter = ''
		)
		UPDATE address a SET letter = g.letter FROM given g WHERE a.id = g.id AND g.letter BETWEEN 'A' AND 'Z'`
	if _, err := tx.Exec(ctx, give, value); err != nil {
		return fmt.Errorf("letters: %w", err)
	}
	return nil
}

// KeepNotice keeps that a number was told of a link.
func (tx *Tx) KeepNotice(ctx context.Context, address int64, told string, now time.Time) error {
	if _, err := tx.Exec(ctx, `INSERT INTO link_notice (address_id, told, at) VALUES ($1, $2, $3)`, address, told, now); err != nil {
		return fmt.Errorf("link notice: %w", err)
	}
	return nil
}

// NoticeTo is when a number was last told of a link that still stands; ok is false when it was not since a moment.
func (tx *Tx) NoticeTo(ctx context.Context, told string, since time.Time) (at time.Time, ok bool, err error) {
	const find = `SELECT at FROM link_notice WHERE told = $1 AND at > $2 AND undone_at IS NULL ORDER BY at DESC LIMIT 1`
	err = tx.QueryRow(ctx, find, told, since).Scan(&at)
	if errors.Is(err, pgx.ErrNoRows) {
		return at, false, nil
	}
	if err != nil {
		return at, false, fmt.Errorf("link notice: %w", err)
	}
	return at, true, nil
}

// UndoLink takes back the newest link of which a number was told, and makes that number active and primary again.
func (tx *Tx) UndoLink(ctx context.Context, told string, since, now time.Time) (u acts.Undone, ok bool, err error) {
	const undo = `
		WITH newest AS (
			SELECT address_id FROM link_notice WHERE told = $1 AND at > $2 AND undone_at IS NULL ORDER BY at DESC, id DESC LIMIT 1
		), undone AS (
			UPDATE link_notice SET undone_at = $3 WHERE address_id = (SELECT address_id FROM newest) AND undone_at IS NULL
		)
		UPDATE address SET status = 'salah_orang', released_at = $3, is_primary = false WHERE id = (SELECT address_id FROM newest)
		RETURNING coalesce(person_id, 0), coalesce(staff_id, 0), kind, value`
	err = tx.QueryRow(ctx, undo, told, since, now).Scan(&u.Person, &u.Staff, &u.Kind, &u.Value)
	if errors.Is(err, pgx.ErrNoRows) {
		return u, false, nil
	}
	if err != nil {
		return u, false, fmt.Errorf("undo link: %w", err)
	}
	const back = `
		UPDATE address SET is_primary = value = $3, status = CASE WHEN value = $3 AND status = 'dilepas' THEN 'aktif' ELSE status END,
			released_at = CASE WHEN value = $3 THEN NULL ELSE released_at END
		WHERE person_id = nullif($1::bigint, 0) OR staff_id = nullif($2::bigint, 0)`
	if _, err := tx.Exec(ctx, back, u.Person, u.Staff, told); err != nil {
		return u, false, fmt.Errorf("undo link: %w", err)
	}
	return u, true, nil
}

// ConfirmAddress makes a pending number active and primary.
func (tx *Tx) ConfirmAddress(ctx context.Context, person int64, value string, now time.Time) (bool, error) {
	const waits = `SELECT EXISTS (SELECT FROM address WHERE person_id = $1 AND kind = 'phone' AND value = $2 AND status = 'menunggu')`
	var ok bool
	if err := tx.QueryRow(ctx, waits, person, value).Scan(&ok); err != nil {
		return false, fmt.Errorf("confirm address: %w", err)
	}
	if !ok {
		return false, nil
	}
	if _, err := tx.LinkAddress(ctx, person, 0, "phone", value, now); err != nil {
		return false, err
	}
	return true, tx.GiveLetters(ctx, value)
}
