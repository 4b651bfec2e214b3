-- What the programme's people see of the work: who wants the weekly summary (J10-SMS-01).
-- +goose Up
ALTER TABLE staff ADD weekly_summary boolean NOT NULL DEFAULT false;
CREATE INDEX staff_weekly_summary ON staff (id) WHERE weekly_summary AND active;
-- Cases that went past their limit and are still open: the coordinators' escalation list.
CREATE INDEX cases_escalated ON cases (area_code, escalated_at) WHERE status <> 'selesai' AND escalated_at IS NOT NULL;

-- Working days after one day up to and including another, by the calendar of an area (R16).
CREATE FUNCTION working_days(area text, from_day date, to_day date) RETURNS integer LANGUAGE sql STABLE
    RETURN (SELECT count(*)::integer FROM generate_series(from_day + 1, to_day, interval '1 day') d
        WHERE extract(isodow FROM d) < 6
            AND NOT EXISTS (SELECT 1 FROM holiday h WHERE h.day = d::date AND h.area_code IN ('ID', left(area, 2), left(area, 5), area)));

-- +goose Down
DROP FUNCTION working_days;
DROP INDEX cases_escalated, staff_weekly_summary;
ALTER TABLE staff DROP COLUMN weekly_summary;
