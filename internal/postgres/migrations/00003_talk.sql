-- What is said: inbox, outbox, places in conversations, broadcasts, and what is due when.
-- +goose Up

-- Everything that arrived, once. The key is kept when the body is purged (faults.md A2).
CREATE TABLE inbox (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    channel     text NOT NULL,
    provider_id text NOT NULL,
    via         text NOT NULL,
    sender      text NOT NULL,   -- E.164 or chat id
    recipient   text NOT NULL DEFAULT '',
    kind        text NOT NULL,
    raw         bytea,           -- as typed, any 16-digit run masked
    text        text NOT NULL DEFAULT '',
    media       text NOT NULL DEFAULT '',
    person_id   bigint REFERENCES person (id),
    staff_id    bigint REFERENCES staff (id),
    intent      text NOT NULL DEFAULT '', -- how it was read
    reply       jsonb,           -- the in-line answer, given again to a repeat
    sent_at     timestamptz,     -- by the provider's clock
    at          timestamptz NOT NULL,
    UNIQUE (channel, provider_id)
);
CREATE INDEX inbox_sender ON inbox (sender, at);
CREATE INDEX inbox_person ON inbox (person_id, at);

-- Everything that leaves, before it leaves.
CREATE TABLE outbox (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    seq          bigint GENERATED ALWAYS AS IDENTITY UNIQUE, -- the order in which it was decided
    key          text UNIQUE,             -- natural key of what is scheduled: once means a key
    person_id    bigint REFERENCES person (id),
    staff_id     bigint REFERENCES staff (id),
    channel      text NOT NULL DEFAULT '', -- set for replies (the road it came by), else chosen when sent
    via          text NOT NULL DEFAULT '',
    recipient    text NOT NULL DEFAULT '', -- E.164 or chat id; empty until chosen
    kind         text NOT NULL,
    lane         smallint NOT NULL,
    text_key     text NOT NULL DEFAULT '',
    args         jsonb NOT NULL DEFAULT '{}',
    lang         text NOT NULL DEFAULT 'id',
    literal      text,                     -- a broadcast's frozen text
    buttons      jsonb,                    -- [{key,label…}] of an open question, for channels that have buttons
    keyboard     text NOT NULL DEFAULT '', -- name of a reply keyboard
    opens        text NOT NULL DEFAULT '', -- flow#step that marking it sent puts her in
    opens_vars   jsonb,
    cause        bigint REFERENCES inbox (id), -- the turn that said it
    case_id      bigint REFERENCES cases (id),
    broadcast_id bigint,
    not_before   timestamptz NOT NULL,
    not_after    timestamptz,
    state        text NOT NULL DEFAULT 'queued'
                 CHECK (state IN ('queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'skipped', 'cancelled', 'unknown')),
    enqueued_at  timestamptz,              -- when a job was made for it
    attempts     smallint NOT NULL DEFAULT 0,
    sending_at   timestamptz,
    provider_id  text NOT NULL DEFAULT '',
    said         text NOT NULL DEFAULT '', -- what left, as rendered
    segments     smallint NOT NULL DEFAULT 0,
    cost         bigint NOT NULL DEFAULT 0, -- rupiah
    error_kind   text NOT NULL DEFAULT '',
    error        text NOT NULL DEFAULT '',
    maybe_twice  boolean NOT NULL DEFAULT false,
    created_at   timestamptz NOT NULL,
    sent_at      timestamptz
);
CREATE INDEX outbox_due ON outbox (not_before, lane, seq) WHERE state = 'queued' AND enqueued_at IS NULL;
CREATE INDEX outbox_waiting ON outbox (enqueued_at) WHERE state = 'queued' AND enqueued_at IS NOT NULL;
CREATE INDEX outbox_sending ON outbox (sending_at) WHERE state = 'sending';
CREATE INDEX outbox_person ON outbox (person_id, seq);
CREATE INDEX outbox_staff ON outbox (staff_id, seq) WHERE staff_id IS NOT NULL;
CREATE INDEX outbox_recipient ON outbox (recipient, seq);
CREATE INDEX outbox_cause ON outbox (cause) WHERE cause IS NOT NULL;
CREATE INDEX outbox_broadcast ON outbox (broadcast_id, state) WHERE broadcast_id IS NOT NULL;
CREATE INDEX outbox_provider ON outbox (channel, provider_id) WHERE provider_id <> '';

-- Every attempt and callback, beside its message: why did she not get it?
CREATE TABLE outbox_event (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    outbox_id uuid,              -- null: a callback whose message is not known (yet)
    channel   text NOT NULL,
    provider_id text NOT NULL DEFAULT '',
    what      text NOT NULL,     -- attempt, refused, status, reconciled …
    state     text NOT NULL DEFAULT '',
    code      text NOT NULL DEFAULT '',
    at        timestamptz NOT NULL
);
CREATE UNIQUE INDEX outbox_event_status ON outbox_event (channel, provider_id, state, code) WHERE what = 'status';
CREATE INDEX outbox_event_outbox ON outbox_event (outbox_id);

-- Open questions: at most one that takes a choice and one that takes a typed answer for each owner (R03).
-- owner: p:<person>, s:<staff>, n:<number or chat> for somebody unknown; u:<number> is a USSD session's screen.
CREATE TABLE place (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner      text NOT NULL,
    ref        text NOT NULL,              -- flow#step
    vars       jsonb NOT NULL DEFAULT '{}',
    options    jsonb NOT NULL DEFAULT '[]',
    choice     boolean NOT NULL,           -- takes a choice
    typed      text NOT NULL DEFAULT '',   -- takes an answer of this type
    channel    text NOT NULL DEFAULT '',
    message    uuid,                       -- the outbox row that asked
    session    text NOT NULL DEFAULT '',   -- USSD
    asked_at   timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX place_choice ON place (owner) WHERE choice;
CREATE UNIQUE INDEX place_typed ON place (owner) WHERE typed <> '';

-- USSD sessions: how many inputs were taken, so that a step posted twice is known and a dropped session resumes.
CREATE TABLE ussd_session (
    session  text PRIMARY KEY,
    phone    text NOT NULL,
    taken    integer NOT NULL DEFAULT 0,
    at       timestamptz NOT NULL,
    ended    boolean NOT NULL DEFAULT false
);
CREATE INDEX ussd_session_phone ON ussd_session (phone, at);

-- Tries of secrets (code and birth year), for locks.
CREATE TABLE link_try (
    sender text NOT NULL,
    code   text NOT NULL,
    tries  smallint NOT NULL,
    last   timestamptz NOT NULL,
    PRIMARY KEY (sender, code)
);

-- One-time links: Telegram deep links of people and staff, console log-ins. Only a hash is kept.
CREATE TABLE link (
    token_hash bytea PRIMARY KEY,
    purpose    text NOT NULL CHECK (purpose IN ('telegram', 'login')),
    person_id  bigint REFERENCES person (id) ON DELETE CASCADE,
    staff_id   bigint REFERENCES staff (id) ON DELETE CASCADE,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);

CREATE TABLE login (
    token_hash bytea PRIMARY KEY,
    staff_id   bigint NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    csrf       text NOT NULL,
    at         timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL
);

CREATE TABLE broadcast (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name        text NOT NULL,
    texts       jsonb NOT NULL DEFAULT '{}', -- language → text
    audience    jsonb NOT NULL DEFAULT '{}', -- the rule
    area_code   text NOT NULL,               -- whose broadcast it is
    state       text NOT NULL DEFAULT 'draf'
                CHECK (state IN ('draf', 'diajukan', 'disetujui', 'berjalan', 'dijeda', 'selesai', 'dibatalkan')),
    author_id   bigint NOT NULL REFERENCES staff (id),
    editor_id   bigint NOT NULL REFERENCES staff (id),
    approver_id bigint REFERENCES staff (id),
    send_at     timestamptz,
    frozen_hash text NOT NULL DEFAULT '',
    frozen_n    integer NOT NULL DEFAULT 0,
    segments    integer NOT NULL DEFAULT 0,
    cost        bigint NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL,
    submitted_at timestamptz,
    approved_at timestamptz,
    ended_at    timestamptz
);
ALTER TABLE outbox ADD FOREIGN KEY (broadcast_id) REFERENCES broadcast (id);

-- The frozen list: nobody is added after approval (R29).
CREATE TABLE broadcast_person (
    broadcast_id bigint NOT NULL REFERENCES broadcast (id) ON DELETE CASCADE,
    person_id    bigint NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    fanned       boolean NOT NULL DEFAULT false,
    PRIMARY KEY (broadcast_id, person_id)
);
CREATE INDEX broadcast_person_todo ON broadcast_person (broadcast_id, person_id) WHERE NOT fanned;

-- Up to where each rule has been swept in each zone; a tick that was missed costs nothing.
CREATE TABLE rule_slot (
    rule     text NOT NULL,
    zone     text NOT NULL,
    swept_to timestamptz NOT NULL,
    PRIMARY KEY (rule, zone)
);

-- Slots that an outage made pointless: skipped, and said so (faults.md D1).
CREATE TABLE slot_skipped (
    rule text NOT NULL,
    zone text NOT NULL,
    slot timestamptz NOT NULL,
    at   timestamptz NOT NULL,
    why  text NOT NULL,
    PRIMARY KEY (rule, zone, slot)
);

-- Who did and read what in the console; the application may only append.
CREATE TABLE audit (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at       timestamptz NOT NULL,
    staff_id bigint REFERENCES staff (id),
    what     text NOT NULL,
    about    text NOT NULL DEFAULT ''
);

-- +goose Down
DROP TABLE audit, slot_skipped, rule_slot, broadcast_person;
ALTER TABLE outbox DROP COLUMN broadcast_id;
DROP TABLE broadcast, login, link, link_try, ussd_session, place, outbox_event, outbox, inbox;
