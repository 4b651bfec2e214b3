-- The active people of a kabupaten by themselves: what is rehearsed, counted or scored of one kabupaten does not look at the others. It
-- serves what the index of those who agreed served.
-- +goose Up
CREATE INDEX person_active_kabupaten ON person (left(area_code, 5), id) WHERE status = 'aktif';
DROP INDEX person_asked_kabupaten;

-- +goose Down
CREATE INDEX person_asked_kabupaten ON person (left(area_code, 5), id) WHERE status = 'aktif' AND consent = 'ya';
DROP INDEX person_active_kabupaten;
