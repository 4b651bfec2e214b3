-- The kabupaten of an area by its code alone: "32.10.07" lies in "32.10". A province or the nation is itself.
-- +goose Up
CREATE FUNCTION kabupaten(code text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN length(code) > 5 THEN left(code, 5) ELSE code END;

-- +goose Down
DROP FUNCTION kabupaten(text);
