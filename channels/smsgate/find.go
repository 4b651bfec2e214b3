package smsgate

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/kabar-prokus/kabar/channels"
)

// Find asks every phone whether it has the message. One that says yes is enough; no is proven only if all have answered.
// A message that failed at its phone has not left, so it counts as not found.
func (a *Adapter) Find(ctx context.Context, m channels.Outbound) (channels.Sent, bool, error) {
	var unanswered error
	asked := map[string]bool{}
	for _, p := range a.phones {
		if place := p.url + " " + p.Login; asked[place] { // phones of one account share a list
			continue
		} else {
			asked[place] = true
		}
		for n := 1; n <= namesakes; n++ {
			there, found, err := a.look(ctx, p, nthID(m.ID, n))
			if err != nil {
				unanswered = fmt.Errorf("smsgate: find at phone %s: %w", p.Name, err)
				break
			}
			if !found {
				break
			}
			if !there.over() {
				return channels.Sent{ProviderID: there.ID}, true, nil
			}
		}
	}
	return channels.Sent{}, false, unanswered
}

// look asks one phone for one id.
func (a *Adapter) look(ctx context.Context, p *phone, id string) (s stored, found bool, err error) {
	c := &call{a: a, p: p}
	se := c.do(ctx, http.MethodGet, "/messages/"+url.PathEscape(id), nil, &s)
	switch {
	case c.status == http.StatusNotFound && !c.page:
		return s, false, nil
	case se != nil:
		return s, false, se
	case s.ID != id:
		return s, false, fmt.Errorf("HTTP %d tells of another message", c.status)
	}
	return s, true, nil
}

// A message is given to a phone under its own id, and after it failed there under that id without dashes and a number
// behind, so that it stays within the 36 characters of an SMSGate server.
var (
	uuid     = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	namesake = regexp.MustCompile(`^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})-[2-9]$`)
)

func nthID(id string, n int) string {
	if n == 1 {
		return id
	}
	return strings.ReplaceAll(id, "-", "") + "-" + strconv.Itoa(n)
}

// ourID is the message's own id behind a phone's; ok is false for a message that was not sent by us.
func ourID(id string) (ours string, ok bool) {
	if uuid.MatchString(id) {
		return id, true
	}
	if g := namesake.FindStringSubmatch(id); g != nil {
		return strings.Join(g[1:], "-"), true
	}
	return "", false
}
