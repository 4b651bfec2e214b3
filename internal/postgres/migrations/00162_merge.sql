-- Whose record somebody's duplicate became.
-- +goose Up
ALTER TABLE person ADD merged_into bigint REFERENCES person (id);
CREATE INDEX person_merged ON person (merged_into) WHERE merged_into IS NOT NULL;

-- +goose Down
DROP INDEX person_merged;
ALTER TABLE person DROP COLUMN merged_into;
