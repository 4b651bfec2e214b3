package console

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

var messageID = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

type storyPage struct {
	base
	Story
	Next string // what follows, by the name of its sentence
}

// story answers "why did she not get it?" for one message.
func (c *console) story(v *visit) error {
	id := v.r.PathValue("message")
	if !messageID.MatchString(id) {
		return ErrNotFound
	}
	s, err := c.Store.Story(v.r.Context(), v.viewer.Scope(), id, v.viewer.Staff.ID, v.now)
	if err != nil {
		return err
	}
	s.Said = c.worded([]Said{s.Said})[0]
	return c.show(v, http.StatusOK, "satu_pesan", storyPage{c.base(v, "title.message", "messages"), s, s.next()})
}

// next names what follows from where the message stands.
func (s Story) next() string {
	switch s.State {
	case "queued":
		switch s.ErrorKind {
		case "":
			return "due"
		case "wait", "paused":
			return "waits"
		}
		return "again"
	case "failed":
		switch s.ErrorKind {
		case "blocked":
			return "closed"
		case "invalid":
			return "invalid"
		case "fail":
			return "broken"
		}
		return "given_up"
	case "skipped", "cancelled":
		return "never"
	case "sending", "sent", "unknown":
		return s.State
	}
	return "done"
}

// Word is the reason of a step in the words of the list: codes of the door and kinds of refusal share a group.
func (e StoryEvent) Word() string {
	if e.What == "judged" {
		return e.Code
	}
	return e.State
}

// Seconds writes how long an exchange took: 0,4.
func (x StoryExchange) Seconds() string {
	return strings.Replace(fmt.Sprintf("%.1f", x.Took.Seconds()), ".", ",", 1)
}

// Attempt numbers the attempts among the events, from 1.
func (s Story) Attempt(i int) int {
	n := 0
	for _, e := range s.Events[:i+1] {
		if e.What == "attempt" {
			n++
		}
	}
	return n
}
