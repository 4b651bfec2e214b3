package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// outCols reads a message that leaves, outbox o with its person p. One that waits has a key and arguments, not yet words.
const outCols = `false, coalesce(o.sent_at, o.created_at), o.via, o.kind, coalesce(nullif(o.said, ''), o.literal, ''), o.text_key, o.args, o.lang,
	o.state, o.error_kind, o.error, o.not_before, o.maybe_twice, coalesce(o.broadcast_id, 0), coalesce(p.code, ''), coalesce(p.name, ''), o.recipient, o.id::text`

const inCols = `true, i.at, i.via, i.kind, i.text, '', '{}'::jsonb, '',
	'', '', '', i.at, false, 0::bigint, coalesce(p.code, ''), coalesce(p.name, ''), i.sender, ''`

func scanSaid(r pgx.CollectableRow) (x console.Said, err error) {
	var to string
	err = r.Scan(&x.In, &x.At, &x.Via, &x.Kind, &x.Text, &x.Key, &x.Args, &x.Lang, &x.State, &x.ErrorKind, &x.Error, &x.NotBefore,
		&x.Twice, &x.Broadcast, &x.Code, &x.Name, &to, &x.ID)
	x.To = prokus.Phone(to).Tail()
	return x, err
}

// talk is the conversation with one person, newest first.
func talk(ctx context.Context, tx pgx.Tx, person int64) ([]console.Said, error) {
	rows, err := tx.Query(ctx, `
		SELECT * FROM (
			(SELECT `+outCols+`, o.seq AS n FROM outbox o JOIN person p ON p.id = o.person_id WHERE o.person_id = $1 ORDER BY o.seq DESC LIMIT $2)
			UNION ALL
			(SELECT `+inCols+`, i.id FROM inbox i JOIN person p ON p.id = i.person_id WHERE i.person_id = $1 ORDER BY i.at DESC LIMIT $2)
		) t ORDER BY 2 DESC, 1, n DESC LIMIT $2`, person, personTalk)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(r pgx.CollectableRow) (x console.Said, err error) {
		var n int64
		var to string
		err = r.Scan(&x.In, &x.At, &x.Via, &x.Kind, &x.Text, &x.Key, &x.Args, &x.Lang, &x.State, &x.ErrorKind, &x.Error, &x.NotBefore,
			&x.Twice, &x.Broadcast, &x.Code, &x.Name, &to, &x.ID, &n)
		x.To = prokus.Phone(to).Tail()
		return x, err
	})
}

// MessageCounts counts what left, or was to leave, to people of a scope since a moment, by local day.
func (c *Console) MessageCounts(ctx context.Context, s console.Scope, from time.Time) ([]console.MessageCount, error) {
	var out []console.MessageCount
	err := c.read(ctx, "message counts", func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT (coalesce(o.sent_at, o.created_at) AT TIME ZONE p.zone)::date, o.kind, o.state, count(*), sum(o.cost)::bigint
			FROM outbox o JOIN person p ON p.id = o.person_id
			WHERE o.created_at >= $2 AND in_scope(p.area_code, $1)
			GROUP BY 1, 2, 3 ORDER BY 1 DESC, 2, 3`, s.Areas, from)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (m console.MessageCount, err error) {
			err = r.Scan(&m.Day, &m.Kind, &m.State, &m.N, &m.Cost)
			return m, err
		})
		return err
	})
	return out, err
}

// Messages are the newest that match.
func (c *Console) Messages(ctx context.Context, s console.Scope, f console.MessageFilter) ([]console.Said, error) {
	var out []console.Said
	err := c.read(ctx, "messages", func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT `+outCols+` FROM outbox o JOIN person p ON p.id = o.person_id
			WHERE o.created_at >= $2 AND in_scope(p.area_code, $1) AND ($3 = '' OR o.kind = $3) AND ($4 = '' OR o.state = $4)
				AND ($5::bigint = 0 OR o.broadcast_id = $5)
			ORDER BY o.created_at DESC, o.seq DESC LIMIT $6`, s.Areas, f.From, f.Kind, f.State, f.Broadcast, f.Limit)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, scanSaid)
		return err
	})
	return out, err
}

// Inbox is what arrived last from people of the scope; from unknown numbers only the nation sees it.
func (c *Console) Inbox(ctx context.Context, s console.Scope, limit int) ([]console.Said, error) {
	var out []console.Said
	err := c.read(ctx, "inbox", func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT `+inCols+` FROM inbox i LEFT JOIN person p ON p.id = i.person_id
			WHERE (p.id IS NOT NULL AND in_scope(p.area_code, $1)) OR (p.id IS NULL AND i.staff_id IS NULL AND 'ID' = ANY ($1))
			ORDER BY i.at DESC, i.id DESC LIMIT $2`, s.Areas, limit)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, scanSaid)
		return err
	})
	return out, err
}
