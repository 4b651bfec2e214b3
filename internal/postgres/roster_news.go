package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/internal/roster"
)

// pendingNews is a message about a grant that has not left, and where the grant stood when she was last told.
type pendingNews struct {
	id   string
	told prokus.Stage
}

// TellGrant keeps one message about her grant for what changed and has not been told: it is rewritten by a further change,
// and taken back when the grant stands again where she believes it to stand.
func (tx importTx) TellGrant(ctx context.Context, now time.Time, news []roster.GrantNews) error {
	people := make([]int64, len(news))
	for i, n := range news {
		people[i] = n.Person
	}
	pending, err := tx.pendingNews(ctx, people)
	if err != nil {
		return err
	}
	said, err := tx.newsOfDay(ctx, news)
	if err != nil {
		return err
	}
	b := &pgx.Batch{}
	var fresh []prokus.Message
	for _, n := range news {
		was, waits := pending[n.Person]
		switch {
		case waits && (n.Message == nil || was.told == n.Stage):
			b.Queue(`UPDATE outbox SET state = 'cancelled' WHERE id = $1`, was.id)
		case waits:
			m := n.Message
			b.Queue(`UPDATE outbox SET text_key = $2, args = $3, opens = $4, opens_vars = $5, lang = $6, not_before = $7 WHERE id = $1`,
				was.id, m.Text, string(m.Args), m.Opens, jsonOrNil(m.OpensVars), m.Lang, m.NotBefore)
		case n.Message != nil && n.Before != n.Stage:
			m := *n.Message
			m.Key = newsKey(n)
			if c := said[n.Person]; c > 0 {
				m.Key = fmt.Sprintf("%s:%d", m.Key, c+1)
			}
			fresh = append(fresh, m)
		}
	}
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("tell grants: %w", err)
	}
	if len(fresh) == 0 {
		return nil
	}
	if _, err := tx.Enqueue(ctx, now, fresh...); err != nil {
		return fmt.Errorf("tell grants: %w", err)
	}
	return nil
}

func newsKey(n roster.GrantNews) string { return fmt.Sprintf("grant:%d:%s", n.Person, n.Day) }

// pendingNews locks the messages that still wait, so that none leaves while it is rewritten.
func (tx importTx) pendingNews(ctx context.Context, people []int64) (map[int64]pendingNews, error) {
	rows, err := tx.Query(ctx, `
		SELECT o.person_id, o.id::text, coalesce((
			SELECT c.from_stage FROM grant_change c JOIN grants g ON g.id = c.grant_id
			WHERE g.person_id = o.person_id AND c.at >= o.created_at ORDER BY c.at, c.id LIMIT 1), '')
		FROM outbox o WHERE o.person_id = ANY ($1::bigint[]) AND o.key LIKE 'grant:%' AND o.state = 'queued' AND o.enqueued_at IS NULL
		FOR UPDATE OF o`, people)
	if err != nil {
		return nil, fmt.Errorf("tell grants: %w", err)
	}
	pending := map[int64]pendingNews{}
	var person int64
	var p pendingNews
	_, err = pgx.ForEachRow(rows, []any{&person, &p.id, &p.told}, func() error {
		pending[person] = p
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("tell grants: %w", err)
	}
	return pending, nil
}

// newsOfDay counts the messages that used up today's key: they left, or were taken back.
func (tx importTx) newsOfDay(ctx context.Context, news []roster.GrantNews) (map[int64]int, error) {
	var people []int64
	var keys []string
	for _, n := range news {
		people, keys = append(people, n.Person), append(keys, newsKey(n))
	}
	rows, err := tx.Query(ctx, `
		SELECT n.person, count(*) FROM unnest($1::bigint[], $2::text[]) AS n (person, key)
		JOIN outbox o ON o.person_id = n.person AND (o.key = n.key OR o.key LIKE n.key || ':%') GROUP BY n.person`, people, keys)
	if err != nil {
		return nil, fmt.Errorf("tell grants: %w", err)
	}
	said := map[int64]int{}
	var person int64
	var n int
	if _, err := pgx.ForEachRow(rows, []any{&person, &n}, func() error { said[person] = n; return nil }); err != nil {
		return nil, fmt.Errorf("tell grants: %w", err)
	}
	return said, nil
}
