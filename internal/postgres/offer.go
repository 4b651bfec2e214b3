package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// An offer is remembered for two weeks after its last day: whoever comes late hears that it is closed.
const offerKept = 14

// toldRows are the broadcasts that reached a person ($1), or the number that she writes from ($2) where one message was
// meant for all who share it, since a moment ($3).
const toldRows = `
	SELECT o.broadcast_id, coalesce(o.sent_at, o.sending_at, o.created_at) AS at FROM outbox o
	WHERE o.person_id = $1 AND o.broadcast_id IS NOT NULL AND o.state IN ('sending', 'sent', 'delivered', 'read', 'unknown') AND o.created_at > $3
	UNION ALL
	SELECT o.broadcast_id, coalesce(o.sent_at, o.sending_at, o.created_at) FROM outbox o
	JOIN broadcast_person x ON x.broadcast_id = o.broadcast_id AND x.person_id = $1 AND x.dropped = 'bersama'
	WHERE o.recipient = $2 AND o.recipient <> '' AND o.broadcast_id IS NOT NULL
		AND o.state IN ('sending', 'sent', 'delivered', 'read', 'unknown') AND o.created_at > $3`

// toldSince is how far back a broadcast may lie that somebody answers.
const toldSince = 60 * 24 * time.Hour

// OfferTo is the newest broadcast that offered her a seat, or that one.
func (tx *Tx) OfferTo(ctx context.Context, person int64, from string, broadcast int64, now time.Time) (o prokus.Offer, ok bool, err error) {
	const find = `
		SELECT f.broadcast_id, f.event, f.place, f.seats, f.last_day, t.at FROM (` + toldRows + `) t
		JOIN broadcast_offer f ON f.broadcast_id = t.broadcast_id
		WHERE ($4::bigint = 0 OR f.broadcast_id = $4) AND f.last_day + $5::integer >= $6::date
		ORDER BY t.at DESC, f.broadcast_id DESC LIMIT 1`
	err = tx.QueryRow(ctx, find, person, from, now.Add(-toldSince), broadcast, offerKept, prokus.Day(now)).
		Scan(&o.Broadcast, &o.Event, &o.Place, &o.Seats, &o.LastDay, &o.Told)
	if errors.Is(err, pgx.ErrNoRows) {
		return o, false, nil
	}
	if err != nil {
		return o, false, fmt.Errorf("offer: %w", err)
	}
	return o, true, nil
}

// LastTold is the newest broadcast that she was told.
func (tx *Tx) LastTold(ctx context.Context, person int64, from string, now time.Time) (t prokus.Told, ok bool, err error) {
	const find = `
		SELECT b.id, b.area_code, coalesce(a.name, ''), t.at, f.last_day FROM (` + toldRows + `) t
		JOIN broadcast b ON b.id = t.broadcast_id LEFT JOIN area a ON a.code = b.area_code
		LEFT JOIN broadcast_offer f ON f.broadcast_id = b.id
		ORDER BY t.at DESC, b.id DESC LIMIT 1`
	var last *time.Time
	err = tx.QueryRow(ctx, find, person, from, now.Add(-toldSince)).Scan(&t.Broadcast, &t.Area, &t.AreaName, &t.At, &last)
	if errors.Is(err, pgx.ErrNoRows) {
		return t, false, nil
	}
	if err != nil {
		return t, false, fmt.Errorf("last broadcast: %w", err)
	}
	t.LastDay = deref(last)
	return t, true, nil
}

// SeatOf is her place in the list of an offer.
func (tx *Tx) SeatOf(ctx context.Context, broadcast, person int64) (s prokus.Seat, err error) {
	const find = `
		SELECT coalesce(s.number, 0), CASE WHEN s.waiting THEN
			(SELECT count(*) FROM broadcast_seat w WHERE w.broadcast_id = s.broadcast_id AND w.waiting AND w.turn <= s.turn) ELSE 0 END
		FROM broadcast_seat s WHERE s.broadcast_id = $1 AND s.person_id = $2`
	err = tx.QueryRow(ctx, find, broadcast, person).Scan(&s.Number, &s.Waiting)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return s, fmt.Errorf("seat: %w", err)
	}
	return s, nil
}

// LastSeat is the newest seat, or place in a queue, that she took since a moment.
func (tx *Tx) LastSeat(ctx context.Context, person int64, since time.Time) (broadcast int64, at time.Time, ok bool, err error) {
	const find = `
		SELECT broadcast_id, at FROM broadcast_seat WHERE person_id = $1 AND at >= $2 AND (waiting OR number IS NOT NULL) ORDER BY at DESC LIMIT 1`
	err = tx.QueryRow(ctx, find, person, since).Scan(&broadcast, &at)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, at, false, nil
	}
	if err != nil {
		return 0, at, false, fmt.Errorf("last seat: %w", err)
	}
	return broadcast, at, true, nil
}

// lockOffer makes those who take and free seats take turns.
func (tx *Tx) lockOffer(ctx context.Context, broadcast int64) (o prokus.Offer, err error) {
	o.Broadcast = broadcast
	const lock = `SELECT event, place, seats, last_day FROM broadcast_offer WHERE broadcast_id = $1 FOR UPDATE`
	return o, tx.QueryRow(ctx, lock, broadcast).Scan(&o.Event, &o.Place, &o.Seats, &o.LastDay)
}

// TakeOffered gives her the lowest free number, or the next place in the queue.
func (tx *Tx) TakeOffered(ctx context.Context, broadcast, person int64, channel string, now time.Time) (prokus.Seat, error) {
	if _, err := tx.lockOffer(ctx, broadcast); err != nil {
		return prokus.Seat{}, fmt.Errorf("take a seat: %w", err)
	}
	has, err := tx.SeatOf(ctx, broadcast, person)
	if err != nil || has.Number > 0 || has.Waiting > 0 {
		return has, err
	}
	// Read after the lock: what others took before us is seen.
	const take = `
		WITH free AS (
			SELECT n FROM broadcast_offer f, generate_series(1, f.seats) n
			WHERE f.broadcast_id = $1 AND NOT EXISTS (SELECT FROM broadcast_seat s WHERE s.broadcast_id = $1 AND s.number = n)
			ORDER BY n LIMIT 1
		)
		INSERT INTO broadcast_seat (broadcast_id, person_id, number, waiting, at, channel)
		SELECT $1, $2, (SELECT n FROM free), NOT EXISTS (SELECT FROM free), $3, $4
		ON CONFLICT (broadcast_id, person_id) DO UPDATE
			SET number = excluded.number, waiting = excluded.waiting, turn = DEFAULT, at = excluded.at, channel = excluded.channel`
	if _, err := tx.Exec(ctx, take, broadcast, person, now, channel); err != nil {
		return prokus.Seat{}, fmt.Errorf("take a seat: %w", err)
	}
	s, err := tx.SeatOf(ctx, broadcast, person)
	s.Fresh = true
	return s, err
}

// LeaveOffered frees her place and lets the first of those who wait, and are still in the programme, move up.
func (tx *Tx) LeaveOffered(ctx context.Context, broadcast, person int64, now time.Time) (left prokus.Seat, next int64, o prokus.Offer, ok bool, err error) {
	if o, err = tx.lockOffer(ctx, broadcast); errors.Is(err, pgx.ErrNoRows) {
		return left, 0, o, false, nil
	} else if err != nil {
		return left, 0, o, false, fmt.Errorf("leave a list: %w", err)
	}
	if left, err = tx.SeatOf(ctx, broadcast, person); err != nil || left.Number == 0 && left.Waiting == 0 {
		return left, 0, o, false, err
	}
	const free = `UPDATE broadcast_seat SET number = NULL, waiting = false, at = $3 WHERE broadcast_id = $1 AND person_id = $2`
	if _, err := tx.Exec(ctx, free, broadcast, person, now); err != nil {
		return left, 0, o, false, fmt.Errorf("leave a list: %w", err)
	}
	if left.Number == 0 {
		return left, 0, o, true, nil
	}
	const up = `
		UPDATE broadcast_seat SET number = $2, waiting = false, at = $3 WHERE broadcast_id = $1 AND person_id = (
			SELECT s.person_id FROM broadcast_seat s JOIN person p ON p.id = s.person_id AND p.status = 'aktif'
			WHERE s.broadcast_id = $1 AND s.waiting ORDER BY s.turn LIMIT 1)
		RETURNING person_id`
	err = tx.QueryRow(ctx, up, broadcast, left.Number, now).Scan(&next)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return left, 0, o, false, fmt.Errorf("move up: %w", err)
	}
	return left, next, o, true, nil
}

// KeepReply keeps an inbound with what she wrote to the same broadcast and nobody has settled yet.
func (tx *Tx) KeepReply(ctx context.Context, broadcast, person, inbox int64, due, now time.Time) (promised time.Time, fresh bool, err error) {
	const open = `
		INSERT INTO broadcast_reply (broadcast_id, person_id, opened_at, due_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (broadcast_id, person_id) WHERE done_at IS NULL
		DO UPDATE SET due_at = CASE WHEN broadcast_reply.due_at < $3 THEN $4 ELSE broadcast_reply.due_at END
		RETURNING id, due_at, xmax = 0`
	var id int64
	if err := tx.QueryRow(ctx, open, broadcast, person, now, due).Scan(&id, &promised, &fresh); err != nil {
		return promised, false, fmt.Errorf("reply: %w", err)
	}
	const line = `INSERT INTO broadcast_reply_line (reply_id, at, inbox) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
	if _, err := tx.Exec(ctx, line, id, now, inbox); err != nil {
		return promised, false, fmt.Errorf("reply: %w", err)
	}
	return promised, fresh, nil
}
