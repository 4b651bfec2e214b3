package roster

import (
	"time"
)

// KnownSession is a session that is planned already.
type KnownSession struct {
	ID        int64
	At        time.Time
	Area      string
	Place     string
	Mentor    int64
	Topic     string
	Capacity  int
	Cancelled bool
}

// SessionRow is what is to be kept of one session.
type SessionRow struct {
	KnownSession        // ID 0: new
	Code         string // written on the board, for HADIR
	CallOff      string // why it does not take place; empty: it does
	Moved        bool   // it has another time or place than before
}
