package twilio_test

import (
	"testing"

	"github.com/kabar-prokus/kabar/channels"
)

func TestWhatWhatsAppSaysOfATemplate(t *testing.T) {
	a, d := sending(t, nil)
	sid := d.Approve("tanya_minggu_v1", "Kabar ProKUS: {{1}}")
	for _, state := range []string{"approved", "pending", "rejected", "paused", "unsubmitted"} {
		if state != "approved" {
			d.Disapprove(sid, state)
		}
		if got, err := a.Approval(t.Context(), sid); err != nil || got != state {
			t.Errorf("%s: %q, %v", state, got, err)
		}
	}
	if got, err := a.Approval(t.Context(), "HX00000000000000000000000000000000"); err != nil || got != "missing" {
		t.Errorf("none: %q, %v", got, err)
	}
	d.NoContents(true)
	got, err := a.Approval(t.Context(), sid)
	if kind, _ := channels.KindOf(err); kind != channels.Temporary || got != "" {
		t.Errorf("while it is down: %q, %v", got, err)
	}
}
