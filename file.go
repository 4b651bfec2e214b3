package main

import (
	"context"
	"fmt"
	"io"
)

// file fetches what somebody sent from the channel that it came by.
func (p *program) file(ctx context.Context, channel, handle string, w io.Writer, limit int64) error {
	switch {
	case channel == "telegram" && p.telegram != nil:
		return p.telegram.File(ctx, handle, w, limit)
	case channel == "twilio" && p.twilio != nil:
		return p.twilio.File(ctx, handle, w, limit)
	}
	return fmt.Errorf("files of %s cannot be fetched", channel)
}
