package postgres

import (
	"context"
	"time"
)

// Console is the database as the coordinators' console sees it.
type Console struct{ db *DB }

// Console opens that view.
func (db *DB) Console() *Console { return &Console{db: db} }

// NewLoginLink makes a one-time token with which a member of staff opens the console at /masuk/<token>; only its hash is
// kept. It is good for LoginLinkTTL.
func (c *Console) NewLoginLink(ctx context.Context, staffID int64, now time.Time) (token string, err error) {
	return "", nil
}

// FanOut writes the next messages of broadcasts that are due, at most limit people, in one transaction. more says that
// it should be called again; it is safe to call from several replicas at once.
func (c *Console) FanOut(ctx context.Context, now time.Time, limit int) (n int, more bool, err error) {
	return 0, false, nil
}
