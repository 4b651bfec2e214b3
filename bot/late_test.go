package bot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

// A report belongs to the week in which it was written, however late the gateway tells of it (faults.md D6).
func TestD6ReportBelongsToTheWeekItWasWrittenIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.report("Siti", "2026-W22", 670000)
	w.at(time.Date(2026, 6, 10, 0, 1, 0, 0, wib)) // Wednesday, the week has closed
	in := w.inbound(phones["Siti"], channels.SMS, "750rb")
	in.ReceivedAt = time.Date(2026, 11, 23, 12, 0, 0, 0, wib) // the phone's calendar is its own
	in.SentAt = in.ReceivedAt.Add(-40 * time.Hour)            // Monday morning
	got := w.caused(w.handle(in))
	if len(got) != 1 || !strings.HasPrefix(got[0].text, "Tercatat Rp750.000 untuk 1-7 Jun. Naik 12%") {
		t.Fatalf("answer %v", got)
	}
	if late := w.one(`SELECT count(*) FROM report WHERE late`); late != 0 {
		t.Error("it counts as late")
	}
	in = w.inbound(phones["Ani"], channels.SMS, "500rb")
	in.SentAt = in.ReceivedAt.Add(-30 * 24 * time.Hour) // a clock that is plainly wrong says nothing
	if got := w.caused(w.handle(in)); len(got) != 1 || !strings.Contains(got[0].text, "untuk minggu mana?") {
		t.Errorf("answer %v", got)
	}
}
