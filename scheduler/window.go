package scheduler

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/flows/text"
)

// windowFor is how long WhatsApp takes free text after somebody has written. A little is left for the way.
const windowFor = 24*time.Hour - 5*time.Minute

// broadcastKey asks Approved for the template of a broadcast, whose words are its author's: they are its one value.
const broadcastKey = "broadcast"

// open says whether free text may leave by a WhatsApp road.
func open(r Road, now time.Time) bool {
	return !r.Heard.IsZero() && now.Before(r.Heard.Add(windowFor))
}

// template fills the approved template of a row, for a first contact and whatever else leaves outside the window; nil if it
// has none that can be filled.
func (s *Scheduler) template(f Facts, r Road) *channels.Template {
	if s.Approved == nil {
		return nil
	}
	if r.Letter != "" {
		var err error
		if f, err = s.onShared(f, r.Letter); err != nil {
			return nil // rendering tells it
		}
	}
	key := f.Text
	if f.Literal != nil {
		key = broadcastKey
	}
	a, ok := s.Approved(r.Channel, key, f.Lang)
	if !ok {
		return nil
	}
	if f.Literal != nil {
		return &channels.Template{ID: a.ID, Values: []string{strings.Join(strings.Fields(*f.Literal), " ")}}
	}
	var args text.Args
	if len(f.Args) > 0 {
		if err := json.Unmarshal(f.Args, &args); err != nil {
			return nil // rendering tells it
		}
	}
	route := s.Routes[r.Channel]
	route.Via = r.Via
	values, err := s.Texts.Values(a.Fill, key, f.Lang, args, route)
	if err != nil {
		s.Log.Warn("a template cannot be filled", "id", f.ID, "text", key, "error", err)
		return nil
	}
	return &channels.Template{ID: a.ID, Values: values}
}
