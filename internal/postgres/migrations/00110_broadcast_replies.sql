-- What people answer to broadcasts: IKUT where seats were offered, and their own words, which somebody has to answer (R25).
-- +goose Up

-- A broadcast may offer seats to whoever answers IKUT first. Its row is what those who take seats lock.
CREATE TABLE broadcast_offer (
    broadcast_id bigint PRIMARY KEY REFERENCES broadcast (id) ON DELETE CASCADE,
    event        text NOT NULL,                       -- whose list it is: "bazar"
    place        text NOT NULL,                       -- what there are seats of: "lapak"
    seats        integer NOT NULL CHECK (seats BETWEEN 0 AND 9999),
    last_day     date NOT NULL                        -- the last day of IKUT, in the person's zone
);
CREATE INDEX broadcast_offer_day ON broadcast_offer (last_day);

CREATE TABLE broadcast_seat (
    broadcast_id bigint NOT NULL REFERENCES broadcast_offer (broadcast_id) ON DELETE CASCADE,
    person_id    bigint NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    number       integer,                             -- in the list; null while she waits or after she withdrew
    waiting      boolean NOT NULL DEFAULT false,
    turn         bigint GENERATED ALWAYS AS IDENTITY, -- the order of those who wait; whoever comes back queues again
    at           timestamptz NOT NULL,
    channel      text NOT NULL,
    PRIMARY KEY (broadcast_id, person_id),
    CHECK (number IS NULL OR NOT waiting)
);
CREATE UNIQUE INDEX broadcast_seat_number ON broadcast_seat (broadcast_id, number) WHERE number IS NOT NULL;
CREATE INDEX broadcast_seat_waiting ON broadcast_seat (broadcast_id, turn) WHERE waiting;
CREATE INDEX broadcast_seat_person ON broadcast_seat (person_id);

-- What somebody wrote back to a broadcast, until it is answered or settled. One is open at a time for a person and broadcast.
CREATE TABLE broadcast_reply (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    broadcast_id bigint NOT NULL REFERENCES broadcast (id) ON DELETE CASCADE,
    person_id    bigint NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    opened_at    timestamptz NOT NULL,
    due_at       timestamptz NOT NULL,                -- what was promised to her (R16)
    done_at      timestamptz,
    done_by      bigint REFERENCES staff (id)
);
CREATE UNIQUE INDEX broadcast_reply_open ON broadcast_reply (broadcast_id, person_id) WHERE done_at IS NULL;
CREATE INDEX broadcast_reply_due ON broadcast_reply (due_at) WHERE done_at IS NULL;
CREATE INDEX broadcast_reply_person ON broadcast_reply (person_id);

-- Her messages and our answers, by the rows that hold them: what is redacted there is redacted here.
CREATE TABLE broadcast_reply_line (
    reply_id bigint NOT NULL REFERENCES broadcast_reply (id) ON DELETE CASCADE,
    at       timestamptz NOT NULL,
    inbox    bigint REFERENCES inbox (id) ON DELETE CASCADE,
    outbox   uuid REFERENCES outbox (id) ON DELETE CASCADE,
    by_staff bigint REFERENCES staff (id),
    CHECK ((inbox IS NULL) <> (outbox IS NULL))
);
CREATE UNIQUE INDEX broadcast_reply_line_inbox ON broadcast_reply_line (inbox) WHERE inbox IS NOT NULL;
CREATE INDEX broadcast_reply_line_outbox ON broadcast_reply_line (outbox) WHERE outbox IS NOT NULL;
CREATE INDEX broadcast_reply_line_reply ON broadcast_reply_line (reply_id, at);

-- The newest broadcast that somebody, or a number that several share, was told.
CREATE INDEX outbox_broadcast_person ON outbox (person_id, seq) WHERE broadcast_id IS NOT NULL;
CREATE INDEX outbox_broadcast_to ON outbox (recipient, seq) WHERE broadcast_id IS NOT NULL AND recipient <> '';

-- +goose Down
DROP INDEX outbox_broadcast_to, outbox_broadcast_person;
DROP TABLE broadcast_reply_line, broadcast_reply, broadcast_seat, broadcast_offer;
