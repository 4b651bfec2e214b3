-- The roads out: how each sender stands, how fast it may go and what it costs, for all replicas alike.
-- +goose Up

-- The breaker of each sender (faults.md B4, B6, B20). A sender without a row works.
CREATE TABLE channel_gate (
    channel      text PRIMARY KEY,
    failures     smallint NOT NULL DEFAULT 0,
    first_at     timestamptz,                   -- of the failures in a row
    failed       uuid[] NOT NULL DEFAULT '{}',  -- whose attempts are given back when it was the sender, not they
    reason       text NOT NULL DEFAULT '',      -- why it is closed: down, credentials, throttled
    since        timestamptz,                   -- it is closed
    closed_until timestamptz,
    pause_ms     bigint NOT NULL DEFAULT 0,
    probe_at     timestamptz                    -- when a message last tried it for all
);

-- A bucket of tokens for each sender that has a rate; queue_to spreads what must wait.
CREATE TABLE channel_rate (
    channel  text PRIMARY KEY,
    tokens   double precision NOT NULL,
    at       timestamptz NOT NULL,
    queue_to timestamptz NOT NULL
);

-- When a sender, or one phone of it, did not work. numbers are those of the phone.
CREATE TABLE outage (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    channel text NOT NULL,
    unit    text NOT NULL DEFAULT '',
    reason  text NOT NULL,             -- down, credentials, silent
    numbers text[] NOT NULL DEFAULT '{}',
    from_at timestamptz NOT NULL,
    to_at   timestamptz
);
CREATE UNIQUE INDEX outage_open ON outage (channel, unit, reason) WHERE to_at IS NULL;
CREATE INDEX outage_time ON outage (from_at);

-- The phones of a gateway, as whichever replica heard of them last.
CREATE TABLE gateway_phone (
    channel  text NOT NULL,
    name     text NOT NULL,
    numbers  text[] NOT NULL DEFAULT '{}',
    seen_at  timestamptz NOT NULL,
    battery  smallint NOT NULL DEFAULT -1, -- percent; -1: it never said
    charging boolean NOT NULL DEFAULT false,
    PRIMARY KEY (channel, name)
);

ALTER TABLE outbox
    ADD price    bigint NOT NULL DEFAULT 0,      -- of a segment on the road it took, rupiah
    ADD operator text   NOT NULL DEFAULT '',
    ADD refused  text[] NOT NULL DEFAULT '{}',   -- roads that refused it: "channel via to"
    ADD detour   text   NOT NULL DEFAULT '',     -- the sender that would have been the first, where another was taken
    ADD awaits   text   NOT NULL DEFAULT '';     -- the sender that it waits for
CREATE INDEX outbox_awaits ON outbox (awaits, lane, seq) WHERE state = 'queued' AND awaits <> '';

-- What messages cost, by local day, kabupaten and sender; 'ID' is the sum of all kabupaten.
CREATE TABLE spending (
    area     text NOT NULL,
    day      date NOT NULL,
    channel  text NOT NULL,
    segments bigint NOT NULL DEFAULT 0,
    cost     bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (area, day, channel)
);

-- How much broadcasts may cost with everything else (faults.md K9); null: no cap.
CREATE TABLE budget (
    area       text PRIMARY KEY,
    daily      bigint CHECK (daily > 0),
    monthly    bigint CHECK (monthly > 0),
    changed_by bigint REFERENCES staff (id),
    changed_at timestamptz NOT NULL
);

-- Prepaid credit as somebody noted it; what was sent since is taken off.
CREATE TABLE credit (
    channel text PRIMARY KEY,
    amount  bigint NOT NULL,
    expires date,
    noted_by bigint REFERENCES staff (id),
    at      timestamptz NOT NULL
);

-- What the operator was alarmed about: once at the beginning, daily while it lasts, once at the end.
CREATE TABLE alarm (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key      text NOT NULL,
    kind     text NOT NULL,
    about    text NOT NULL DEFAULT '',
    figures  jsonb NOT NULL DEFAULT '{}',
    since    timestamptz NOT NULL,
    ended_at timestamptz,
    told_at  timestamptz,               -- last time that the operator was told that it lasts
    told_end boolean NOT NULL DEFAULT false,
    claimed  timestamptz                -- a replica is telling it
);
CREATE UNIQUE INDEX alarm_open ON alarm (key) WHERE ended_at IS NULL;
CREATE INDEX alarm_untold ON alarm (id) WHERE NOT told_end;

-- +goose Down
DROP TABLE alarm, credit, budget, spending, gateway_phone, outage, channel_rate, channel_gate;
DROP INDEX outbox_awaits;
ALTER TABLE outbox DROP COLUMN awaits, DROP COLUMN detour, DROP COLUMN refused, DROP COLUMN operator, DROP COLUMN price;
