package roster

import (
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// KnownGrant is somebody whom a row of grants may mean, with what is known of her grant.
type KnownGrant struct {
	Person      prokus.Person
	Shared      bool          // somebody else answers on her number (R14)
	Grant       *prokus.Grant // nil: none yet
	Past        []GrantStep   // stages the grant went through, in order
	BatchAmount int64         // rupiah a person in her batch
	Stages      []prokus.Stage
}

// GrantStep is one stage and the day on which it began.
type GrantStep struct {
	Stage prokus.Stage
	Since time.Time
	Note  string
}

// GrantRow is what is to be kept of one person's grant: as it stands now, and the steps that are new to us, in order.
type GrantRow struct {
	prokus.Grant
	Steps []GrantStep
}

// GrantNews is a change that she is to be told.
type GrantNews struct {
	Person  int64
	Day     string // of the change, where she lives: one message a day
	Stage   prokus.Stage
	Before  prokus.Stage    // where the grant stood before this import; "" for a new one
	Message *prokus.Message // nil: nothing to say, but what was to be said may be moot
}
