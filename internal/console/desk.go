package console

import (
	"context"
	"time"

	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Doing is who does what from a page, for the audit.
type Doing struct {
	By   prokus.Staff
	What string
	Now  time.Time // in the zone of whoever acts
}

// doing is this visit's.
func (v *visit) doing(what string) Doing { return Doing{By: v.viewer.Staff, What: what, Now: v.now} }

// by is the visitor as the acts know them.
func (v *visit) by() acts.By {
	return acts.By{Now: v.now, Channel: "console", Staff: &v.viewer.Staff}
}

// office is the visitor acting for the office, where an act belongs to nobody's own post: a session that the office moves is
// told to its mentor as well.
func (v *visit) office() acts.By { return acts.By{Now: v.now, Channel: "console"} }

// Desk is where staff act: each call is one transaction that holds the record, runs f with everything that acts need, and
// writes a row of the audit. Records outside the scope are ErrNotFound. An error of f undoes all of it. f may run again.
type Desk interface {
	OnPerson(ctx context.Context, s Scope, code string, d Doing, f func(acts.Store, prokus.Person) error) error
	// OnCase takes the length of the history that the form was filled in with; another length is ErrStale, -1 is any.
	OnCase(ctx context.Context, s Scope, id int64, seen int, d Doing, f func(acts.Store, prokus.Case, prokus.Person) error) error
	OnSession(ctx context.Context, s Scope, id int64, d Doing, f func(acts.Store, prokus.Session) error) error
}
