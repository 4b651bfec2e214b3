// Package chat is a phone in the terminal: it writes to a running demo as any number and shows what that number gets, over
// SMS, USSD or chat. It speaks to the simulator's JSON interface and to the USSD route, like any other program.
package chat

import (
	"context"
	"errors"
	"io"
)

// Options say whose phone it is.
type Options struct {
	Server  string // "http://127.0.0.1:8080"
	As      string // the phone's number, as people write it
	Channel string // sms, ussd or telegram; empty: sms
	In      io.Reader
	Out     io.Writer
	Colour  bool
}

// Run is the phone until In ends, :quit, or the context ends.
func Run(ctx context.Context, o Options) error {
	if o.In == nil || o.Out == nil {
		return errors.New("chat: In and Out are required")
	}
	return run(ctx, o)
}
