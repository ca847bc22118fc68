-- What citizens are told by SMS and e-mail about their reservations, if they want to be (R5).

ALTER TABLE reservations
    ADD COLUMN consent text[] NOT NULL DEFAULT '{}',
    ADD COLUMN email text,
    ADD CONSTRAINT reservations_consent_known CHECK (consent <@ ARRAY['sms', 'email']),
    ADD CONSTRAINT reservations_email_is_there CHECK (email IS NOT NULL OR NOT 'email' = ANY (consent));
COMMENT ON COLUMN reservations.consent IS 'The ways in which the citizen wants to be told.';

CREATE INDEX reservations_to_remind ON reservations (slot) WHERE state = 'booked' AND consent <> '{}';

-- Only the newest entries are looked for, and they lie together: an index that costs a booking nothing will do.
CREATE INDEX reservation_history_by_time ON reservation_history USING brin (at) WITH (pages_per_range = 16);

CREATE TABLE citizen_messages (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT citizen_messages_pk PRIMARY KEY,
    key text NOT NULL,
    reservation text NOT NULL,
    version integer NOT NULL,
    slot bigint NOT NULL,
    kind text NOT NULL,
    channel text NOT NULL,
    state text NOT NULL DEFAULT 'pending',
    attempts integer NOT NULL DEFAULT 0,
    next_at timestamptz,
    trouble text,
    created_at timestamptz NOT NULL,
    settled_at timestamptz,
    CONSTRAINT citizen_messages_once UNIQUE (key),
    CONSTRAINT citizen_messages_of_reservation FOREIGN KEY (reservation) REFERENCES reservations (id),
    CONSTRAINT citizen_messages_kind_known CHECK (kind IN ('confirmation', 'moved', 'cancelled', 'reminder')),
    CONSTRAINT citizen_messages_channel_known CHECK (channel IN ('sms', 'email')),
    CONSTRAINT citizen_messages_state_known CHECK (
        state IN ('pending', 'sending', 'sent', 'failed', 'unclear', 'withdrawn')
    ),
    CONSTRAINT citizen_messages_settled_has_its_time CHECK (
        (state IN ('pending', 'sending')) = (settled_at IS NULL)
    )
);
COMMENT ON TABLE citizen_messages IS
    'A row for each message. The recipient is read from the reservation when it is sent, and kept nowhere else.';
COMMENT ON COLUMN citizen_messages.key IS
    'What is told, to whom, by which way: a row for it was made once, so it is sent at most once.';
COMMENT ON COLUMN citizen_messages.state IS
    'sending: on its way; found after a crash it becomes unclear, because nobody wants it twice.';

CREATE INDEX citizen_messages_pending ON citizen_messages (id) WHERE state IN ('pending', 'sending');
CREATE INDEX citizen_messages_by_reservation ON citizen_messages (reservation);
