-- What the console adds: who may look where, and what a broadcast promises.
-- +goose Up

-- Whether an area lies in a scope: "ID" is everything, a province or kabupaten holds what its code begins.
CREATE FUNCTION in_scope(area text, scope text[]) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN 'ID' = ANY (scope) OR area = ANY (scope) OR left(area, 5) = ANY (scope) OR left(area, 2) = ANY (scope);

ALTER TABLE broadcast
    ADD use_id          text[]  NOT NULL DEFAULT '{}',   -- languages that get the Indonesian text on purpose
    ADD once_per_number boolean NOT NULL DEFAULT true,
    ADD version         integer NOT NULL DEFAULT 1,
    ADD note            text    NOT NULL DEFAULT '',
    ADD refusal         text    NOT NULL DEFAULT '',
    ADD halted          text    NOT NULL DEFAULT '',
    ADD messages        integer NOT NULL DEFAULT 0;      -- of the frozen list; fewer than people on shared numbers
CREATE INDEX broadcast_live ON broadcast (id) WHERE state IN ('disetujui', 'berjalan');
CREATE INDEX broadcast_area ON broadcast (area_code, id);

-- Why somebody on the frozen list gets no message of her own: keluar, berhenti, tanpa_nomor, bersama.
ALTER TABLE broadcast_person ADD dropped text NOT NULL DEFAULT '';

CREATE INDEX outbox_created ON outbox (created_at);
CREATE INDEX inbox_at ON inbox (at);
CREATE INDEX login_staff ON login (staff_id);
CREATE INDEX audit_staff ON audit (staff_id, at);
CREATE INDEX audit_about ON audit (about, at);

-- +goose Down
DROP INDEX audit_about, audit_staff, login_staff, inbox_at, outbox_created;
ALTER TABLE broadcast_person DROP COLUMN dropped;
DROP INDEX broadcast_area, broadcast_live;
ALTER TABLE broadcast DROP COLUMN messages, DROP COLUMN halted, DROP COLUMN refusal, DROP COLUMN note, DROP COLUMN version,
    DROP COLUMN once_per_number, DROP COLUMN use_id;
DROP FUNCTION in_scope;
