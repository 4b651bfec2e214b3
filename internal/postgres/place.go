package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/kabar-prokus/kabar/bot"
)

const placeColumns = `id, owner, ref, vars, options, typed, channel, coalesce(message::text, ''), session, asked_at, expires_at`

func scanPlace(row pgx.Row) (p bot.Place, err error) {
	var vars, options []byte
	var typed string
	if err := row.Scan(&p.ID, &p.Owner, &p.Ref, &vars, &options, &typed, &p.Channel, &p.Message, &p.Session, &p.Asked, &p.Expires); err != nil {
		return p, err
	}
	if typed != "" {
		p.Typed = strings.Split(typed, ",")
	}
	if err := json.Unmarshal(vars, &p.Vars); err != nil {
		return p, fmt.Errorf("place %d: variables: %w", p.ID, err)
	}
	if err := json.Unmarshal(options, &p.Options); err != nil {
		return p, fmt.Errorf("place %d: options: %w", p.ID, err)
	}
	return p, nil
}

// PlacesOf are an owner's open questions, newest first.
func (tx *Tx) PlacesOf(ctx context.Context, owner string, now time.Time) ([]bot.Place, error) {
	rows, err := tx.Query(ctx, `SELECT `+placeColumns+` FROM place WHERE owner = $1 AND expires_at > $2 ORDER BY asked_at DESC, id DESC`, owner, now)
	if err != nil {
		return nil, fmt.Errorf("places: %w", err)
	}
	out, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (bot.Place, error) { return scanPlace(r) })
	if err != nil {
		return nil, fmt.Errorf("places: %w", err)
	}
	return out, nil
}

// OpenPlace opens a question and ends older ones of its kind.
func (tx *Tx) OpenPlace(ctx context.Context, p bot.Place) error {
	vars, err := json.Marshal(p.Vars)
	if err != nil {
		return fmt.Errorf("open place: %w", err)
	}
	options, err := json.Marshal(p.Options)
	if err != nil {
		return fmt.Errorf("open place: %w", err)
	}
	choice, typed := p.Choice(), strings.Join(p.Typed, ",")
	if err := tx.clearPlaces(ctx, p.Owner, choice, typed != ""); err != nil {
		return err
	}
	const insert = `
		INSERT INTO place (owner, ref, vars, options, choice, typed, channel, message, session, asked_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, nullif($8, '')::uuid, $9, $10, $11)`
	if _, err := tx.Exec(ctx, insert, p.Owner, p.Ref, vars, options, choice, typed, p.Channel, p.Message, p.Session, p.Asked, p.Expires); err != nil {
		return fmt.Errorf("open place: %w", err)
	}
	return nil
}

// clearPlaces makes room for a new question of an owner (R03).
func (tx *Tx) clearPlaces(ctx context.Context, owner string, choice, typed bool) error {
	const gone = `DELETE FROM place WHERE owner = $1 AND NOT (choice AND NOT $2) AND NOT (typed <> '' AND NOT $3)`
	const narrowed = `UPDATE place SET options = CASE WHEN choice AND $2 THEN '[]' ELSE options END, choice = choice AND NOT $2, typed = CASE WHEN $3 THEN '' ELSE typed END WHERE owner = $1`
	for _, sql := range []string{gone, narrowed} {
		if _, err := tx.Exec(ctx, sql, owner, choice, typed); err != nil {
			return fmt.Errorf("open place: %w", err)
		}
	}
	return nil
}

// ClosePlace ends a question.
func (tx *Tx) ClosePlace(ctx context.Context, id int64) error {
	if _, err := tx.Exec(ctx, `DELETE FROM place WHERE id = $1`, id); err != nil {
		return fmt.Errorf("close place: %w", err)
	}
	return nil
}

// ClosePlaces ends all questions of an owner.
func (tx *Tx) ClosePlaces(ctx context.Context, owner string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM place WHERE owner = $1`, owner); err != nil {
		return fmt.Errorf("close places: %w", err)
	}
	return nil
}

// PlaceOfMessage is the open question that a message's buttons belong to.
func (tx *Tx) PlaceOfMessage(ctx context.Context, owner, message string, now time.Time) (bot.Place, bool, error) {
	const find = `SELECT ` + placeColumns + ` FROM place WHERE owner = $1 AND message::text = $2 AND options <> '[]' AND expires_at > $3`
	p, err := scanPlace(tx.QueryRow(ctx, find, owner, message, now))
	if errors.Is(err, pgx.ErrNoRows) {
		return p, false, nil
	}
	if err != nil {
		return p, false, fmt.Errorf("place of message: %w", err)
	}
	return p, true, nil
}

// USSDSession locks a session, opening it when it is new; ok is false when it belongs to another phone (faults.md F8).
func (tx *Tx) USSDSession(ctx context.Context, session, phone string, now time.Time) (taken int, ok bool, err error) {
	const open = `INSERT INTO ussd_session (session, phone, at) VALUES ($1, $2, $3) ON CONFLICT (session) DO NOTHING`
	if _, err := tx.Exec(ctx, open, session, phone, now); err != nil {
		return 0, false, fmt.Errorf("ussd session: %w", err)
	}
	var owner string
	if err := tx.QueryRow(ctx, `SELECT taken, phone FROM ussd_session WHERE session = $1 FOR UPDATE`, session).Scan(&taken, &owner); err != nil {
		return 0, false, fmt.Errorf("ussd session: %w", err)
	}
	return taken, owner == phone, nil
}

// SaveUSSDSession keeps how many inputs were taken.
func (tx *Tx) SaveUSSDSession(ctx context.Context, session string, taken int, ended bool, now time.Time) error {
	if _, err := tx.Exec(ctx, `UPDATE ussd_session SET taken = $2, ended = $3, at = $4 WHERE session = $1`, session, taken, ended, now); err != nil {
		return fmt.Errorf("ussd session: %w", err)
	}
	return nil
}
