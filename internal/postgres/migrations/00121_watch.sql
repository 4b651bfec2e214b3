-- What the watch over the service itself needs.
-- +goose Up

-- When the clock was last swept: a schedule that stands still is told by whoever still runs.
CREATE TABLE swept (
    one  boolean PRIMARY KEY DEFAULT true CHECK (one),
    at   timestamptz NOT NULL
);

-- What a sender had cost on the day, when its prepaid credit was noted.
ALTER TABLE credit ADD spent_then bigint NOT NULL DEFAULT 0;

-- Whether a week's silence may be our own: the sender by which somebody last wrote, or the phone with that number, was down for
-- half an hour or more between the weekly question and the end of the week's answers (programme.md 4.2).
CREATE FUNCTION deaf_week(person bigint, zone text, monday date) RETURNS boolean LANGUAGE sql STABLE
    RETURN EXISTS (
        SELECT FROM outage o
        WHERE o.from_at < (monday + 9)::timestamp AT TIME ZONE zone
            AND coalesce(o.to_at, 'infinity') > (monday + 6)::timestamp AT TIME ZONE zone + interval '18 hours 30 minutes'
            AND least(coalesce(o.to_at, 'infinity'), (monday + 9)::timestamp AT TIME ZONE zone)
                - greatest(o.from_at, (monday + 6)::timestamp AT TIME ZONE zone + interval '18 hours 30 minutes') >= interval '30 minutes'
            AND EXISTS (
                SELECT FROM (SELECT i.channel, i.recipient FROM inbox i WHERE i.person_id = person ORDER BY i.at DESC LIMIT 1) l
                WHERE l.channel = o.channel AND (o.unit = '' OR cardinality(o.numbers) = 0 OR l.recipient = ANY (o.numbers))));

-- +goose Down
DROP FUNCTION deaf_week;
ALTER TABLE credit DROP COLUMN spent_then;
DROP TABLE swept;
