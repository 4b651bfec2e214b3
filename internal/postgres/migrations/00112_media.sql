-- What a photo or voice note is, so that whoever looks after her can see and hear it.
-- +goose Up
ALTER TABLE inbox ADD media_kind text NOT NULL DEFAULT '';
CREATE INDEX inbox_media ON inbox (person_id, at) WHERE media <> '';

-- +goose Down
DROP INDEX inbox_media;
ALTER TABLE inbox DROP COLUMN media_kind;
