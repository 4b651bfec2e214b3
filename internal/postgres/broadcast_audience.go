package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// maxAudience bounds one broadcast; the programme has far fewer people.
const maxAudience = 200_000

// reachedBy is the address at which a person p is written to: her primary one, else the newest that is active.
const reachedBy = `SELECT a.kind, a.value FROM address a WHERE a.person_id = p.id AND a.status = 'aktif'
	ORDER BY a.is_primary DESC, a.linked_at DESC, a.id DESC LIMIT 1`

// recipientCols fill a console.Recipient.
const recipientCols = `p.id, p.code, p.name, p.salutation, t.title, t.name, p.area_code, k.name, p.lang, p.zone, r.kind, r.value, wrote.channel, wrote.via`

const recipientFrom = ` JOIN area k ON k.code = p.area_code
	LEFT JOIN LATERAL (` + tkskOf + `) t ON true
	LEFT JOIN LATERAL (` + reachedBy + `) r ON true
	LEFT JOIN LATERAL (SELECT i.channel, i.via FROM inbox i WHERE i.sender = r.value ORDER BY i.at DESC LIMIT 1) wrote ON r.kind = 'phone' `

// Audience finds whom the rule of a broadcast of the scope means.
func (c *Console) Audience(ctx context.Context, s console.Scope, b console.Broadcast, now time.Time) (a console.Audience, err error) {
	err = c.read(ctx, "audience", func(tx pgx.Tx) error {
		var inside bool
		if err := tx.QueryRow(ctx, `SELECT in_scope($1, $2)`, b.Area, s.Areas).Scan(&inside); err != nil {
			return err
		}
		if !inside {
			return pgx.ErrNoRows
		}
		a, err = audience(ctx, tx, b, now)
		return err
	})
	return a, err
}

// audience never leaves the area of the broadcast, whatever its rule says (faults.md K7). People come in ascending order.
func audience(ctx context.Context, tx pgx.Tx, b console.Broadcast, now time.Time) (a console.Audience, err error) {
	at := b.SendAt
	if at.Before(now) {
		at = now
	}
	// The week of the caps is that of the sending; in the eastern zones it may begin up to two hours sooner.
	wib := prokus.Zone("")
	week := prokus.WeekOf(at.In(wib))
	closed := prokus.WeekOf(now.In(wib)) - 1
	if now.Before(closed.Closes(wib)) {
		closed--
	}
	areas := b.Rule.Areas
	if len(areas) == 0 {
		areas = []string{b.Area}
	}
	rules, err := (&Tx{Tx: tx}).Rules(ctx, b.Area, now)
	if err != nil {
		return a, err
	}
	rows, err := tx.Query(ctx, `
		WITH spent AS (
			SELECT o.person_id, count(*) AS unsolicited, count(*) FILTER (WHERE o.kind = 'broadcast') AS extras
			FROM outbox o
			WHERE o.not_before >= $7 AND o.not_before < $8 AND o.person_id IS NOT NULL
				AND o.kind IN ('broadcast', 'prompt', 'reminder', 'mentoring', 'invitation')
				AND o.state NOT IN ('failed', 'skipped', 'cancelled')
			GROUP BY o.person_id
		)
		SELECT `+recipientCols+`, p.consent, coalesce(w.extras >= $9 OR w.unsolicited >= $10, false)
		FROM person p `+recipientFrom+` LEFT JOIN spent w ON w.person_id = p.id
		WHERE p.status = 'aktif' AND in_scope(p.area_code, ARRAY[$1]) AND in_scope(p.area_code, $2)
			AND ($3::bigint = 0 OR p.batch_id = $3) AND ($4 = '' OR p.lang = $4)
			AND ($5 = '' OR ($5 = 'aktif') = EXISTS (SELECT 1 FROM report x
				WHERE x.person_id = p.id AND x.week BETWEEN $6::date - 7 AND $6::date AND NOT x.disputed))
		ORDER BY p.id LIMIT $11`,
		b.Area, areas, b.Rule.Batch, b.Rule.Lang, b.Rule.Activity, weekDate(closed),
		week.Starts(wib), week.Ends(wib), rules.CapExtras, rules.CapAll, maxAudience+1)
	if err != nil {
		return a, err
	}
	defer rows.Close()
	for rows.Next() {
		var consent prokus.Consent
		var capped bool
		r, err := scanRecipient(rows, &consent, &capped)
		if err != nil {
			return a, err
		}
		a.Matched++
		switch {
		case consent != prokus.Agreed:
			a.Stopped++
		case r.To == "":
			a.Addressless++
		case capped:
			a.Capped++
		default:
			a.People = append(a.People, r)
		}
	}
	if err := rows.Err(); err != nil {
		return a, err
	}
	a.Rules = rules
	if a.Left, _, err = leftFor(ctx, &Tx{Tx: tx}, b.Area, at.In(wib)); err != nil {
		return a, err
	}
	if a.Matched > maxAudience {
		return a, fmt.Errorf("audience of broadcast %d: more than %d people", b.ID, maxAudience)
	}
	return a, nil
}

func scanRecipient(row pgx.Row, more ...any) (r console.Recipient, err error) {
	var title, tksk, kind, value, wroteTo, wroteBy *string
	err = row.Scan(append([]any{&r.Person, &r.Code, &r.Name, &r.Salutation, &title, &tksk, &r.Area, &r.Kecamatan, &r.Lang, &r.Zone, &kind, &value, &wroteTo, &wroteBy}, more...)...)
	if err != nil {
		return r, err
	}
	r.TKSK = called(title, tksk)
	if kind != nil {
		r.To, r.Via = *value, *kind
		if *kind == "phone" {
			r.Via = "sms"
		}
	}
	if wroteTo != nil && wroteBy != nil {
		r.WroteTo, r.WroteBy = *wroteTo, *wroteBy
	}
	return r, nil
}
