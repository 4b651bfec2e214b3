package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// storyRows bounds what one page shows of each kind.
const storyRows = 200

// Story reads one message to somebody of the scope, or to staff who work in it, and writes into the audit who read it. What
// went to a number that nobody has belongs to the nation.
func (c *Console) Story(ctx context.Context, s console.Scope, id string, by int64, now time.Time) (v console.Story, err error) {
	err = c.change(ctx, "story", func(tx *Tx) error {
		v = console.Story{}
		var to string
		var notAfter, sent, causeAt *time.Time
		var causeVia, causeKind, causeIntent *string
		err := tx.QueryRow(ctx, `
			SELECT `+outCols+`, coalesce(st.name, ''), coalesce(split_part(o.key, ':', 1), ''), coalesce(o.case_id, 0), coalesce(k.reason, ''),
				coalesce(b.name, ''), o.created_at, o.not_after, o.sent_at, o.attempts, o.segments, o.cost, i.at, i.via, i.kind, i.intent
			FROM outbox o LEFT JOIN person p ON p.id = o.person_id LEFT JOIN staff st ON st.id = o.staff_id
			LEFT JOIN inbox i ON i.id = o.cause LEFT JOIN cases k ON k.id = o.case_id LEFT JOIN broadcast b ON b.id = o.broadcast_id
			WHERE o.id = $1::uuid AND CASE
				WHEN o.person_id IS NOT NULL THEN in_scope(p.area_code, $2)
				WHEN o.staff_id IS NOT NULL THEN EXISTS (SELECT 1 FROM staff_area a WHERE a.staff_id = o.staff_id AND in_scope(a.area_code, $2))
				ELSE 'ID' = ANY ($2) END`, id, s.Areas).Scan(
			&v.In, &v.At, &v.Via, &v.Kind, &v.Text, &v.Key, &v.Args, &v.Lang, &v.State, &v.ErrorKind, &v.Error, &v.NotBefore,
			&v.Twice, &v.Broadcast, &v.Code, &v.Name, &to, &v.ID, &v.Staff, &v.Rule, &v.Case, &v.Reason,
			&v.Campaign, &v.Created, &notAfter, &sent, &v.Attempts, &v.Segments, &v.Cost, &causeAt, &causeVia, &causeKind, &causeIntent)
		if err != nil {
			return err
		}
		v.To, v.NotAfter, v.SentAt = prokus.Phone(to).Tail(), deref(notAfter), deref(sent)
		if causeAt != nil {
			v.Cause = &console.Cause{At: *causeAt, Via: *causeVia, Kind: *causeKind, Intent: *causeIntent}
		}
		if v.Events, err = storyEvents(ctx, tx, id); err != nil {
			return err
		}
		if v.Exchanges, err = storyExchanges(ctx, tx, id); err != nil {
			return err
		}
		return audit(ctx, tx, by, "lihat pesan", id, now)
	})
	return v, err
}

func storyEvents(ctx context.Context, tx *Tx, id string) ([]console.StoryEvent, error) {
	rows, err := tx.Query(ctx, `
		SELECT at, what, channel, state, code, until FROM outbox_event WHERE outbox_id = $1::uuid ORDER BY id LIMIT $2`, id, storyRows)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(r pgx.CollectableRow) (e console.StoryEvent, err error) {
		var until *time.Time
		err = r.Scan(&e.At, &e.What, &e.Channel, &e.State, &e.Code, &until)
		e.Until = deref(until)
		return e, err
	})
}

func storyExchanges(ctx context.Context, tx *Tx, id string) ([]console.StoryExchange, error) {
	rows, err := tx.Query(ctx, `
		SELECT at, what, channel, request, http, outcome, code, provider_id, took_ms FROM exchange WHERE outbox_id = $1::uuid ORDER BY id LIMIT $2`, id, storyRows)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(r pgx.CollectableRow) (x console.StoryExchange, err error) {
		var ms int
		err = r.Scan(&x.At, &x.What, &x.Channel, &x.Request, &x.HTTP, &x.Outcome, &x.Code, &x.ID, &ms)
		x.Took = time.Duration(ms) * time.Millisecond
		return x, err
	})
}
