-- How far somebody is: what the TKSK saw of her business, her score, and when her class changed (console.md, D29).
-- +goose Up

-- Append-only: the newest row of a kind counts.
CREATE TABLE observation (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    what      text NOT NULL CHECK (what IN ('buku', 'tabungan')),
    seen      boolean NOT NULL,
    at        timestamptz NOT NULL,
    by_staff  bigint NOT NULL REFERENCES staff (id),
    channel   text NOT NULL
);
CREATE INDEX observation_person ON observation (person_id, what, id DESC);

-- As of the last closed week; the page of a person counts it anew.
CREATE TABLE score (
    person_id bigint PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    week      date NOT NULL,
    total     smallint NOT NULL CHECK (total BETWEEN 0 AND 100),
    class     text NOT NULL CHECK (class IN ('pemula', 'berkembang', 'maju')),
    sales     text NOT NULL DEFAULT '', -- direction of her last 35 days: naik, tetap, turun
    at        timestamptz NOT NULL
);

CREATE TABLE class_change (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id  bigint NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    from_class text NOT NULL,
    to_class   text NOT NULL,
    total      smallint NOT NULL,
    at         timestamptz NOT NULL
);
CREATE INDEX class_change_person ON class_change (person_id, at DESC);
CREATE INDEX class_change_at ON class_change (at);

-- The weekly count walks the active people of a zone in key order, whether or not they agreed to messages.
CREATE INDEX person_active ON person (zone, id) WHERE status = 'aktif';

-- +goose Down
DROP INDEX person_active;
DROP TABLE class_change, score, observation;
