package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/internal/roster"
)

// KnownPeople finds everyone whom a key may mean: three look-ups by index, never a scan. The area is compared as an expression
// so that the planner, which knows nothing of the rows of this very transaction, cannot prefer its index to that of names.
func (tx importTx) KnownPeople(ctx context.Context, k roster.PeopleKeys) ([]roster.KnownPerson, error) {
	rows, err := tx.Query(ctx, `
		WITH found AS (
			SELECT id FROM person WHERE nik_hmac = ANY ($1::bytea[])
			UNION SELECT id FROM person WHERE code = ANY ($2::text[])
			UNION SELECT p.id FROM unnest($3::text[], $4::text[]) AS k (name, area) JOIN person p ON lower(p.name) = k.name AND p.area_code || '' = k.area
		)
		SELECT p.id, p.code, p.name, p.salutation, p.birth_year, p.nik_hmac, p.nik_last4, p.area_code, p.village, p.rt, p.business, p.cluster,
			p.lang, p.lang_chosen, coalesce(b.name, ''), p.incubator, p.disability, p.status, p.consent,
			coalesce(a.numbers, '{}'), coalesce(a.statuses, '{}'), coalesce(a.primaries, '{}')
		FROM found JOIN person p USING (id)
		LEFT JOIN batch b ON b.id = p.batch_id
		LEFT JOIN LATERAL (
			SELECT array_agg(value ORDER BY id) numbers, array_agg(status ORDER BY id) statuses, array_agg(is_primary ORDER BY id) primaries
			FROM address WHERE person_id = p.id AND kind = 'phone'
		) a ON true`, k.NIK, k.Codes, k.Names, k.Areas)
	if err != nil {
		return nil, fmt.Errorf("known people: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (roster.KnownPerson, error) {
		var (
			p                 roster.KnownPerson
			numbers, statuses []string
			primaries         []bool
		)
		err := row.Scan(&p.ID, &p.Code, &p.Name, &p.Salutation, &p.BirthYear, &p.NIK, &p.NIKLast4, &p.Area, &p.Village, &p.RT, &p.Business, &p.Cluster,
			&p.Lang, &p.LangChosen, &p.BatchName, &p.Incubator, &p.Disability, &p.Status, &p.Consent, &numbers, &statuses, &primaries)
		for i := range numbers {
			p.Phones = append(p.Phones, roster.KnownPhone{Number: prokus.Phone(numbers[i]), Status: prokus.AddressStatus(statuses[i]), Primary: primaries[i]})
		}
		return p, err
	})
}

// PhoneHolders finds who answers on the numbers, the longest there first.
func (tx importTx) PhoneHolders(ctx context.Context, phones []prokus.Phone) ([]roster.PhoneHolder, error) {
	rows, err := tx.Query(ctx, `
		SELECT a.value, p.id, p.name, p.area_code FROM address a JOIN person p ON p.id = a.person_id
		WHERE a.kind = 'phone' AND a.value = ANY ($1::text[]) AND a.status = 'aktif' ORDER BY a.id`, texts(phones))
	if err != nil {
		return nil, fmt.Errorf("phone holders: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (h roster.PhoneHolder, err error) {
		return h, row.Scan(&h.Number, &h.Person, &h.Name, &h.Area)
	})
}

// CountPeople is how many codes are given.
func (tx importTx) CountPeople(ctx context.Context) (n int, err error) {
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM person`).Scan(&n); err != nil {
		return 0, fmt.Errorf("count people: %w", err)
	}
	return n, nil
}

// UsedCodes are those of the codes that somebody has.
func (tx importTx) UsedCodes(ctx context.Context, codes []string) ([]string, error) {
	rows, err := tx.Query(ctx, `SELECT code FROM person WHERE code = ANY ($1::text[])`, codes)
	if err != nil {
		return nil, fmt.Errorf("used codes: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// TKSKOf names the TKSK of each kecamatan as texts do: "Pak Dedi".
func (tx importTx) TKSKOf(ctx context.Context, kecamatan []string) (map[string]string, error) {
	rows, err := tx.Query(ctx, `
		SELECT DISTINCT ON (sa.area_code) sa.area_code, s.title, s.name FROM staff_area sa JOIN staff s ON s.id = sa.staff_id
		WHERE sa.area_code = ANY ($1::text[]) AND s.role = 'tksk' AND s.active ORDER BY sa.area_code, s.id`, kecamatan)
	if err != nil {
		return nil, fmt.Errorf("tksk: %w", err)
	}
	called := map[string]string{}
	var area string
	var s prokus.Staff
	_, err = pgx.ForEachRow(rows, []any{&area, &s.Title, &s.Name}, func() error {
		called[area] = s.Called()
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("tksk: %w", err)
	}
	return called, nil
}

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = strings.Clone(string(v))
	}
	return out
}
