-- How often somebody confirmed a bare figure ("500") as thousands, and the week whose figure was read so last: from the
-- second time on it is read so at once. A correction of that week begins anew.
-- +goose Up
ALTER TABLE person
    ADD thousands      smallint NOT NULL DEFAULT 0,
    ADD thousands_week date;

-- +goose Down
ALTER TABLE person DROP COLUMN thousands, DROP COLUMN thousands_week;
