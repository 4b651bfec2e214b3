-- What people do with the service: grants, weekly reports, cases, mentoring.
-- +goose Up

CREATE TABLE grants (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id     bigint NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    batch_id      bigint NOT NULL REFERENCES batch (id),
    stage         text NOT NULL,
    since         date NOT NULL,       -- when the stage began, by whoever told us
    known_at      timestamptz NOT NULL, -- when we were told: the date of the information
    amount        bigint NOT NULL,
    spent         bigint NOT NULL DEFAULT 0, -- receipts recorded, rupiah
    bank          text NOT NULL DEFAULT '',
    account_last4 text NOT NULL DEFAULT '',
    expect_from   date,
    expect_to     date,
    receipts_due  date,
    note          text NOT NULL DEFAULT '',
    UNIQUE (person_id, batch_id)
);
CREATE INDEX grants_stage ON grants (stage, since);

CREATE TABLE grant_change (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    grant_id  bigint NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    from_stage text NOT NULL DEFAULT '',
    stage     text NOT NULL,
    since     date NOT NULL,
    at        timestamptz NOT NULL,
    by_staff  bigint REFERENCES staff (id),
    note      text NOT NULL DEFAULT ''
);
CREATE INDEX grant_change_grant ON grant_change (grant_id, at);

-- One row a person and week; every change of it is a row of report_change.
CREATE TABLE report (
    person_id   bigint NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    week        date NOT NULL CHECK (extract(isodow FROM week) = 1),
    amount      bigint NOT NULL CHECK (amount BETWEEN 0 AND 99999999),
    low         bigint,
    high        bigint,
    reason      text NOT NULL DEFAULT '',
    profit      bigint,
    source      text NOT NULL DEFAULT 'self',
    channel     text NOT NULL,
    provisional boolean NOT NULL DEFAULT false,
    late        boolean NOT NULL DEFAULT false,
    disputed    boolean NOT NULL DEFAULT false,
    at          timestamptz NOT NULL, -- when the week was first reported
    changed_at  timestamptz NOT NULL,
    PRIMARY KEY (person_id, week)
);
CREATE INDEX report_week ON report (week, person_id);

CREATE TABLE report_change (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    week      date NOT NULL,
    old       bigint,             -- null: there was no report
    new       bigint,             -- null: the report was taken back
    what      text NOT NULL,      -- report, add, replace, correct, undo, officer, dispute
    at        timestamptz NOT NULL,
    channel   text NOT NULL,
    by_staff  bigint REFERENCES staff (id), -- null: herself
    raw       text NOT NULL DEFAULT '',
    undone    boolean NOT NULL DEFAULT false
);
CREATE INDEX report_change_person ON report_change (person_id, at DESC);

CREATE TABLE cases (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket       integer NOT NULL,        -- the number people see, counted per kabupaten and year
    kabupaten    text NOT NULL,
    year         smallint NOT NULL,
    person_id    bigint REFERENCES person (id),
    area_code    text NOT NULL,           -- the person's kecamatan when it was opened
    reason       text NOT NULL,
    status       text NOT NULL DEFAULT 'buka' CHECK (status IN ('buka', 'tunda', 'pantau', 'ditanya', 'selesai')),
    priority     integer NOT NULL,
    owner_id     bigint REFERENCES staff (id), -- who must act; null when nobody holds the post
    confidential boolean NOT NULL DEFAULT false,
    detail       jsonb NOT NULL DEFAULT '{}', -- arguments of the words shown: time of day, percent, weeks
    note         text NOT NULL DEFAULT '',    -- what she wrote, masked
    opened_at    timestamptz NOT NULL,
    due_at       timestamptz NOT NULL,        -- what was promised to her
    remind_at    timestamptz,
    escalate_at  timestamptz,
    escalated_at timestamptz,
    acted_at     timestamptz,                 -- first action H or K
    wake_at      timestamptz,                 -- snoozed or watched until
    closed_at    timestamptz,
    outcome      text NOT NULL DEFAULT '',
    UNIQUE (kabupaten, year, ticket)
);
-- Only one open case for a person and reason.
CREATE UNIQUE INDEX cases_open ON cases (person_id, reason) WHERE status <> 'selesai';
CREATE INDEX cases_owner ON cases (owner_id, status) WHERE status <> 'selesai';
CREATE INDEX cases_area ON cases (area_code, status);
CREATE INDEX cases_remind ON cases (remind_at) WHERE status <> 'selesai' AND remind_at IS NOT NULL;
CREATE INDEX cases_escalate ON cases (escalate_at) WHERE status <> 'selesai' AND escalate_at IS NOT NULL;
CREATE INDEX cases_wake ON cases (wake_at) WHERE status IN ('tunda', 'pantau');

CREATE TABLE ticket_counter (
    kabupaten text NOT NULL,
    year      smallint NOT NULL,
    last      integer NOT NULL,
    PRIMARY KEY (kabupaten, year)
);

CREATE TABLE case_event (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id  bigint NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    at       timestamptz NOT NULL,
    by_staff bigint REFERENCES staff (id), -- null: herself or the clock
    what     text NOT NULL, -- opened, told, contacted, visited, snoozed, watched, forwarded, reminded, escalated, asked, answered, closed, reopened
    note     text NOT NULL DEFAULT ''
);
CREATE INDEX case_event_case ON case_event (case_id, at);

-- The numbers of a TKSK's worklist stand all day (decisions.md).
CREATE TABLE worklist (
    staff_id bigint NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    day      date NOT NULL,
    n        smallint NOT NULL,
    case_id  bigint NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    PRIMARY KEY (staff_id, day, n),
    UNIQUE (staff_id, day, case_id)
);

CREATE TABLE session (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    starts_at timestamptz NOT NULL,
    area_code text NOT NULL REFERENCES area (code),
    place     text NOT NULL,
    mentor_id bigint REFERENCES staff (id),
    topic     text NOT NULL DEFAULT '',
    capacity  integer NOT NULL DEFAULT 30 CHECK (capacity > 0),
    status    text NOT NULL DEFAULT 'rencana' CHECK (status IN ('rencana', 'selesai', 'batal')),
    code      text NOT NULL DEFAULT '', -- written on the board, for HADIR
    UNIQUE (starts_at, area_code, place)
);
CREATE INDEX session_starts ON session (starts_at) WHERE status = 'rencana';

CREATE TABLE invite (
    session_id bigint NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    person_id  bigint NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    rsvp       text NOT NULL DEFAULT '' CHECK (rsvp IN ('', 'ya', 'tidak', 'mungkin', 'ganti')),
    reason     text NOT NULL DEFAULT '',
    rsvp_at    timestamptz,
    attended   boolean,
    PRIMARY KEY (session_id, person_id)
);
CREATE INDEX invite_person ON invite (person_id, session_id);

-- +goose Down
DROP TABLE invite, session, worklist, case_event, ticket_counter, cases, report_change, report, grant_change, grants;
