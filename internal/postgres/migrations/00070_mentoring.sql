-- Sessions of the mentors: seats that move, who came and how we know, homework, and what becomes of a session.
-- +goose Up

ALTER TABLE session
    ADD homework   text NOT NULL DEFAULT '', -- what to do until the next one, in the mentor's words
    ADD called_off text NOT NULL DEFAULT ''; -- why there was none: sakit, bentrok, cuaca, lainnya, or the mentor's words
ALTER TABLE session ALTER code SET DEFAULT (100 + floor(random() * 900))::integer::text; -- never begins with zero
CREATE INDEX session_mentor ON session (mentor_id, starts_at);

ALTER TABLE invite
    ADD number      smallint,                      -- in the mentor's list; once given it stays
    ADD makeup      boolean NOT NULL DEFAULT false, -- stands for a session that she missed
    ADD moved_to    bigint REFERENCES session (id), -- where she went instead (rsvp ganti)
    ADD source      text NOT NULL DEFAULT '' CHECK (source IN ('', 'sendiri', 'mentor')), -- who says whether she came
    ADD attended_at timestamptz,
    ADD tries       smallint NOT NULL DEFAULT 0,   -- wrong codes that she sent
    ADD rating      smallint CHECK (rating BETWEEN 1 AND 3); -- 1 useful, 2 middling, 3 not
CREATE UNIQUE INDEX invite_number ON invite (session_id, number) WHERE number IS NOT NULL;

-- Coming sessions with a free seat in a kecamatan's kabupaten for somebody who is not on their list; near: in her own
-- kecamatan. A seat is held by everybody who did not decline.
CREATE FUNCTION free_sessions(person bigint, area text, after timestamptz)
    RETURNS TABLE (id bigint, starts_at timestamptz, place text, near boolean) LANGUAGE sql STABLE AS $$
    SELECT s.id, s.starts_at, s.place, s.area_code = area
    FROM session s
    WHERE s.area_code IN (SELECT a.code FROM area a WHERE a.parent = left(area, 5)) AND s.status = 'rencana'
        AND s.starts_at > after AND s.starts_at < after + interval '28 days'
        AND NOT EXISTS (SELECT 1 FROM invite i WHERE i.session_id = s.id AND i.person_id = person AND i.rsvp NOT IN ('tidak', 'ganti'))
        AND (SELECT count(*) FROM invite i WHERE i.session_id = s.id AND i.rsvp NOT IN ('tidak', 'ganti')) < s.capacity
    ORDER BY s.area_code = area DESC, s.starts_at, s.id
$$;

-- +goose Down
DROP FUNCTION free_sessions;
DROP INDEX invite_number;
ALTER TABLE invite DROP COLUMN rating, DROP COLUMN tries, DROP COLUMN attended_at, DROP COLUMN source, DROP COLUMN moved_to, DROP COLUMN makeup, DROP COLUMN number;
DROP INDEX session_mentor;
ALTER TABLE session ALTER code SET DEFAULT '';
ALTER TABLE session DROP COLUMN called_off, DROP COLUMN homework;
