-- Who is in the programme, where, and how they are reached.
-- +goose Up

-- The clock of a demo: now() plus this offset is the programme's time. `serve` keeps no row.
CREATE TABLE clock (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    offset_seconds double precision NOT NULL
);

-- Areas of Indonesia with Kemendagri codes: province "32", kabupaten "32.10", kecamatan "32.10.07".
CREATE TABLE area (
    code   text PRIMARY KEY,
    parent text REFERENCES area (code),
    level  smallint NOT NULL CHECK (level BETWEEN 1 AND 3),
    name   text NOT NULL,
    zone   text NOT NULL
);
CREATE INDEX area_parent ON area (parent);

CREATE TABLE batch (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text NOT NULL UNIQUE,
    amount     bigint NOT NULL CHECK (amount > 0), -- rupiah a person
    opened_on  date NOT NULL,
    closed_on  date
);

-- Stages, their order and their norms belong to the batch: juknis differ from year to year.
CREATE TABLE batch_stage (
    batch_id   bigint NOT NULL REFERENCES batch (id) ON DELETE CASCADE,
    code       text NOT NULL,
    step       smallint NOT NULL, -- 1-7, 0 for exceptions
    norm_days  integer NOT NULL,
    stuck_days integer NOT NULL,
    PRIMARY KEY (batch_id, code)
);

CREATE TABLE staff (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    role        text NOT NULL CHECK (role IN ('tksk', 'mentor', 'koordinator', 'kementerian')),
    name        text NOT NULL,
    title       text NOT NULL DEFAULT '',
    institution text NOT NULL DEFAULT '',
    email       text NOT NULL DEFAULT '',
    lang        text NOT NULL DEFAULT 'id',
    active      boolean NOT NULL DEFAULT true
);
CREATE UNIQUE INDEX staff_email ON staff (lower(email)) WHERE email <> '' AND active;

-- A TKSK has one kecamatan, sometimes two; a coordinator a kabupaten; the ministry the row 'ID'.
CREATE TABLE staff_area (
    staff_id  bigint NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    area_code text NOT NULL,
    PRIMARY KEY (staff_id, area_code)
);
CREATE INDEX staff_area_code ON staff_area (area_code);

-- Leave of staff and who stands in.
CREATE TABLE staff_leave (
    staff_id   bigint NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    from_day   date NOT NULL,
    to_day     date NOT NULL CHECK (to_day >= from_day),
    substitute bigint REFERENCES staff (id),
    PRIMARY KEY (staff_id, from_day)
);

CREATE TABLE person (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code         text NOT NULL UNIQUE,
    name         text NOT NULL,
    salutation   text NOT NULL DEFAULT 'Ibu',
    birth_year   integer NOT NULL DEFAULT 0,
    nik_hmac     bytea UNIQUE,      -- HMAC-SHA256 under KABAR_NIK_KEY; the NIK itself is never kept
    nik_last4    text NOT NULL DEFAULT '',
    area_code    text NOT NULL REFERENCES area (code), -- kecamatan
    village      text NOT NULL DEFAULT '',
    rt           text NOT NULL DEFAULT '',
    business     text NOT NULL DEFAULT '',
    cluster      text NOT NULL DEFAULT '',
    lang         text NOT NULL DEFAULT 'id',
    lang_chosen  boolean NOT NULL DEFAULT false,
    batch_id     bigint REFERENCES batch (id),
    incubator    text NOT NULL DEFAULT '',
    disability   boolean NOT NULL DEFAULT false,
    status       text NOT NULL DEFAULT 'aktif' CHECK (status IN ('aktif', 'lulus', 'keluar', 'meninggal', 'ganda')),
    consent      text NOT NULL DEFAULT 'belum' CHECK (consent IN ('belum', 'diundang', 'ya', 'berhenti')),
    consent_at   timestamptz,
    bracket      boolean NOT NULL DEFAULT false,
    misread      smallint NOT NULL DEFAULT 0, -- failed readings in a row (R24)
    invited_at   timestamptz,
    last_seen    timestamptz,                 -- last inbound on any channel
    zone         text NOT NULL,               -- of the kecamatan, copied for the sweeps
    created_at   timestamptz NOT NULL
);
CREATE INDEX person_area ON person (area_code, status);
CREATE INDEX person_name ON person (lower(name) text_pattern_ops);
-- The sweeps look only at people who may be asked, by zone, in key order.
CREATE INDEX person_asked ON person (zone, id) WHERE status = 'aktif' AND consent = 'ya';
CREATE INDEX person_invited ON person (invited_at) WHERE status = 'aktif' AND consent = 'diundang';

-- Every recorded answer about consent: who witnessed it, by which words (UU PDP art. 20).
CREATE TABLE consent_event (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    consent   text NOT NULL,
    at        timestamptz NOT NULL,
    channel   text NOT NULL,
    witness   text NOT NULL DEFAULT ''
);
CREATE INDEX consent_event_person ON consent_event (person_id, at);

-- Ways to reach people and staff. One number may belong to several people (shared) and to staff at once.
CREATE TABLE address (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id   bigint REFERENCES person (id) ON DELETE CASCADE,
    staff_id    bigint REFERENCES staff (id) ON DELETE CASCADE,
    kind        text NOT NULL CHECK (kind IN ('phone', 'telegram', 'whatsapp')),
    value       text NOT NULL,
    status      text NOT NULL DEFAULT 'aktif' CHECK (status IN ('aktif', 'menunggu', 'dilepas', 'salah_orang', 'mati', 'diblokir')),
    is_primary  boolean NOT NULL DEFAULT false,
    letter      text NOT NULL DEFAULT '',   -- A, B, C on a number that several people share
    linked_at   timestamptz NOT NULL,
    released_at timestamptz,
    CHECK ((person_id IS NULL) <> (staff_id IS NULL))
);
CREATE UNIQUE INDEX address_person ON address (person_id, kind, value) WHERE person_id IS NOT NULL;
CREATE UNIQUE INDEX address_staff ON address (staff_id, kind, value) WHERE staff_id IS NOT NULL;
CREATE INDEX address_value ON address (kind, value);

CREATE TABLE holiday (
    day  date NOT NULL,
    name text NOT NULL,
    area_code text NOT NULL DEFAULT 'ID', -- a national holiday, or a district's own
    PRIMARY KEY (day, area_code)
);

-- Weeks in which nobody is asked and nobody's streak breaks (Lebaran).
CREATE TABLE pause (
    from_day date NOT NULL,
    to_day   date NOT NULL CHECK (to_day >= from_day),
    name     text NOT NULL,
    area_code text NOT NULL DEFAULT 'ID',
    PRIMARY KEY (from_day, area_code)
);

-- Leave of a person (cuti): the weeks are exempt (R08).
CREATE TABLE leave (
    person_id bigint NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    from_week date NOT NULL,
    to_week   date NOT NULL CHECK (to_week >= from_week),
    reason    text NOT NULL DEFAULT '',
    PRIMARY KEY (person_id, from_week)
);

-- +goose Down
DROP TABLE leave, pause, holiday, address, consent_event, person, staff_leave, staff_area, staff, batch_stage, batch, area, clock;
