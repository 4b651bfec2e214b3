-- What may be chosen beside a typed answer no longer makes a question a choice; a choice that is over has no options.
-- +goose Up
UPDATE place SET options = '[]' WHERE NOT choice AND options <> '[]';

-- +goose Down
SELECT 1;
