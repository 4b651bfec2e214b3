-- What the daily rules need to find whom they are about without looking at everybody (docs/sweep.md).
-- +goose Up
CREATE INDEX session_at ON session (starts_at);
CREATE INDEX grant_change_stage ON grant_change (stage, since);
CREATE INDEX grants_known ON grants (known_at);
CREATE INDEX cases_reason ON cases (reason) WHERE status <> 'selesai';
-- When somebody who agreed was last heard of: the long silent are at its beginning.
CREATE INDEX person_heard ON person (zone, (coalesce(last_seen, consent_at, created_at))) WHERE status = 'aktif' AND consent = 'ya';

-- +goose Down
DROP INDEX person_heard, cases_reason, grants_known, grant_change_stage, session_at;
