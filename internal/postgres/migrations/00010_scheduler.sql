-- What the scheduler needs to find what is due without looking at everything.
-- +goose Up

-- A slot that needs several transactions remembers how far it came.
ALTER TABLE rule_slot ADD slot timestamptz, ADD reached bigint NOT NULL DEFAULT 0;

ALTER TABLE outbox
    ADD claimed_at timestamptz,                    -- real time of the claim: a demo's clock jumps, a provider's does not
    ADD chosen     boolean NOT NULL DEFAULT false; -- the road was chosen when it was sent, and may be chosen again

CREATE INDEX person_zone ON person (zone);
CREATE INDEX outbox_sent ON outbox (sent_at) WHERE state = 'sent';
CREATE INDEX outbox_case ON outbox (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX outbox_event_refused ON outbox_event (at) WHERE what = 'refused' AND state = 'invalid';
CREATE INDEX place_expires ON place (expires_at);
CREATE INDEX cases_asked ON cases (id) WHERE status = 'ditanya';
CREATE INDEX cases_orphans ON cases (id) WHERE status <> 'selesai' AND owner_id IS NULL;
CREATE INDEX staff_leave_substitute ON staff_leave (substitute, to_day) WHERE substitute IS NOT NULL;
CREATE INDEX session_planned_area ON session (area_code, starts_at) WHERE status = 'rencana';

-- Whether a week of a person is exempt: leave, or a pause of the programme anywhere above her kecamatan (R08).
CREATE FUNCTION exempt_week(person bigint, area text, monday date) RETURNS boolean LANGUAGE sql STABLE
    RETURN EXISTS (SELECT 1 FROM leave l WHERE l.person_id = person AND monday BETWEEN l.from_week AND l.to_week)
        OR EXISTS (SELECT 1 FROM pause x WHERE x.from_day <= monday + 6 AND x.to_day >= monday
            AND x.area_code IN ('ID', left(area, 2), left(area, 5), area));

-- The coordinator of the kabupaten that an area belongs to; null where there is none.
CREATE FUNCTION coordinator_of(area text) RETURNS bigint LANGUAGE sql STABLE
    RETURN (SELECT s.id FROM staff_area a JOIN staff s ON s.id = a.staff_id AND s.active AND s.role = 'koordinator'
        WHERE a.area_code = left(area, 5) ORDER BY s.id LIMIT 1);

-- Who acts for a member of staff on a day: the substitute during leave, else the coordinator; null where nobody is left.
CREATE FUNCTION acting_for(staff bigint, area text, day date) RETURNS bigint LANGUAGE sql STABLE
    RETURN (SELECT CASE
            WHEN s.active AND l.staff_id IS NULL THEN s.id
            WHEN s.active AND t.id IS NOT NULL THEN t.id
            ELSE coordinator_of(area) END
        FROM staff s
        LEFT JOIN staff_leave l ON l.staff_id = s.id AND day BETWEEN l.from_day AND l.to_day
        LEFT JOIN staff t ON t.id = l.substitute AND t.active
            AND NOT EXISTS (SELECT 1 FROM staff_leave x WHERE x.staff_id = t.id AND day BETWEEN x.from_day AND x.to_day)
        WHERE s.id = staff LIMIT 1);

-- Whose work a new case of a kecamatan is: its TKSK, else the coordinator; null where nobody holds either post.
CREATE FUNCTION owner_for(area text) RETURNS bigint LANGUAGE sql STABLE
    RETURN coalesce((SELECT s.id FROM staff_area a JOIN staff s ON s.id = a.staff_id AND s.active AND s.role = 'tksk'
        WHERE a.area_code = area ORDER BY s.id LIMIT 1), coordinator_of(area));

-- +goose Down
DROP FUNCTION owner_for, acting_for, coordinator_of, exempt_week;
DROP INDEX session_planned_area, staff_leave_substitute, cases_orphans, cases_asked, place_expires, outbox_event_refused, outbox_case, outbox_sent, person_zone;
ALTER TABLE outbox DROP COLUMN chosen, DROP COLUMN claimed_at;
ALTER TABLE rule_slot DROP COLUMN reached, DROP COLUMN slot;
