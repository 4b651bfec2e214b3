package e2e

import (
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/fake"
)

// TestA14TheAnswerDoesNotWaitForTheProvider: while the provider's API hangs, webhooks are acknowledged at once, and the
// replies leave when it is back.
func TestA14TheAnswerDoesNotWaitForTheProvider(t *testing.T) {
	t.Parallel()
	d := fake.NewTwilio(account, token)
	t.Cleanup(d.Close)
	p := start(t, twilioEnv(d), "--empty", "--clock", "2026-06-07T19:02:00+07:00")
	p.imports("staff", staffList, 3)
	p.imports("people", peopleList, 2)
	d.Hang(1, true) // taken, and the caller waits for an answer that never comes
	for i, from := range []string{siti, ani, siti} {
		begun := time.Now()
		if code, err := d.Receive(t.Context(), p.webhook(), from, service, []string{"status", "status", "750rb"}[i]); err != nil || code != 200 {
			t.Fatalf("answer %d, %v", code, err)
		}
		if took := time.Since(begun); took > 3*time.Second { // Twilio waits for 15
			t.Errorf("acknowledged after %s", took)
		}
	}
	p.wait("what is not held up", waitLong, func() bool { return len(d.To(ani)) == 1 })
	p.wait("the rest", waitLong, func() bool { return len(d.To(siti)) >= 2 })
}
