-- A broadcast of whose newest messages too many fail is paused by the program.
-- +goose Up
ALTER TABLE broadcast ADD COLUMN resumed_at timestamptz; -- somebody looked and went on: what failed before does not count
CREATE INDEX outbox_broadcast_judged ON outbox (broadcast_id, seq) WHERE broadcast_id IS NOT NULL AND state IN ('failed', 'sent', 'delivered', 'read');

-- +goose Down
DROP INDEX outbox_broadcast_judged;
ALTER TABLE broadcast DROP COLUMN resumed_at;
