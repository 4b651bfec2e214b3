-- What conversations keep besides: receipts of purchases, edited chat messages, and what somebody has been told before.
-- +goose Up

-- A receipt of what she bought with the grant. grants.spent counts them.
CREATE TABLE nota (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    grant_id  bigint NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    amount    bigint NOT NULL CHECK (amount > 0), -- rupiah; read by her, or by whoever looks at the photo
    media     text NOT NULL DEFAULT '',           -- the chat provider's handle of the photo
    channel   text NOT NULL,
    at        timestamptz NOT NULL,
    by_staff  bigint REFERENCES staff (id)        -- null: herself
);
CREATE INDEX nota_grant ON nota (grant_id, at);

-- What she answered to "received in full?".
ALTER TABLE grants
    ADD received    text NOT NULL DEFAULT '' CHECK (received IN ('', 'utuh', 'potongan', 'belum')),
    ADD received_at timestamptz;

ALTER TABLE person
    ADD tips_told    integer NOT NULL DEFAULT 0,          -- how many tips she has read: the next one is new
    ADD lang_offered boolean NOT NULL DEFAULT false;      -- another language is offered once (R23)

-- The chat message that this one replaces instead of standing by itself (R22). Always the first of a chain of edits.
ALTER TABLE outbox ADD edits uuid;

CREATE INDEX place_message ON place (message) WHERE message IS NOT NULL;

-- +goose Down
DROP INDEX place_message;
ALTER TABLE outbox DROP COLUMN edits;
ALTER TABLE person DROP COLUMN lang_offered, DROP COLUMN tips_told;
ALTER TABLE grants DROP COLUMN received_at, DROP COLUMN received;
DROP TABLE nota;
