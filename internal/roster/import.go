package roster

import (
	"context"
	"errors"
)

// ImportPeople reads a list of beneficiaries.
func ImportPeople(ctx context.Context, store Store, t *Table, o Options) (Result, error) {
	return Result{}, errors.New("roster: people")
}

// ImportStaff reads a list of TKSK, mentors, coordinators and ministry staff.
func ImportStaff(ctx context.Context, store Store, t *Table, o Options) (Result, error) {
	return Result{}, errors.New("roster: staff")
}

// ImportGrants reads a list of where grants stand.
func ImportGrants(ctx context.Context, store Store, t *Table, o Options) (Result, error) {
	return Result{}, errors.New("roster: grants")
}

// ImportSessions reads a list of mentoring sessions.
func ImportSessions(ctx context.Context, store Store, t *Table, o Options) (Result, error) {
	return Result{}, errors.New("roster: sessions")
}
