-- The programme's rules as versions by area, the seasons that move hours, and slots by part of the country.
-- +goose Up

-- One version of one setting in one area. Never edited, only superseded: what was decided under it stays.
CREATE TABLE rule_version (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    area_code  text NOT NULL,                  -- 'ID', a province or a kabupaten
    key        text NOT NULL,                  -- a setting of internal/prokus
    value      text NOT NULL DEFAULT '',
    follows    boolean NOT NULL DEFAULT false, -- the area goes back to what the area above says
    valid_from timestamptz NOT NULL,
    author_id  bigint REFERENCES staff (id),   -- null: it came with the program
    note       text NOT NULL DEFAULT '',
    at         timestamptz NOT NULL,
    CHECK (follows = (value = '') AND NOT (follows AND area_code = 'ID'))
);
CREATE INDEX rule_version_key ON rule_version (area_code, key, id);

-- +goose StatementBegin
CREATE FUNCTION rule_version_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version of a rule is never changed: write a new one';
END $$;
-- +goose StatementEnd
CREATE TRIGGER rule_version_stands BEFORE UPDATE OR DELETE ON rule_version FOR EACH ROW EXECUTE FUNCTION rule_version_stands();

-- A rule is swept for each part of the country in which one version of its time decides.
ALTER TABLE rule_slot
    ADD area    text NOT NULL DEFAULT 'ID',
    ADD version bigint NOT NULL DEFAULT 0,
    ADD began   timestamptz; -- where it started; while swept_to stands there no slot was run
ALTER TABLE rule_slot DROP CONSTRAINT rule_slot_pkey, ADD PRIMARY KEY (rule, zone, area, version);
ALTER TABLE slot_skipped ADD area text NOT NULL DEFAULT 'ID';
ALTER TABLE slot_skipped DROP CONSTRAINT slot_skipped_pkey, ADD PRIMARY KEY (rule, zone, area, slot);

-- The sweep of one kabupaten does not look at the others.
CREATE INDEX person_asked_kabupaten ON person (left(area_code, 5), id) WHERE status = 'aktif' AND consent = 'ya';

-- Ramadan as it was announced, dated and never computed.
CREATE TABLE ramadan (
    from_day  date NOT NULL,
    to_day    date NOT NULL CHECK (to_day >= from_day),
    name      text NOT NULL,
    area_code text NOT NULL DEFAULT 'ID',
    PRIMARY KEY (from_day, area_code)
);

-- Who is asked at the usual hours in Ramadan too: one person, or a whole batch. Why is nobody's business and not kept.
ALTER TABLE person ADD usual_hours boolean NOT NULL DEFAULT false;
ALTER TABLE batch ADD usual_hours boolean NOT NULL DEFAULT false;

-- Whether a day is in the Ramadan of an area.
CREATE FUNCTION in_ramadan(area text, day date) RETURNS boolean LANGUAGE sql STABLE
    RETURN EXISTS (SELECT 1 FROM ramadan r WHERE day BETWEEN r.from_day AND r.to_day AND r.area_code IN ('ID', left(area, 2), left(area, 5), area));

-- +goose Down
DROP FUNCTION in_ramadan(text, date);
ALTER TABLE batch DROP COLUMN usual_hours;
ALTER TABLE person DROP COLUMN usual_hours;
DROP TABLE ramadan;
DROP INDEX person_asked_kabupaten;
DELETE FROM slot_skipped WHERE area <> 'ID';
ALTER TABLE slot_skipped DROP CONSTRAINT slot_skipped_pkey, ADD PRIMARY KEY (rule, zone, slot);
ALTER TABLE slot_skipped DROP COLUMN area;
DELETE FROM rule_slot s WHERE area <> 'ID' OR EXISTS (SELECT 1 FROM rule_slot o WHERE o.rule = s.rule AND o.zone = s.zone AND o.area = 'ID' AND o.version > s.version);
ALTER TABLE rule_slot DROP CONSTRAINT rule_slot_pkey, ADD PRIMARY KEY (rule, zone);
ALTER TABLE rule_slot DROP COLUMN began, DROP COLUMN version, DROP COLUMN area;
DROP TABLE rule_version;
DROP FUNCTION rule_version_stands();
