package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/internal/roster"
)

// SavePeople writes a chunk of people by COPY and a handful of statements, however many they are.
func (tx importTx) SavePeople(ctx context.Context, now time.Time, by int64, people []roster.PersonRow) ([]int64, error) {
	batches, err := tx.ensureBatches(ctx, now, people)
	if err != nil {
		return nil, err
	}
	ids, err := tx.insertPeople(ctx, now, people, batches)
	if err != nil {
		return nil, err
	}
	if err := tx.updatePeople(ctx, people, batches); err != nil {
		return nil, err
	}
	if err := tx.saveNumbers(ctx, now, people, ids); err != nil {
		return nil, err
	}
	return ids, tx.witnessConsent(ctx, by, people, ids)
}

// ensureBatches makes the batches that the list names, with the usual grant and the default set of stages.
func (tx importTx) ensureBatches(ctx context.Context, now time.Time, people []roster.PersonRow) (map[string]int64, error) {
	named := map[string]bool{}
	var names []string
	for _, p := range people {
		if p.Batch != "" && !named[p.Batch] {
			named[p.Batch] = true
			names = append(names, p.Batch)
		}
	}
	if _, err := tx.Exec(ctx, `INSERT INTO batch (name, amount, opened_on) SELECT n, $2, $3 FROM unnest($1::text[]) n ON CONFLICT (name) DO NOTHING`,
		names, prokus.UsualGrant, prokus.Day(now)); err != nil {
		return nil, fmt.Errorf("save batches: %w", err)
	}
	b := &pgx.Batch{}
	for _, s := range prokus.DefaultStages() {
		b.Queue(`INSERT INTO batch_stage (batch_id, code, step, norm_days, stuck_days)
			SELECT id, $2, $3, $4, $5 FROM batch WHERE name = ANY ($1::text[]) ON CONFLICT DO NOTHING`, names, s.Code, s.Step, s.Norm, s.Stuck)
	}
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return nil, fmt.Errorf("save stages: %w", err)
	}
	rows, err := tx.Query(ctx, `SELECT name, id FROM batch WHERE name = ANY ($1::text[])`, names)
	if err != nil {
		return nil, fmt.Errorf("save batches: %w", err)
	}
	ids := map[string]int64{}
	var name string
	var id int64
	if _, err := pgx.ForEachRow(rows, []any{&name, &id}, func() error { ids[name] = id; return nil }); err != nil {
		return nil, fmt.Errorf("save batches: %w", err)
	}
	return ids, nil
}

var copiedPerson = []string{"code", "name", "salutation", "birth_year", "nik_hmac", "nik_last4", "area_code", "village", "rt", "business", "cluster",
	"lang", "batch_id", "incubator", "disability", "zone", "consent", "consent_at", "invited_at", "created_at"}

func (tx importTx) insertPeople(ctx context.Context, now time.Time, people []roster.PersonRow, batches map[string]int64) ([]int64, error) {
	ids := make([]int64, len(people))
	var fresh []int
	var codes []string
	for i, p := range people {
		if ids[i] = p.ID; p.ID == 0 {
			fresh = append(fresh, i)
			codes = append(codes, p.Code)
		}
	}
	if len(fresh) == 0 {
		return ids, nil
	}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"person"}, copiedPerson, pgx.CopyFromSlice(len(fresh), func(i int) ([]any, error) {
		p := people[fresh[i]]
		consent, consentAt, invited := prokus.Unasked, timeOrNil(p.AgreedAt), (*time.Time)(nil)
		switch {
		case consentAt != nil:
			consent = prokus.Agreed
		case p.Invited:
			consent, invited = prokus.Invited, &now
		}
		return []any{p.Code, p.Name, p.Salutation, int32(p.BirthYear), p.NIK, p.NIKLast4, p.Area, p.Village, p.RT, p.Business, p.Cluster,
			string(p.Lang), idOrNil(batches[p.Batch]), p.Incubator, p.Disability, p.Zone, string(consent), consentAt, invited, now}, nil
	}))
	if err != nil {
		return nil, fmt.Errorf("insert people: %w", err)
	}
	rows, err := tx.Query(ctx, `SELECT p.id FROM unnest($1::text[]) WITH ORDINALITY AS c (code, n) JOIN person p USING (code) ORDER BY c.n`, codes)
	if err != nil {
		return nil, fmt.Errorf("insert people: %w", err)
	}
	got, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil || len(got) != len(fresh) {
		return nil, fmt.Errorf("insert people: %d of %d: %w", len(got), len(fresh), err)
	}
	for i, n := range fresh {
		ids[n] = got[i]
	}
	return ids, nil
}

func (tx importTx) updatePeople(ctx context.Context, people []roster.PersonRow, batches map[string]int64) error {
	var changed []roster.PersonRow
	for _, p := range people {
		if p.ID != 0 {
			changed = append(changed, p)
		}
	}
	if len(changed) == 0 {
		return nil
	}
	if _, err := tx.Exec(ctx, `
		CREATE TEMP TABLE IF NOT EXISTS import_person (id bigint, name text, salutation text, birth_year integer, nik_hmac bytea, nik_last4 text, area_code text,
			zone text, village text, rt text, business text, cluster text, lang text, batch_id bigint, incubator text, disability boolean, agreed_at timestamptz)
		ON COMMIT DROP`); err != nil {
		return fmt.Errorf("update people: %w", err)
	}
	if _, err := tx.Exec(ctx, `TRUNCATE import_person`); err != nil {
		return fmt.Errorf("update people: %w", err)
	}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"import_person"}, []string{"id", "name", "salutation", "birth_year", "nik_hmac", "nik_last4", "area_code", "zone",
		"village", "rt", "business", "cluster", "lang", "batch_id", "incubator", "disability", "agreed_at"},
		pgx.CopyFromSlice(len(changed), func(i int) ([]any, error) {
			p := changed[i]
			return []any{p.ID, p.Name, p.Salutation, int32(p.BirthYear), p.NIK, p.NIKLast4, p.Area, p.Zone, p.Village, p.RT, p.Business, p.Cluster,
				string(p.Lang), idOrNil(batches[p.Batch]), p.Incubator, p.Disability, timeOrNil(p.AgreedAt)}, nil
		}))
	if err != nil {
		return fmt.Errorf("update people: %w", err)
	}
	if _, err := tx.Exec(ctx, `
		UPDATE person p SET name = i.name, salutation = i.salutation, birth_year = i.birth_year, nik_hmac = i.nik_hmac, nik_last4 = i.nik_last4,
			area_code = i.area_code, zone = i.zone, village = i.village, rt = i.rt, business = i.business, cluster = i.cluster, lang = i.lang,
			batch_id = coalesce(i.batch_id, p.batch_id), incubator = i.incubator, disability = i.disability,
			consent = CASE WHEN i.agreed_at IS NULL THEN p.consent ELSE 'ya' END, consent_at = coalesce(i.agreed_at, p.consent_at)
		FROM import_person i WHERE p.id = i.id`); err != nil {
		return fmt.Errorf("update people: %w", err)
	}
	return nil
}

// saveNumbers links the numbers and gives letters where several people answer on one.
func (tx importTx) saveNumbers(ctx context.Context, now time.Time, people []roster.PersonRow, ids []int64) error {
	var persons []int64
	var numbers, states []string
	for i, p := range people {
		if p.Phone != "" {
			persons, numbers, states = append(persons, ids[i]), append(numbers, string(p.Phone)), append(states, string(p.PhoneState))
		}
	}
	if len(persons) == 0 {
		return nil
	}
	b := &pgx.Batch{}
	b.Queue(`
		INSERT INTO address (person_id, kind, value, status, is_primary, linked_at)
		SELECT n.person, 'phone', n.number, n.state,
			n.state = 'aktif' AND NOT EXISTS (SELECT FROM address a WHERE a.person_id = n.person AND a.is_primary AND a.status = 'aktif'), $4
		FROM unnest($1::bigint[], $2::text[], $3::text[]) WITH ORDINALITY AS n (person, number, state, o) ORDER BY n.o
		ON CONFLICT (person_id, kind, value) WHERE person_id IS NOT NULL DO NOTHING`, persons, numbers, states, now)
	// Letters never change once given: a new person gets the next one after the highest.
	b.Queue(`
		WITH sharing AS (
			SELECT a.id, a.value, a.letter, count(*) OVER (PARTITION BY a.value) AS people,
				max(ascii(nullif(a.letter, ''))) OVER (PARTITION BY a.value) AS highest
			FROM address a WHERE a.kind = 'phone' AND a.value = ANY ($1::text[]) AND a.status = 'aktif' AND a.person_id IS NOT NULL
		), given AS (
			SELECT id, chr((coalesce(highest, 64) + row_number() OVER (PARTITION BY value ORDER BY id))::integer) AS letter
			FROM sharing WHERE people > 1 AND letter = ''
		)
		UPDATE address a SET letter = g.letter FROM given g WHERE a.id = g.id AND g.letter BETWEEN 'A' AND 'Z'`, numbers)
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("save numbers: %w", err)
	}
	return nil
}

// witnessConsent keeps who recorded a consent that came with the list (UU PDP art. 20).
func (tx importTx) witnessConsent(ctx context.Context, by int64, people []roster.PersonRow, ids []int64) error {
	var persons []int64
	var at []time.Time
	for i, p := range people {
		if !p.AgreedAt.IsZero() {
			persons, at = append(persons, ids[i]), append(at, p.AgreedAt)
		}
	}
	if len(persons) == 0 {
		return nil
	}
	if _, err := tx.Exec(ctx, `
		INSERT INTO consent_event (person_id, consent, at, channel, witness)
		SELECT p, 'ya', t, 'impor', coalesce((SELECT name FROM staff WHERE id = $3), '') FROM unnest($1::bigint[], $2::timestamptz[]) AS n (p, t)`,
		persons, at, by); err != nil {
		return fmt.Errorf("save consent: %w", err)
	}
	return nil
}

func idOrNil(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}
