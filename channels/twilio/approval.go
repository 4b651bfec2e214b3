package twilio

import (
	"context"
	"fmt"
	"net/http"
)

// What WhatsApp says of a template; there are more words for those that may not be sent.
const (
	Approved    = "approved"
	Unsubmitted = "unsubmitted" // nobody asked for it
	Missing     = "missing"     // our account has no such content
)

// Approval asks where WhatsApp stands with a template: Approved, or why it may not be sent.
func (a *Adapter) Approval(ctx context.Context, sid string) (string, error) {
	c := &call{ctx: ctx, a: a}
	got, err := c.contents().FetchApprovalFetch(sid)
	switch {
	case c.status == http.StatusNotFound:
		return Missing, nil
	case err != nil:
		return "", fmt.Errorf("approval of a template: %w", c.failed(err))
	}
	if got.Whatsapp != nil {
		if status, ok := (*got.Whatsapp)["status"].(string); ok && status != "" {
			return status, nil
		}
	}
	return Unsubmitted, nil
}
