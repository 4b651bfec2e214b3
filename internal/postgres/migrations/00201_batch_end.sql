-- A week after her batch has ended is none in which she has to report.
-- +goose Up
CREATE OR REPLACE FUNCTION exempt_week(person bigint, area text, monday date) RETURNS boolean LANGUAGE sql STABLE
    RETURN EXISTS (SELECT 1 FROM leave l WHERE l.person_id = exempt_week.person AND monday BETWEEN l.from_week AND l.to_week)
        OR EXISTS (SELECT 1 FROM pause x WHERE x.from_day <= monday + 6 AND x.to_day >= monday
            AND x.area_code IN ('ID', left(area, 2), left(area, 5), area))
        OR EXISTS (SELECT 1 FROM person p JOIN batch b ON b.id = p.batch_id WHERE p.id = exempt_week.person AND b.closed_on <= monday);
CREATE INDEX batch_closed ON batch (closed_on) WHERE closed_on IS NOT NULL;

-- +goose Down
DROP INDEX batch_closed;
CREATE OR REPLACE FUNCTION exempt_week(person bigint, area text, monday date) RETURNS boolean LANGUAGE sql STABLE
    RETURN EXISTS (SELECT 1 FROM leave l WHERE l.person_id = exempt_week.person AND monday BETWEEN l.from_week AND l.to_week)
        OR EXISTS (SELECT 1 FROM pause x WHERE x.from_day <= monday + 6 AND x.to_day >= monday
            AND x.area_code IN ('ID', left(area, 2), left(area, 5), area));
