-- Whom the people of a kecamatan know as their TKSK: a change is told to them once (R17).
-- +goose Up
CREATE TABLE officer_told (
    area_code text PRIMARY KEY,
    staff_id  bigint NOT NULL,
    next      bigint,              -- who is being told of at this moment
    at        timestamptz NOT NULL -- since when
);
CREATE INDEX officer_told_next ON officer_told (area_code) WHERE next IS NOT NULL;
INSERT INTO officer_told (area_code, staff_id, at)
SELECT x.area_code, min(s.id), now() FROM staff_area x JOIN staff s ON s.id = x.staff_id AND s.active AND s.role = 'tksk' GROUP BY x.area_code;

-- +goose Down
DROP TABLE officer_told;
