-- Why did she not get it? Every call to a provider about a message and every callback, and what the door decided.
-- +goose Up

-- No body, no number, no secret. Old rows are taken away in the order in which they came (exchangeLife).
CREATE TABLE exchange (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    outbox_id   uuid,                     -- null: a callback about a message that is not ours (any more)
    channel     text NOT NULL,
    what        text NOT NULL CHECK (what IN ('send', 'find', 'status')),
    request     text NOT NULL DEFAULT '',
    http        smallint NOT NULL DEFAULT 0,
    outcome     text NOT NULL,
    code        text NOT NULL DEFAULT '',
    provider_id text NOT NULL DEFAULT '',
    took_ms     integer NOT NULL DEFAULT 0,
    at          timestamptz NOT NULL
);
CREATE INDEX exchange_outbox ON exchange (outbox_id) WHERE outbox_id IS NOT NULL;

-- Until when a message that the door held back waits.
ALTER TABLE outbox_event ADD until timestamptz;

-- +goose Down
ALTER TABLE outbox_event DROP COLUMN until;
DROP TABLE exchange;
