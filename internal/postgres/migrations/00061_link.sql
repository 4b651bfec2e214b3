-- How a number or chat became somebody's, and whether it still is.
-- +goose Up

-- A number from which nothing came for sixty days may have been sold to a stranger: until its holder has proven who she
-- is, nothing personal is said to it. Null: there is no doubt.
ALTER TABLE address ADD doubted_at timestamptz;

-- The chat that opened a one-time link first: nobody else can go on with it.
ALTER TABLE link ADD chat text NOT NULL DEFAULT '';

-- Who was told that an address was linked, so that BUKAN at that number takes the link back (within seven days).
CREATE TABLE link_notice (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    address_id bigint NOT NULL REFERENCES address (id) ON DELETE CASCADE, -- what was linked
    told       text NOT NULL,                                             -- the number that was told
    at         timestamptz NOT NULL,
    undone_at  timestamptz
);
CREATE INDEX link_notice_told ON link_notice (told, at DESC);
CREATE INDEX link_notice_address ON link_notice (address_id);

-- Tries of one code from many numbers.
CREATE INDEX link_try_code ON link_try (code, last);

-- +goose Down
DROP INDEX link_try_code;
DROP TABLE link_notice;
ALTER TABLE link DROP COLUMN chat;
ALTER TABLE address DROP COLUMN doubted_at;
