package postgres

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// broadcastLife is how long after its time a broadcast is still worth saying.
const broadcastLife = 48 * time.Hour

// offerStep is the question that a broadcast with seats asks.
const offerStep = "broadcast#offered"

// FanOut writes the next messages of one broadcast that is due, for at most limit people, in one transaction; then it ends
// those of which nothing is left. more says that there may be more to do at once. Replicas may call it at the same time:
// each takes another broadcast. A crash undoes the batch; the keys and the list make the next call begin where it began.
func (c *Console) FanOut(ctx context.Context, now time.Time, limit int) (n int, more bool, err error) {
	err = c.change(ctx, "fan out", func(tx *Tx) error {
		n, more = 0, false
		b, err := oneBroadcast(ctx, tx, `
			WHERE ((b.state = 'disetujui' AND coalesce(b.send_at, b.approved_at) <= $1)
				OR (b.state = 'berjalan' AND EXISTS (SELECT 1 FROM broadcast_person x WHERE x.broadcast_id = b.id AND NOT x.fanned)))
				AND CASE WHEN b.state IN ('disetujui', 'berjalan') THEN pg_try_advisory_xact_lock_shared(`+decision("b.id")+`) END
			ORDER BY b.id LIMIT 1 FOR NO KEY UPDATE OF b SKIP LOCKED`, now)
		if errors.Is(err, pgx.ErrNoRows) {
			return endBroadcasts(ctx, tx, now)
		}
		if err != nil {
			return err
		}
		more = true
		if ok, err := stillAllowed(ctx, tx, b); err != nil || !ok {
			return err
		}
		if b.State == console.Approved {
			if _, err := tx.Exec(ctx, `UPDATE broadcast SET state = 'berjalan', version = version + 1 WHERE id = $1`, b.ID); err != nil {
				return err
			}
		}
		n, err = fanOut(ctx, tx, b, now, limit)
		return err
	})
	return n, more, err
}

// stillAllowed pauses a broadcast whose author or approver lost the right to it since it was approved.
func stillAllowed(ctx context.Context, tx *Tx, b console.Broadcast) (bool, error) {
	var ok bool
	err := tx.QueryRow(ctx, `
		SELECT count(*) = 2 FROM staff s WHERE s.id IN ($1, $2) AND s.active AND s.role IN ('koordinator', 'kementerian')
			AND in_scope($3, (SELECT coalesce(array_agg(area_code), '{}') FROM staff_area WHERE staff_id = s.id))`,
		b.Editor.ID, b.Approver.ID, b.Area).Scan(&ok)
	if err != nil || ok {
		return ok, err
	}
	return false, halt(ctx, tx, b, console.HaltedRights)
}

func fanOut(ctx context.Context, tx *Tx, b console.Broadcast, now time.Time, limit int) (int, error) {
	rows, err := tx.Query(ctx, `
		WITH todo AS (
			SELECT person_id FROM broadcast_person WHERE broadcast_id = $1 AND NOT fanned ORDER BY person_id LIMIT $2
		)
		SELECT `+recipientCols+`, p.status, p.consent
		FROM todo JOIN person p ON p.id = todo.person_id `+recipientFrom+` ORDER BY p.id`, b.ID, limit)
	if err != nil {
		return 0, err
	}
	type candidate struct {
		console.Recipient
		status  prokus.PersonStatus
		consent prokus.Consent
	}
	people, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (x candidate, err error) {
		x.Recipient, err = scanRecipient(row, &x.status, &x.consent)
		return x, err
	})
	if err != nil {
		return 0, err
	}
	numbers := make([]string, 0, len(people))
	for _, p := range people {
		numbers = append(numbers, p.To)
	}
	told, err := alreadyTold(ctx, tx, b, numbers)
	if err != nil {
		return 0, err
	}
	book, err := tx.rulebook(ctx, now)
	if err != nil {
		return 0, err
	}
	var msgs []prokus.Message
	ids, why := make([]int64, len(people)), make([]string, len(people))
	for i, p := range people {
		ids[i] = p.Person
		shared, sharable := b.SharedKey(p.Recipient)
		switch {
		case p.status != prokus.Active:
			why[i] = "keluar"
			continue
		case p.consent != prokus.Agreed:
			why[i] = "berhenti"
			continue
		case p.To == "":
			why[i] = "tanpa_nomor"
			continue
		case b.OncePerNumber && sharable && told[shared]:
			why[i] = "bersama"
			continue
		}
		told[shared] = true
		m := prokus.Message{
			Key: "broadcast:" + strconv.FormatInt(b.ID, 10) + ":" + strconv.FormatInt(p.Person, 10), Person: p.Person,
			Kind: prokus.KindBroadcast, Lang: p.Lang, Literal: b.Say(p.Recipient), Broadcast: b.ID,
		}
		if b.Offer != nil {
			m.Opens, m.OpensVars, m.Buttons = offerStep, fmt.Appendf(nil, `{"broadcast": %d}`, b.ID), fmt.Appendf(nil, `{"broadcast": %d}`, b.ID)
		}
		if at := book.For(p.Area).AfterQuiet(now.In(prokus.Zone(p.Zone))); at.After(now) {
			m.NotBefore = at
		}
		from := m.NotBefore
		if from.IsZero() {
			from = now
		}
		m.NotAfter = from.Add(broadcastLife)
		msgs = append(msgs, m)
	}
	if _, err := tx.Enqueue(ctx, now, msgs...); err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `
		UPDATE broadcast_person x SET fanned = true, dropped = v.why
		FROM unnest($2::bigint[], $3::text[]) AS v (person_id, why)
		WHERE x.broadcast_id = $1 AND x.person_id = v.person_id`, b.ID, ids, why)
	if err != nil {
		return 0, fmt.Errorf("mark the list: %w", err)
	}
	return len(people), nil
}

// alreadyTold are the shared keys of people of this list who got the broadcast in an earlier batch on one of these numbers.
func alreadyTold(ctx context.Context, tx *Tx, b console.Broadcast, numbers []string) (map[string]bool, error) {
	told := map[string]bool{}
	if !b.OncePerNumber {
		return told, nil
	}
	rows, err := tx.Query(ctx, `
		SELECT `+recipientCols+` FROM address a JOIN person p ON p.id = a.person_id
		JOIN broadcast_person x ON x.person_id = p.id AND x.broadcast_id = $1 AND x.fanned AND x.dropped = '' `+recipientFrom+`
		WHERE a.value = ANY ($2) AND a.status = 'aktif'`, b.ID, numbers)
	if err != nil {
		return nil, err
	}
	people, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (console.Recipient, error) { return scanRecipient(row) })
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		if k, ok := b.SharedKey(p); ok {
			told[k] = true
		}
	}
	return told, nil
}

// endBroadcasts closes those whose list is written and of whose messages none waits any more.
func endBroadcasts(ctx context.Context, tx *Tx, now time.Time) error {
	_, err := tx.Exec(ctx, `
		UPDATE broadcast b SET state = 'selesai', ended_at = $1, version = version + 1
		WHERE b.state = 'berjalan'
			AND NOT EXISTS (SELECT 1 FROM broadcast_person x WHERE x.broadcast_id = b.id AND NOT x.fanned)
			AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.broadcast_id = b.id AND o.state IN ('queued', 'sending'))`, now)
	return err
}
