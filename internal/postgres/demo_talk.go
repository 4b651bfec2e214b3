package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/internal/demo"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

func (s *worldSaver) reports(ctx context.Context) error {
	var reports, changes [][]any
	for _, r := range s.w.Reports {
		id, week := s.person[r.Person-1], r.Week.Date()
		first, last := r.Amount, r.At
		for i, c := range r.Changes {
			if i == 0 {
				first = c.Old
			}
			last = c.At
		}
		by := (*int64)(nil)
		if r.Source == prokus.ByProxy {
			by = s.tkskOf(r.Person)
		}
		reports = append(reports, []any{id, week, r.Amount, r.Reason, string(r.Source), r.Channel, r.Late, r.At, last})
		changes = append(changes, []any{id, week, nil, first, "report", r.At, r.Channel, by, r.Raw})
		for _, c := range r.Changes {
			changes = append(changes, []any{id, week, c.Old, c.New, c.What, c.At, r.Channel, nil, ""})
		}
	}
	if err := s.copy(ctx, "report", "person_id week amount reason source channel late at changed_at", reports); err != nil {
		return err
	}
	return s.copy(ctx, "report_change", "person_id week old new what at channel by_staff raw", changes)
}

func (s *worldSaver) tkskOf(person int64) *int64 {
	for i, m := range s.w.Staff {
		if m.Role == prokus.TKSK && m.Areas[0] == s.w.People[person-1].Area {
			return &s.staff[i]
		}
	}
	return nil
}

func (s *worldSaver) sessionsOf(ctx context.Context) error {
	ids, err := s.nextIDs(ctx, "session", len(s.w.Sessions))
	if err != nil {
		return err
	}
	var sessions, invites [][]any
	for i, x := range s.w.Sessions {
		sessions = append(sessions, []any{ids[i], x.At, x.Area, x.Place, of(s.staff, x.Mentor), x.Topic, int32(x.Capacity), x.Status, x.Code})
		for _, v := range x.Invites {
			invites = append(invites, []any{ids[i], s.person[v.Person-1], v.RSVP, v.Reason, timeOrNil(v.At), v.Attended})
		}
	}
	if err := s.copy(ctx, "session", "id starts_at area_code place mentor_id topic capacity status code", sessions); err != nil {
		return err
	}
	return s.copy(ctx, "invite", "session_id person_id rsvp reason rsvp_at attended", invites)
}

func (s *worldSaver) casesOf(ctx context.Context) (err error) {
	if s.cases, err = s.nextIDs(ctx, "cases", len(s.w.Cases)); err != nil {
		return err
	}
	type counter struct {
		kabupaten string
		year      int
	}
	last := map[counter]int{}
	var cases, events, counters [][]any
	for i, c := range s.w.Cases {
		detail, err := json.Marshal(c.Detail)
		if err != nil {
			return err
		}
		year := c.Opened.In(s.zones[c.Person]).Year()
		last[counter{c.Kabupaten, year}] = max(last[counter{c.Kabupaten, year}], c.Ticket)
		cases = append(cases, []any{s.cases[i], int32(c.Ticket), c.Kabupaten, int16(year), s.person[c.Person-1], c.Area, string(c.Reason), string(c.Status),
			int32(c.Priority), of(s.staff, c.Owner), c.Confidential, string(detail), c.Note, c.Opened, c.Due, timeOrNil(c.RemindAt), timeOrNil(c.EscalateAt),
			timeOrNil(c.Escalated), timeOrNil(c.Acted), timeOrNil(c.Closed), c.Outcome})
		for _, e := range c.Events {
			events = append(events, []any{s.cases[i], e.At, of(s.staff, e.Staff), e.What, e.Note})
		}
	}
	for k, n := range last {
		counters = append(counters, []any{k.kabupaten, int16(k.year), int32(n)})
	}
	if err := s.copy(ctx, "cases", `id ticket kabupaten year person_id area_code reason status priority owner_id confidential detail note opened_at due_at
		remind_at escalate_at escalated_at acted_at closed_at outcome`, cases); err != nil {
		return err
	}
	if err := s.copy(ctx, "case_event", "case_id at by_staff what note", events); err != nil {
		return err
	}
	return s.copy(ctx, "ticket_counter", "kabupaten year last", counters)
}

func (s *worldSaver) messages(ctx context.Context) error {
	ids, err := s.nextIDs(ctx, "inbox", len(s.w.In))
	if err != nil {
		return err
	}
	var in, out [][]any
	for i, m := range s.w.In {
		in = append(in, []any{ids[i], demo.Channel(m.Via), fmt.Sprintf("demo-%d", i+1), m.Via, m.Sender, "text", []byte(m.Text), m.Text,
			of(s.person, m.Person), of(s.staff, m.Staff), m.Intent, m.At, m.At})
	}
	for _, m := range s.w.Out {
		var key *string
		if m.Key != "" {
			k := strings.Replace(m.Key, "%d", fmt.Sprint(s.person[m.Person-1]), 1)
			key = &k
		}
		cost := int64(0)
		if m.Via == "sms" {
			cost = int64(m.Segments) * prokus.SegmentPrice
		}
		var cause *int64
		if m.Cause > 0 {
			cause = &ids[m.Cause-1]
		}
		out = append(out, []any{key, of(s.person, m.Person), of(s.staff, m.Staff), demo.Channel(m.Via), m.Via, m.Recipient, string(m.Kind), int16(m.Kind.Lane()),
			m.Text, string(m.Args), string(m.Lang), cause, of(s.cases, m.Case), m.At, "sent", m.At, int16(1), m.At, m.Said, int16(m.Segments), cost, m.At, m.At.Add(time.Second)})
	}
	if err := s.copy(ctx, "inbox", "id channel provider_id via sender kind raw text person_id staff_id intent sent_at at", in); err != nil {
		return err
	}
	return s.copy(ctx, "outbox", `key person_id staff_id channel via recipient kind lane text_key args lang cause case_id not_before state enqueued_at attempts
		sending_at said segments cost created_at sent_at`, out)
}
