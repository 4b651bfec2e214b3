package postgres

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Erase fulfils wishes to be forgotten (HAPUS DATA; faults.md H6): what is personal goes, sums stay, and what points to her row
// points to a number without a name. Her code stays: by it the trail of who read her page keeps its meaning, and a list that
// holds her again finds somebody who has left and is told nothing. Whoever came back with MULAI meanwhile has taken the wish back.
func (s *Schedule) Erase(ctx context.Context, by, now time.Time, limit int) (n int, err error) {
	err = s.in(ctx, func(tx *Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT c.id, c.person_id, p.consent = 'ya' AND p.consent_at > c.opened_at
			FROM cases c JOIN person p ON p.id = c.person_id
			WHERE c.reason = 'HAPUS_DATA' AND c.outcome NOT IN ('dihapus', 'dicabut') AND c.due_at <= $1
			ORDER BY c.due_at LIMIT $2 FOR UPDATE OF c, p SKIP LOCKED`, by, limit)
		if err != nil {
			return err
		}
		type wish struct {
			ID, Person int64
			Withdrawn  bool
		}
		wishes, err := pgx.CollectRows(rows, pgx.RowToStructByPos[wish])
		if err != nil {
			return err
		}
		n = len(wishes)
		for _, w := range wishes {
			outcome := "dicabut"
			if !w.Withdrawn {
				outcome = "dihapus"
				if err := eraseAll(ctx, tx, w.Person, now); err != nil {
					return err
				}
			}
			_, err := tx.Exec(ctx, `
				WITH done AS (
					UPDATE cases SET status = 'selesai', outcome = $2, closed_at = coalesce(closed_at, $3), remind_at = NULL, escalate_at = NULL, wake_at = NULL WHERE id = $1
				)
				INSERT INTO case_event (case_id, at, what, note) VALUES ($1, $3, 'closed', $2)`, w.ID, outcome, now)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("erase: %w", err)
	}
	return n, nil
}

// eraseAll erases a person and the duplicates that were merged into her.
func eraseAll(ctx context.Context, tx *Tx, person int64, now time.Time) error {
	rows, err := tx.Query(ctx, `SELECT id FROM person WHERE id = $1 OR merged_into = $1 ORDER BY id FOR UPDATE`, person)
	if err != nil {
		return err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := erasePerson(ctx, tx, id, now); err != nil {
			return fmt.Errorf("person %d: %w", id, err)
		}
	}
	return nil
}

// traces are what others wrote or were told may name her by.
type traces struct {
	person  int64
	staff   []int64  // whoever looks after her district, and the mentors of her sessions
	senders []string // their numbers and chats
	values  []string // her numbers and chats
	names   []string // lower case: name, code, numbers as people write them
}

func erasePerson(ctx context.Context, tx *Tx, person int64, now time.Time) error {
	t, err := tracesOf(ctx, tx, person)
	if err != nil {
		return err
	}
	for _, q := range erasures {
		if _, err := tx.Exec(ctx, q.sql, q.args(t, now)...); err != nil {
			return fmt.Errorf("%s: %w", q.what, err)
		}
	}
	return nil
}

func tracesOf(ctx context.Context, tx *Tx, person int64) (t traces, err error) {
	t.person = person
	var name, code string
	if err := tx.QueryRow(ctx, `SELECT name, code FROM person WHERE id = $1`, person).Scan(&name, &code); err != nil {
		return t, err
	}
	err = tx.QueryRow(ctx, `
		SELECT coalesce((SELECT array_agg(value) FROM address WHERE person_id = $1), '{}'),
			coalesce((SELECT array_agg(DISTINCT s.id) FROM (
				SELECT x.staff_id AS id FROM staff_area x, person p WHERE p.id = $1 AND (x.area_code IN ('ID', left(p.area_code, 2)) OR x.area_code LIKE left(p.area_code, 5) || '%')
				UNION ALL SELECT z.mentor_id FROM invite i JOIN session z ON z.id = i.session_id WHERE i.person_id = $1 AND z.mentor_id IS NOT NULL
				UNION ALL SELECT e.by_staff FROM case_event e JOIN cases c ON c.id = e.case_id WHERE c.person_id = $1 AND e.by_staff IS NOT NULL
			) s), '{}')`, person).Scan(&t.values, &t.staff)
	if err != nil {
		return t, err
	}
	if err := tx.QueryRow(ctx, `SELECT coalesce((SELECT array_agg(value) FROM address WHERE staff_id = ANY ($1)), '{}')`, t.staff).Scan(&t.senders); err != nil {
		return t, err
	}
	first, _, _ := strings.Cut(name, " ")
	t.names = []string{strings.ToLower(name), strings.ToLower(first), code}
	for _, v := range t.values {
		t.names = append(t.names, v, prokus.Phone(v).Local())
	}
	return t, nil
}

// naming is true of a text that names her.
const naming = `EXISTS (SELECT 1 FROM unnest($2::text[]) AS name WHERE position(name IN lower(%s)) > 0)`

func own(t traces, _ time.Time) []any { return []any{t.person} }

// erasures are what is done to what is kept of a person. Whoever shares her number keeps what is theirs.
var erasures = []struct {
	what string
	sql  string
	args func(traces, time.Time) []any
}{
	{"what she wrote", `UPDATE inbox SET raw = NULL, text = '', media = '', reply = NULL, sender = '' WHERE person_id = $1`, own},
	{"what her number wrote before it was hers",
		`UPDATE inbox SET raw = NULL, text = '', media = '', reply = NULL, sender = '' WHERE sender = ANY ($1) AND person_id IS NULL AND staff_id IS NULL`,
		func(t traces, _ time.Time) []any { return []any{t.values} }},
	{"how it looked in a demo's chat", `DELETE FROM sim_card WHERE message IN (SELECT id FROM outbox WHERE person_id = $1)`, own},
	{"what she was told", `
		UPDATE outbox SET args = '{}', literal = NULL, said = '', buttons = NULL, picture = NULL, opens_vars = NULL, refused = '{}', recipient = '',
			state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END, error = CASE WHEN state = 'queued' THEN 'hapus data' ELSE error END
		WHERE person_id = $1`, own},
	{"what her number was told", `
		UPDATE outbox SET args = '{}', literal = NULL, said = '', buttons = NULL, picture = NULL, opens_vars = NULL, refused = '{}', recipient = '',
			state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END
		WHERE recipient = ANY ($1) AND person_id IS NULL AND staff_id IS NULL`, func(t traces, _ time.Time) []any { return []any{t.values} }},
	{"what others were told of her", `
		UPDATE outbox SET args = '{}', literal = NULL, said = '', buttons = NULL, picture = NULL, opens_vars = NULL, state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END
		WHERE (staff_id = ANY ($1) OR recipient = ANY ($3)) AND (` + fmt.Sprintf(naming, `said`) + ` OR ` + fmt.Sprintf(naming, `args::text`) + `)`,
		func(t traces, _ time.Time) []any { return []any{t.staff, t.names, t.values} }},
	{"what others wrote of her", `
		UPDATE inbox SET raw = NULL, text = '', media = '', reply = NULL
		WHERE sender = ANY ($1) AND (` + fmt.Sprintf(naming, `text`) + ` OR ` + fmt.Sprintf(naming, `coalesce(reply::text, '')`) + `)`,
		func(t traces, _ time.Time) []any { return []any{append(t.senders, t.values...), t.names} }},
	{"open questions about her", `DELETE FROM place WHERE owner = 'p:' || $1::bigint OR owner IN (SELECT x || v FROM unnest($3::text[]) v, unnest('{n:,u:}'::text[]) x)
			OR owner IN (SELECT 's:' || s FROM unnest($4::bigint[]) s) AND (` + fmt.Sprintf(naming, `vars::text`) + ` OR ` + fmt.Sprintf(naming, `options::text`) + `)`,
		func(t traces, _ time.Time) []any { return []any{t.person, t.names, t.values, t.staff} }},
	{"tries", `DELETE FROM link_try WHERE sender = ANY ($1) OR code = $2`, func(t traces, _ time.Time) []any { return []any{t.values, t.names[2]} }},
	{"screens", `DELETE FROM ussd_session WHERE phone = ANY ($1)`, func(t traces, _ time.Time) []any { return []any{t.values} }},
	{"links", `DELETE FROM link WHERE person_id = $1`, own},
	{"notices of links", `DELETE FROM link_notice WHERE told = ANY ($1)`, func(t traces, _ time.Time) []any { return []any{t.values} }},
	{"her numbers", `DELETE FROM address WHERE person_id = $1`, own},
	{"how her figures were written", `UPDATE report_change SET raw = '' WHERE person_id = $1 AND raw <> ''`, own},
	{"what is known of her account", `
		WITH g AS (UPDATE grants SET bank = '', account_last4 = '', note = '' WHERE person_id = $1 RETURNING id),
			c AS (UPDATE grant_change SET note = '' WHERE grant_id IN (SELECT id FROM grants WHERE person_id = $1) AND note <> '')
		UPDATE nota SET media = '' WHERE grant_id IN (SELECT id FROM g)`, own},
	{"reasons that she gave", `
		WITH l AS (UPDATE leave SET reason = '' WHERE person_id = $1), e AS (UPDATE consent_event SET witness = '' WHERE person_id = $1)
		UPDATE invite SET reason = '' WHERE person_id = $1`, own},
	{"her cases", `
		WITH c AS (
			UPDATE cases SET note = '', detail = '{}', status = 'selesai', closed_at = coalesce(closed_at, $2), remind_at = NULL, escalate_at = NULL, wake_at = NULL,
				outcome = CASE WHEN status = 'selesai' THEN outcome ELSE 'hapus data' END
			WHERE person_id = $1 RETURNING id
		)
		UPDATE case_event SET note = '' WHERE case_id IN (SELECT id FROM cases WHERE person_id = $1)`, func(t traces, now time.Time) []any { return []any{t.person, now} }},
	{"herself", `
		UPDATE person SET name = '(dihapus)', birth_year = 0, nik_hmac = NULL, nik_last4 = '', village = '', rt = '', business = '',
			disability = false, status = CASE status WHEN 'ganda' THEN status ELSE 'keluar' END, consent = 'berhenti', last_seen = NULL, invited_at = NULL
		WHERE id = $1`, own},
}
