-- How messages look in the chats of a demo's phones; empty in production.
-- +goose Up

CREATE TABLE sim_card (
    message      uuid PRIMARY KEY REFERENCES outbox (id) ON DELETE CASCADE,
    edits        text NOT NULL DEFAULT '', -- the message that this one replaced instead of standing by itself
    buttons      jsonb,                    -- [[{label, data}]] as they were sent
    keys         jsonb,                    -- [[label]] of the reply keyboard
    ask_phone    text NOT NULL DEFAULT '',
    edit_text    text NOT NULL DEFAULT '',
    edit_buttons jsonb,
    edited_at    timestamptz
);
CREATE INDEX sim_card_edited ON sim_card (edited_at) WHERE edited_at IS NOT NULL;

-- +goose Down
DROP TABLE sim_card;
