-- A picture that a chat shows with the words of a message: what it shows, until it is drawn when it is sent.
-- +goose Up
ALTER TABLE outbox ADD picture jsonb;

-- +goose Down
ALTER TABLE outbox DROP COLUMN picture;
