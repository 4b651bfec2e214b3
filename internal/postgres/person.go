package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// personFields are read by scanPerson; p is the person, k her kecamatan and b its kabupaten.
const personFields = `
	p.id, p.code, p.name, p.salutation, p.birth_year, p.nik_last4, p.area_code, coalesce(k.name, ''), coalesce(b.name, ''), p.village, p.rt, p.business, p.cluster,
	p.lang, p.lang_chosen, coalesce(p.batch_id, 0), p.incubator, p.status, p.consent, p.consent_at, p.bracket, p.disability,
	p.invited_at, p.last_seen, p.zone`

const personJoins = `
	LEFT JOIN area k ON k.code = p.area_code
	LEFT JOIN area b ON b.code = k.parent`

func scanPerson(row pgx.Row) (p prokus.Person, err error) {
	var consentAt, invitedAt, lastSeen nullTime
	err = row.Scan(&p.ID, &p.Code, &p.Name, &p.Salutation, &p.BirthYear, &p.NIKLast4, &p.Area, &p.Kecamatan, &p.Kabupaten, &p.Village, &p.RT, &p.Business, &p.Cluster,
		&p.Lang, &p.LangChosen, &p.Batch, &p.Incubator, &p.Status, &p.Consent, &consentAt, &p.Bracket, &p.Disability, &invitedAt, &lastSeen, &p.Zone)
	p.ConsentAt, p.InvitedAt, p.LastSeen = consentAt.Time, invitedAt.Time, lastSeen.Time
	return p, err
}

// Person is one person by id.
func (tx *Tx) Person(ctx context.Context, id int64) (prokus.Person, bool, error) {
	p, err := scanPerson(tx.QueryRow(ctx, `SELECT `+personFields+` FROM person p`+personJoins+` WHERE p.id = $1`, id))
	if errors.Is(err, pgx.ErrNoRows) {
		return p, false, nil
	}
	if err != nil {
		return p, false, fmt.Errorf("person: %w", err)
	}
	return p, true, nil
}

// SetConsent records what she answered, on the person and as an event.
func (tx *Tx) SetConsent(ctx context.Context, person int64, c prokus.Consent, channel string, now time.Time) error {
	const update = `
		WITH changed AS (UPDATE person SET consent = $2, consent_at = $4 WHERE id = $1 RETURNING id)
		INSERT INTO consent_event (person_id, consent, at, channel) SELECT id, $2, $4, $3 FROM changed`
	if _, err := tx.Exec(ctx, update, person, c, channel, now); err != nil {
		return fmt.Errorf("consent: %w", err)
	}
	return nil
}

// SetLang keeps the language that she chose herself.
func (tx *Tx) SetLang(ctx context.Context, person int64, l prokus.Lang) error {
	if _, err := tx.Exec(ctx, `UPDATE person SET lang = $2, lang_chosen = true WHERE id = $1`, person, l); err != nil {
		return fmt.Errorf("language: %w", err)
	}
	return nil
}

// SetBracket turns bracket mode on or off (R24).
func (tx *Tx) SetBracket(ctx context.Context, person int64, on bool) error {
	if _, err := tx.Exec(ctx, `UPDATE person SET bracket = $2 WHERE id = $1`, person, on); err != nil {
		return fmt.Errorf("bracket: %w", err)
	}
	return nil
}

// ReleaseAddress takes a number or chat from a person; status says why.
func (tx *Tx) ReleaseAddress(ctx context.Context, person int64, value string, status prokus.AddressStatus, now time.Time) error {
	const update = `UPDATE address SET status = $3, released_at = $4, is_primary = false WHERE person_id = $1 AND value = $2`
	if _, err := tx.Exec(ctx, update, person, value, status, now); err != nil {
		return fmt.Errorf("release: %w", err)
	}
	return nil
}

// CancelQueued cancels what waits for a person: everything, or only what needs her consent (faults.md B12).
func (tx *Tx) CancelQueued(ctx context.Context, person int64, onlyConsented bool, why string) (int, error) {
	const update = `
		UPDATE outbox SET state = 'cancelled', error = $3
		WHERE person_id = $1 AND state = 'queued' AND (NOT $2 OR kind IN ('prompt', 'reminder', 'broadcast', 'mentoring', 'invitation'))`
	tag, err := tx.Exec(ctx, update, person, onlyConsented, why)
	if err != nil {
		return 0, fmt.Errorf("cancel queued: %w", err)
	}
	return int(tag.RowsAffected()), nil
}

// nullTime is a timestamp that may be null, which is the zero time.
type nullTime struct{ time.Time }

// Scan fulfils sql.Scanner, which pgx honours.
func (t *nullTime) Scan(v any) error {
	switch x := v.(type) {
	case time.Time:
		t.Time = x
	default:
		t.Time = time.Time{}
	}
	return nil
}
