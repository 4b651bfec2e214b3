package console

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

const (
	messageDays = 7
	messageRows = 25
)

// states are those of an outbox row, in the order of the tables.
var states = []string{"queued", "sending", "sent", "delivered", "read", "unknown", "failed", "skipped", "cancelled"}

var kinds = []prokus.Kind{prokus.KindReply, prokus.KindPrompt, prokus.KindReminder, prokus.KindNotice, prokus.KindMentoring,
	prokus.KindInvitation, prokus.KindBroadcast, prokus.KindReceipt}

type messagesPage struct {
	base
	Kind, State string
	Kinds       []prokus.Kind
	States      []string
	Days        []dayRow
	Failures    []Said
	Rows        []Said
	Inbox       []Said
}

// dayRow is the traffic of one day and kind.
type dayRow struct {
	Day     time.Time
	Kind    prokus.Kind
	Waiting int
	Out     int
	Arrived int
	Failed  int
	Stopped int
	Cost    int64
}

// messages is the traffic of the last days: what left and arrived, what did not and why.
func (c *console) messages(v *visit) error {
	ctx, s, q := v.r.Context(), v.viewer.Scope(), v.r.URL.Query()
	y, m, d := v.now.Date()
	from := time.Date(y, m, d-messageDays+1, 0, 0, 0, 0, v.now.Location())
	p := messagesPage{base: c.base(v, "title.messages", "messages"), Kinds: kinds, States: states}
	if k := prokus.Kind(q.Get("jenis")); slices.Contains(kinds, k) {
		p.Kind = string(k)
	}
	if k := q.Get("status"); slices.Contains(states, k) {
		p.State = k
	}
	counts, err := c.Store.MessageCounts(ctx, s, from)
	if err != nil {
		return err
	}
	p.Days = byDay(counts)
	if p.Failures, err = c.Store.Messages(ctx, s, MessageFilter{State: "failed", From: from, Limit: messageRows}); err != nil {
		return err
	}
	if p.Rows, err = c.Store.Messages(ctx, s, MessageFilter{Kind: p.Kind, State: p.State, From: from, Limit: messageRows}); err != nil {
		return err
	}
	p.Failures, p.Rows = c.worded(p.Failures), c.worded(p.Rows)
	if p.Inbox, err = c.Store.Inbox(ctx, s, messageRows); err != nil {
		return err
	}
	return c.show(v, http.StatusOK, "pesan", p)
}

func byDay(counts []MessageCount) []dayRow {
	var out []dayRow
	for _, m := range counts {
		i := slices.IndexFunc(out, func(r dayRow) bool { return r.Day.Equal(m.Day) && r.Kind == m.Kind })
		if i < 0 {
			i = len(out)
			out = append(out, dayRow{Day: m.Day, Kind: m.Kind})
		}
		r := &out[i]
		r.Cost += m.Cost
		switch m.State {
		case "queued", "sending":
			r.Waiting += m.N
		case "delivered", "read":
			r.Arrived += m.N
			r.Out += m.N
		case "sent", "unknown":
			r.Out += m.N
		case "failed":
			r.Failed += m.N
		default: // skipped, cancelled
			r.Stopped += m.N
		}
	}
	slices.SortStableFunc(out, func(a, b dayRow) int { return cmp.Or(b.Day.Compare(a.Day), cmp.Compare(a.Kind, b.Kind)) })
	return out
}
