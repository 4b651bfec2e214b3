package postgres

import (
	"context"
	"fmt"

	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// MovePerson gives somebody another kecamatan. Open cases that had not gone to the coordinator go to the new TKSK, or to the
// coordinator while the post is vacant; seats in coming sessions of another kabupaten are free.
func (tx *Tx) MovePerson(ctx context.Context, person int64, area, village string) error {
	for _, sql := range []string{
		`UPDATE person p SET area_code = a.code, zone = a.zone, village = CASE WHEN $3 = '' AND p.area_code <> a.code THEN '' WHEN $3 = '' THEN p.village ELSE $3 END,
			rt = CASE WHEN p.area_code <> a.code THEN '' ELSE p.rt END
		FROM area a WHERE p.id = $1 AND a.code = $2 AND a.level = 3`,
		`UPDATE cases SET area_code = $2, owner_id = CASE WHEN escalated_at IS NULL OR kabupaten(area_code) <> kabupaten($2) THEN owner_for($2) ELSE owner_id END
		WHERE person_id = $1 AND status <> 'selesai' AND area_code <> $2 AND $3::text IS NOT NULL`,
		`UPDATE invite i SET rsvp = 'tidak', reason = 'pindah' FROM session s
		WHERE s.id = i.session_id AND i.person_id = $1 AND s.status = 'rencana' AND kabupaten(s.area_code) <> kabupaten($2) AND i.rsvp NOT IN ('tidak', 'ganti') AND $3::text IS NOT NULL`,
	} {
		if _, err := tx.Exec(ctx, sql, person, area, village); err != nil {
			return fmt.Errorf("move person: %w", err)
		}
	}
	return nil
}

// mergeSQL brings over what the duplicate $2 has and the other $1 lacks, in this order; what both have stays with the other.
var mergeSQL = []string{
	`UPDATE report r SET person_id = $1 WHERE person_id = $2 AND NOT EXISTS (SELECT 1 FROM report k WHERE k.person_id = $1 AND k.week = r.week)`,
	`UPDATE report_change SET person_id = $1 WHERE person_id = $2`,
	// A second proposal for the same batch that has not come to an account ends; others go over.
	`, ended AS (UPDATE grants d SET stage = 'batal', since = ($3 AT TIME ZONE 'UTC')::date, known_at = $3, note = 'data ganda'
			WHERE person_id = $2 AND stage <> 'batal' AND EXISTS (SELECT 1 FROM grants k WHERE k.person_id = $1 AND k.batch_id = d.batch_id) RETURNING id, since)
		INSERT INTO grant_change (grant_id, stage, since, at, note) SELECT id, 'batal', since, $3, 'data ganda' FROM ended`,
	`UPDATE grants d SET person_id = $1 WHERE person_id = $2 AND NOT EXISTS (SELECT 1 FROM grants k WHERE k.person_id = $1 AND k.batch_id = d.batch_id)`,
	`UPDATE cases c SET status = 'selesai', closed_at = $3, outcome = 'digabung', remind_at = NULL, escalate_at = NULL, wake_at = NULL
		WHERE person_id = $2 AND status <> 'selesai' AND EXISTS (SELECT 1 FROM cases k WHERE k.person_id = $1 AND k.reason = c.reason AND k.status <> 'selesai')`,
	`UPDATE cases SET person_id = $1 WHERE person_id = $2`,
	`UPDATE invite i SET person_id = $1 WHERE person_id = $2 AND NOT EXISTS (SELECT 1 FROM invite k WHERE k.person_id = $1 AND k.session_id = i.session_id)`,
	`DELETE FROM invite i USING session s WHERE i.person_id = $2 AND s.id = i.session_id AND s.status = 'rencana'`,
	`UPDATE leave l SET person_id = $1 WHERE person_id = $2 AND NOT EXISTS (SELECT 1 FROM leave k WHERE k.person_id = $1 AND k.from_week = l.from_week)`,
	`UPDATE consent_event SET person_id = $1 WHERE person_id = $2`,
	`UPDATE observation SET person_id = $1 WHERE person_id = $2`,
	`UPDATE inbox SET person_id = $1 WHERE person_id = $2`,
	`UPDATE outbox SET person_id = $1 WHERE person_id = $2 AND state NOT IN ('queued', 'sending')`,
	// One number with both on it is hers alone again.
	`DELETE FROM address d WHERE person_id = $2 AND EXISTS (SELECT 1 FROM address k WHERE k.person_id = $1 AND k.kind = d.kind AND k.value = d.value)`,
	`UPDATE address SET person_id = $1, is_primary = is_primary AND NOT EXISTS (SELECT 1 FROM address k WHERE k.person_id = $1 AND k.is_primary) WHERE person_id = $2`,
	`UPDATE address a SET letter = '' WHERE person_id = $1 AND letter <> ''
		AND NOT EXISTS (SELECT 1 FROM address o WHERE o.kind = a.kind AND o.value = a.value AND o.person_id <> $1 AND o.status = 'aktif')`,
	`DELETE FROM place WHERE owner = 'p:' || $2`,
	`DELETE FROM score WHERE person_id = $2`,
	// The newer answer about consent counts; gaps are filled.
	`UPDATE person k SET
			consent = CASE WHEN d.consent_at > coalesce(k.consent_at, '-infinity') THEN d.consent ELSE k.consent END,
			consent_at = greatest(k.consent_at, d.consent_at), last_seen = greatest(k.last_seen, d.last_seen), created_at = least(k.created_at, d.created_at),
			birth_year = CASE WHEN k.birth_year = 0 THEN d.birth_year ELSE k.birth_year END, village = coalesce(nullif(k.village, ''), d.village),
			rt = coalesce(nullif(k.rt, ''), d.rt), business = coalesce(nullif(k.business, ''), d.business), cluster = coalesce(nullif(k.cluster, ''), d.cluster),
			incubator = coalesce(nullif(k.incubator, ''), d.incubator), batch_id = coalesce(k.batch_id, d.batch_id), disability = k.disability OR d.disability,
			lang = CASE WHEN d.lang_chosen AND NOT k.lang_chosen THEN d.lang ELSE k.lang END, lang_chosen = k.lang_chosen OR d.lang_chosen
		FROM person d WHERE k.id = $1 AND d.id = $2`,
	`UPDATE person SET status = 'ganda', merged_into = $1 WHERE id = $2`,
}

// Merge makes one record of two. Where both have a grant of the same batch and that of the duplicate has come to an account,
// or only the one that stays was cancelled, it is refused: which money counts is for people to find out.
func (tx *Tx) Merge(ctx context.Context, keep, duplicate prokus.Person, by acts.By) error {
	// Locked in the order of the ids, whichever is kept.
	if _, err := tx.Exec(ctx, `SELECT FROM person WHERE id IN ($1, $2) ORDER BY id FOR UPDATE`, keep.ID, duplicate.ID); err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	var both bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM grants a JOIN grants b ON b.batch_id = a.batch_id WHERE a.person_id = $1 AND b.person_id = $2
		AND (b.stage NOT IN ('usul', 'verif', 'tetap', 'batal') OR a.stage = 'batal' AND b.stage <> 'batal'))`, keep.ID, duplicate.ID).Scan(&both)
	if err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	if both {
		return acts.ErrTwoGrants
	}
	for _, sql := range mergeSQL {
		if _, err := tx.Exec(ctx, `WITH a AS (SELECT $1::bigint, $2::bigint, $3::timestamptz) `+sql, keep.ID, duplicate.ID, by.Now); err != nil {
			return fmt.Errorf("merge: %w", err)
		}
	}
	return nil
}

// Assign gives the post of TKSK in a kecamatan to somebody, or to nobody, with the open cases that had not gone further.
func (tx *Tx) Assign(ctx context.Context, area string, staff int64, by acts.By) (changed bool, err error) {
	if staff != 0 {
		var ok bool
		err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM staff s WHERE s.id = $1 AND s.role = 'tksk' AND s.active
			AND (EXISTS (SELECT 1 FROM staff_area a WHERE a.staff_id = s.id AND kabupaten(a.area_code) = kabupaten($2))
				OR NOT EXISTS (SELECT 1 FROM staff_area a WHERE a.staff_id = s.id)))`, staff, area).Scan(&ok)
		if err != nil {
			return false, fmt.Errorf("assign: %w", err)
		}
		if !ok {
			return false, acts.ErrNotTheirs
		}
	}
	if _, err := tx.Exec(ctx, `SELECT FROM area WHERE code = $1 FOR UPDATE`, area); err != nil {
		return false, fmt.Errorf("assign: %w", err)
	}
	gone, err := tx.Exec(ctx, `DELETE FROM staff_area x USING staff s WHERE x.staff_id = s.id AND s.role = 'tksk' AND x.area_code = $1 AND s.id <> $2`, area, staff)
	if err != nil {
		return false, fmt.Errorf("assign: %w", err)
	}
	added, err := tx.Exec(ctx, `INSERT INTO staff_area (staff_id, area_code) SELECT $2::bigint, $1::text WHERE $2::bigint <> 0 ON CONFLICT DO NOTHING`, area, staff)
	if err != nil {
		return false, fmt.Errorf("assign: %w", err)
	}
	if gone.RowsAffected() == 0 && added.RowsAffected() == 0 {
		return false, nil
	}
	// Rules of the clock find whoever holds the post; what is open now goes over at once.
	_, err = tx.Exec(ctx, `
		WITH moved AS (
			UPDATE cases c SET owner_id = owner_for($1) WHERE c.area_code = $1 AND c.status <> 'selesai' AND NOT c.confidential AND c.escalated_at IS NULL
				AND c.owner_id IS DISTINCT FROM owner_for($1)
				AND (c.owner_id IS NULL OR EXISTS (SELECT 1 FROM staff s WHERE s.id = c.owner_id AND s.role = 'tksk'))
			RETURNING c.id
		) INSERT INTO case_event (case_id, at, by_staff, what) SELECT id, $2, nullif($3::bigint, 0), 'handed' FROM moved`, area, by.Now, staffOf(by))
	if err != nil {
		return false, fmt.Errorf("assign: %w", err)
	}
	return true, nil
}

func staffOf(by acts.By) int64 {
	if by.Staff == nil {
		return 0
	}
	return by.Staff.ID
}
