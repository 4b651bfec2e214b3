-- When a standing connection to a provider (a bind, a poll) was last heard to work, whichever replica holds it.
-- +goose Up
CREATE TABLE channel_line (
    channel text PRIMARY KEY,
    seen_at timestamptz NOT NULL
);

-- +goose Down
DROP TABLE channel_line;
