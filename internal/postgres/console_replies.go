package postgres

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// replyCols are a reply r of a broadcast b by person p of kecamatan k; a is the broadcast's area, l her newest words.
const (
	replyCols = `r.id, b.id, b.name, b.area_code, coalesce(a.name, ''), p.code, p.name, coalesce(k.name, ''), p.lang, coalesce(l.text, ''),
		r.opened_at, r.due_at, r.done_at, coalesce(l.at, r.opened_at), s.title, s.name, (SELECT count(*) FROM broadcast_reply_line n WHERE n.reply_id = r.id)`
	replyFrom = `
		FROM broadcast_reply r JOIN broadcast b ON b.id = r.broadcast_id LEFT JOIN area a ON a.code = b.area_code
		JOIN person p ON p.id = r.person_id LEFT JOIN area k ON k.code = p.area_code LEFT JOIN staff s ON s.id = r.done_by
		LEFT JOIN LATERAL (SELECT i.text, x.at FROM broadcast_reply_line x JOIN inbox i ON i.id = x.inbox
			WHERE x.reply_id = r.id ORDER BY x.at DESC LIMIT 1) l ON true `
)

func scanReply(row pgx.Row, more ...any) (r console.ReplyRow, err error) {
	var done *time.Time
	var title, name *string
	err = row.Scan(append([]any{&r.ID, &r.Broadcast, &r.BroadcastName, &r.Area, &r.AreaName, &r.Code, &r.Name, &r.Kecamatan, &r.Lang, &r.Last,
		&r.Opened, &r.Due, &done, &r.Heard, &title, &name, &r.Lines}, more...)...)
	r.Done, r.DoneBy = deref(done), called(title, name)
	return r, err
}

// Replies of broadcasts of the scope.
func (c *Console) Replies(ctx context.Context, s console.Scope, broadcast int64, done bool, limit int) ([]console.ReplyRow, error) {
	order := `AND r.done_at IS NULL ORDER BY r.due_at, r.id`
	if done {
		order = `AND r.done_at IS NOT NULL ORDER BY r.done_at DESC, r.id DESC`
	}
	var out []console.ReplyRow
	err := c.read(ctx, "replies", func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT `+replyCols+replyFrom+`WHERE in_scope(b.area_code, $1) AND ($2::bigint = 0 OR b.id = $2) `+order+` LIMIT $3`,
			s.Areas, broadcast, limit)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (console.ReplyRow, error) { return scanReply(row) })
		return err
	})
	return out, err
}

// OpenReplies counts what waits, and what is late.
func (c *Console) OpenReplies(ctx context.Context, s console.Scope, now time.Time) (open, late int, err error) {
	err = c.read(ctx, "open replies", func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `
			SELECT count(*), count(*) FILTER (WHERE r.due_at < $2) FROM broadcast_reply r JOIN broadcast b ON b.id = r.broadcast_id
			WHERE r.done_at IS NULL AND in_scope(b.area_code, $1)`, s.Areas, now).Scan(&open, &late)
	})
	return open, late, err
}

// Reply is one with its lines.
func (c *Console) Reply(ctx context.Context, s console.Scope, id int64, by int64, now time.Time) (p console.ReplyPage, err error) {
	err = c.change(ctx, "reply", func(tx *Tx) error {
		var person int64
		var salutation string
		p = console.ReplyPage{}
		p.ReplyRow, err = scanReply(tx.QueryRow(ctx, `
			SELECT `+replyCols+`, p.id, p.salutation,
				coalesce((SELECT coalesce(nullif(o.said, ''), o.literal) FROM outbox o WHERE o.broadcast_id = b.id AND o.person_id = p.id ORDER BY o.seq DESC LIMIT 1),
					b.texts->>p.lang, b.texts->>'id', '') `+replyFrom+`WHERE r.id = $1 AND in_scope(b.area_code, $2)`, id, s.Areas), &person, &salutation, &p.Text)
		if err != nil {
			return err
		}
		p.Called = prokus.Title(salutation)
		rows, err := tx.Query(ctx, `
			SELECT * FROM (
				SELECT `+outCols+` FROM broadcast_reply_line x JOIN outbox o ON o.id = x.outbox JOIN person p ON p.id = o.person_id WHERE x.reply_id = $1
				UNION ALL
				SELECT `+inCols+` FROM broadcast_reply_line x JOIN inbox i ON i.id = x.inbox LEFT JOIN person p ON p.id = i.person_id WHERE x.reply_id = $1
			) t ORDER BY 2, 1 LIMIT 200`, id)
		if err != nil {
			return err
		}
		p.Says, err = pgx.CollectRows(rows, scanSaid)
		if err != nil {
			return err
		}
		for _, x := range p.Says {
			if x.In {
				p.Via = x.Via
			}
		}
		return audit(ctx, tx, by, "lihat balasan", strconv.FormatInt(id, 10), now)
	})
	return p, err
}

// AnswerReply answers by the road that she wrote on last, as long as it is hers; not at night.
func (c *Console) AnswerReply(ctx context.Context, s console.Scope, id int64, by prokus.Staff, words string, done bool, now time.Time) error {
	return c.change(ctx, "answer reply", func(tx *Tx) error {
		m := prokus.Message{Kind: prokus.KindReply, Literal: words}
		var settled bool
		var zone, area string
		err := tx.QueryRow(ctx, `
			SELECT p.id, p.lang, p.zone, p.area_code, r.done_at IS NOT NULL FROM broadcast_reply r JOIN broadcast b ON b.id = r.broadcast_id JOIN person p ON p.id = r.person_id
			WHERE r.id = $1 AND in_scope(b.area_code, $2) FOR UPDATE OF r`, id, s.Areas).Scan(&m.Person, &m.Lang, &zone, &area, &settled)
		if err != nil {
			return err
		}
		if settled {
			return console.ErrState
		}
		if words != "" {
			err := tx.QueryRow(ctx, `
				SELECT i.channel, i.via, i.sender FROM broadcast_reply_line x JOIN inbox i ON i.id = x.inbox
				JOIN address a ON a.person_id = i.person_id AND a.value = i.sender AND a.status = 'aktif' AND a.doubted_at IS NULL
				WHERE x.reply_id = $1 AND i.via <> 'ussd' ORDER BY x.at DESC LIMIT 1`, id).Scan(&m.Channel, &m.Via, &m.To)
			if err != nil && !errors.Is(err, pgx.ErrNoRows) {
				return err
			}
			rules, err := tx.Rules(ctx, area, now)
			if err != nil {
				return err
			}
			if at := rules.AfterQuiet(now.In(prokus.Zone(zone))); at.After(now) {
				m.NotBefore = at
			}
			ids, err := tx.Enqueue(ctx, now, m)
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `INSERT INTO broadcast_reply_line (reply_id, at, outbox, by_staff) VALUES ($1, $2, $3, $4)`, id, now, ids[0], by.ID); err != nil {
				return err
			}
		}
		if done {
			if _, err := tx.Exec(ctx, `UPDATE broadcast_reply SET done_at = $2, done_by = $3 WHERE id = $1`, id, now, by.ID); err != nil {
				return err
			}
		}
		return audit(ctx, tx, by.ID, "jawab balasan", strconv.FormatInt(id, 10), now)
	})
}
