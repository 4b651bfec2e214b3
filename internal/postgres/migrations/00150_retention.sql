-- What is kept for how long (R27, faults.md S8, H6).
-- +goose Up

-- How far each kind of content has been taken out: everything up to this moment is without its words. The row is the lock under which
-- one replica at a time works, and the indexes by time lead straight to what follows.
CREATE TABLE retention (
    what    text PRIMARY KEY,
    done_to timestamptz NOT NULL
);

CREATE INDEX report_change_at ON report_change (at);
CREATE INDEX cases_closed ON cases (closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX outbox_event_at ON outbox_event (at);
CREATE INDEX link_expires ON link (expires_at);
CREATE INDEX link_try_last ON link_try (last);
CREATE INDEX link_notice_at ON link_notice (at);
CREATE INDEX login_seen ON login (seen_at);
CREATE INDEX ussd_session_at ON ussd_session (at);
CREATE INDEX worklist_day ON worklist (day);

-- Wishes to be forgotten that are not fulfilled yet, by the moment that she was promised.
CREATE INDEX cases_erase ON cases (due_at) WHERE reason = 'HAPUS_DATA' AND outcome NOT IN ('dihapus', 'dicabut');

-- +goose Down
DROP INDEX cases_erase, worklist_day, ussd_session_at, login_seen, link_notice_at, link_try_last, link_expires, outbox_event_at, cases_closed, report_change_at;
DROP TABLE retention;
