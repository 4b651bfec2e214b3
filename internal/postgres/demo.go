package postgres

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/kabar-prokus/kabar/internal/demo"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

var _ demo.Store = (*DB)(nil)

// SaveWorld copies an invented programme into an empty database, in one transaction.
func (db *DB) SaveWorld(ctx context.Context, w *demo.World) (saved bool, err error) {
	err = db.InTx(ctx, func(tx *Tx) error {
		saved = false
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('kabar demo', 0))`); err != nil {
			return fmt.Errorf("save demo: %w", err)
		}
		some := false
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM person) OR EXISTS (SELECT FROM staff)`).Scan(&some); err != nil {
			return fmt.Errorf("save demo: %w", err)
		}
		if some {
			return nil
		}
		saved = true
		s := &worldSaver{Tx: tx, w: w, zones: map[int64]*time.Location{}}
		for _, step := range []func(context.Context) error{s.batch, s.staffs, s.people, s.grantsOf, s.reports, s.sessionsOf, s.casesOf, s.messages} {
			if err := step(ctx); err != nil {
				return fmt.Errorf("save demo: %w", err)
			}
		}
		return nil
	})
	return saved, err
}

// worldSaver turns the ids of a world into those of the database.
type worldSaver struct {
	*Tx
	w             *demo.World
	batchID       int64
	staff, person []int64
	cases         []int64
	zones         map[int64]*time.Location
}

func (s *worldSaver) copy(ctx context.Context, table string, columns string, rows [][]any) error {
	if _, err := s.CopyFrom(ctx, pgx.Identifier{table}, strings.Fields(columns), pgx.CopyFromRows(rows)); err != nil {
		return fmt.Errorf("%s: %w", table, err)
	}
	return nil
}

// of is the real id of one that counts from one; nil for none.
func of(ids []int64, n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &ids[n-1]
}

func (s *worldSaver) batch(ctx context.Context) error {
	if err := s.QueryRow(ctx, `INSERT INTO batch (name, amount, opened_on) VALUES ($1, $2, $3) RETURNING id`,
		s.w.BatchName, prokus.UsualGrant, prokus.Day(s.w.Opened)).Scan(&s.batchID); err != nil {
		return err
	}
	var rows [][]any
	for _, r := range prokus.DefaultStages() {
		rows = append(rows, []any{s.batchID, string(r.Code), int16(r.Step), int32(r.Norm), int32(r.Stuck)})
	}
	return s.copy(ctx, "batch_stage", "batch_id code step norm_days stuck_days", rows)
}

func (s *worldSaver) staffs(ctx context.Context) (err error) {
	if s.staff, err = s.nextIDs(ctx, "staff", len(s.w.Staff)); err != nil {
		return err
	}
	var staff, areas, phones [][]any
	for i, m := range s.w.Staff {
		staff = append(staff, []any{s.staff[i], string(m.Role), m.Name, m.Title, m.Institution, m.Email, string(m.Lang)})
		for _, a := range m.Areas {
			areas = append(areas, []any{s.staff[i], a})
		}
		phones = append(phones, []any{s.staff[i], "phone", string(m.Phone), true, s.w.Opened})
	}
	if err := s.copy(ctx, "staff", "id role name title institution email lang", staff); err != nil {
		return err
	}
	if err := s.copy(ctx, "staff_area", "staff_id area_code", areas); err != nil {
		return err
	}
	return s.copy(ctx, "address", "staff_id kind value is_primary linked_at", phones)
}

func (s *worldSaver) people(ctx context.Context) (err error) {
	if s.person, err = s.nextIDs(ctx, "person", len(s.w.People)); err != nil {
		return err
	}
	var people, addresses, consents [][]any
	for i, p := range s.w.People {
		id := s.person[i]
		s.zones[p.ID] = p.Location()
		people = append(people, []any{id, p.Code, p.Name, p.Salutation, int32(p.BirthYear), p.NIK, p.NIKLast4, p.Area, p.Village, p.RT, p.Business, p.Cluster,
			string(p.Lang), p.LangChosen, s.batchID, p.Incubator, p.Disability, string(p.Status), string(p.Consent), timeOrNil(p.ConsentAt),
			timeOrNil(p.InvitedAt), timeOrNil(p.LastSeen), p.Zone, p.Created})
		if p.Phone != "" {
			addresses = append(addresses, []any{id, "phone", string(p.Phone), p.Telegram == "", p.Created})
		}
		if p.Telegram != "" {
			addresses = append(addresses, []any{id, "telegram", p.Telegram, true, p.ConsentAt})
		}
		if p.Consent == prokus.Agreed || p.Consent == prokus.Stopped {
			consents = append(consents, []any{id, string(p.Consent), p.ConsentAt, demo.Channel("sms")})
		}
	}
	if err := s.copy(ctx, "person", `id code name salutation birth_year nik_hmac nik_last4 area_code village rt business cluster lang lang_chosen batch_id
		incubator disability status consent consent_at invited_at last_seen zone created_at`, people); err != nil {
		return err
	}
	if err := s.copy(ctx, "address", "person_id kind value is_primary linked_at", addresses); err != nil {
		return err
	}
	return s.copy(ctx, "consent_event", "person_id consent at channel", consents)
}

func (s *worldSaver) grantsOf(ctx context.Context) error {
	ids, err := s.nextIDs(ctx, "grants", len(s.w.Grants))
	if err != nil {
		return err
	}
	var grants, steps [][]any
	for i, g := range s.w.Grants {
		grants = append(grants, []any{ids[i], s.person[g.Person-1], s.batchID, string(g.Stage), g.Since, g.Known, g.Amount, g.Spent, g.Bank, g.AccountLast4,
			timeOrNil(g.ExpectFrom), timeOrNil(g.ExpectTo), timeOrNil(g.ReceiptsDue), g.Note})
		for _, st := range g.Steps {
			at := time.Date(st.Since.Year(), st.Since.Month(), st.Since.Day(), 8, 5, 0, 0, s.zones[g.Person])
			steps = append(steps, []any{ids[i], string(st.From), string(st.To), st.Since, at})
		}
	}
	if err := s.copy(ctx, "grants", `id person_id batch_id stage since known_at amount spent bank account_last4 expect_from expect_to receipts_due note`, grants); err != nil {
		return err
	}
	return s.copy(ctx, "grant_change", "grant_id from_stage stage since at", steps)
}
