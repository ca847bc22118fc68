-- Slots, seats and reservations (R5-R8). Whatever the code does, a seat is taken once: that is this file's promise.

CREATE TABLE slots (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT slots_pk PRIMARY KEY,
    venue text NOT NULL,
    counter text NOT NULL,
    services text[] NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    capacity integer NOT NULL,
    closed boolean NOT NULL DEFAULT false,
    CONSTRAINT slots_once UNIQUE (venue, counter, starts_at),
    CONSTRAINT slots_with_capacity UNIQUE (id, capacity),
    CONSTRAINT slots_capacity_positive CHECK (capacity >= 1),
    CONSTRAINT slots_end_after_start CHECK (ends_at > starts_at)
);
COMMENT ON TABLE slots IS 'A time at a counter. Made from the plan; closed when the plan no longer has it, never deleted.';
COMMENT ON COLUMN slots.capacity IS 'The highest seat number there may be.';

CREATE INDEX slots_by_start ON slots (starts_at) WHERE NOT closed;

CREATE TABLE reservations (
    id text CONSTRAINT reservations_pk PRIMARY KEY,
    slot bigint NOT NULL,
    service text NOT NULL,
    state text NOT NULL,
    channel text NOT NULL,
    people integer NOT NULL,
    name text NOT NULL,
    kana text NOT NULL,
    phone text NOT NULL,
    birth_date date,
    family jsonb NOT NULL,
    notice_number text,
    notes text,
    name_key text NOT NULL,
    kana_key text NOT NULL,
    call text,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT reservations_slot_exists FOREIGN KEY (slot) REFERENCES slots (id),
    CONSTRAINT reservations_in_slot UNIQUE (id, slot),
    CONSTRAINT reservations_number_is_nine_digits CHECK (id ~ '^[1-9][0-9]{8}$'),
    CONSTRAINT reservations_state_known CHECK (state IN ('booked', 'visited', 'no-show', 'cancelled')),
    CONSTRAINT reservations_channel_known CHECK (channel IN ('operator', 'keypad', 'city', 'web')),
    CONSTRAINT reservations_people_positive CHECK (people >= 1),
    CONSTRAINT reservations_version_counts_from_one CHECK (version >= 1),
    CONSTRAINT reservations_family_is_list CHECK (jsonb_typeof(family) = 'array')
);
COMMENT ON COLUMN reservations.id IS 'The number told to the citizen; its last digit checks the others (booking.numbers).';
COMMENT ON COLUMN reservations.phone IS 'National digits (09012345678), or E.164 for a number abroad.';
COMMENT ON COLUMN reservations.kana_key IS 'All kana of the party in one writing, for search (booking.search_keys).';

CREATE INDEX reservations_by_phone ON reservations (phone, created_at DESC);
CREATE INDEX reservations_by_slot ON reservations (slot);
CREATE INDEX reservations_by_kana ON reservations (kana_key text_pattern_ops);
CREATE INDEX reservations_by_call ON reservations (call) WHERE call IS NOT NULL;

CREATE TABLE seats (
    slot bigint NOT NULL,
    number integer NOT NULL,
    capacity integer NOT NULL,
    open_to text[] NOT NULL,
    free_from timestamptz NOT NULL DEFAULT '-infinity',
    reservation text,
    channel text,
    hold text,
    held_by text,
    held_for text,
    held_until timestamptz,
    CONSTRAINT seats_pk PRIMARY KEY (slot, number),
    CONSTRAINT seats_within_capacity CHECK (number BETWEEN 1 AND capacity),
    CONSTRAINT seats_belong_to_slot FOREIGN KEY (slot, capacity) REFERENCES slots (id, capacity) ON UPDATE CASCADE,
    CONSTRAINT seats_taken_in_the_same_slot FOREIGN KEY (reservation, slot) REFERENCES reservations (id, slot)
        DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT seats_taken_through_an_open_channel CHECK (
        num_nulls(reservation, channel) IN (0, 2) AND (channel IS NULL OR channel = ANY (open_to))
    ),
    CONSTRAINT seats_held_whole CHECK (num_nulls(hold, held_by, held_until) IN (0, 3)),
    CONSTRAINT seats_taken_are_not_held CHECK (reservation IS NULL OR hold IS NULL)
);
COMMENT ON TABLE seats IS
    'One row for each person that a slot can take: a reservation takes as many as it has people. A row has room for '
    'one reservation, a slot for so many rows as its capacity, so no race can book more.';
COMMENT ON COLUMN seats.open_to IS 'The channels that may take it: how a channel''s quota is kept. Lower numbers are open to fewer.';
COMMENT ON COLUMN seats.free_from IS 'A seat given back rests until then.';
COMMENT ON COLUMN seats.held_for IS 'What the hold is for: a call''s id, or waitlist:<id>.';

CREATE INDEX seats_free ON seats (slot, number) WHERE reservation IS NULL;
CREATE INDEX seats_of_reservation ON seats (reservation) WHERE reservation IS NOT NULL;
CREATE INDEX seats_held ON seats (hold) WHERE hold IS NOT NULL;

-- A reservation that is on has exactly one seat for each of its people; a cancelled one has none. Judged at commit.
CREATE FUNCTION reservation_has_its_seats() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    judged text;
BEGIN
    IF TG_TABLE_NAME = 'seats' THEN
        judged := OLD.reservation;
    ELSE
        judged := NEW.id;
    END IF;
    IF EXISTS (
        SELECT FROM reservations
        WHERE id = judged
            AND CASE state WHEN 'cancelled' THEN 0 ELSE people END
                <> (SELECT count(*) FROM seats WHERE seats.reservation = judged)
    ) THEN
        RAISE EXCEPTION 'reservation % does not have a seat for each of its people', judged
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reservations_have_their_seats';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER reservations_have_their_seats
AFTER INSERT OR UPDATE ON reservations DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION reservation_has_its_seats();

CREATE CONSTRAINT TRIGGER seats_stay_with_their_reservation
AFTER UPDATE OR DELETE ON seats DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (OLD.reservation IS NOT NULL) EXECUTE FUNCTION reservation_has_its_seats();

CREATE TABLE reservation_history (
    reservation text NOT NULL,
    version integer NOT NULL,
    at timestamptz NOT NULL,
    by text NOT NULL,
    kind text NOT NULL,
    changes jsonb NOT NULL,
    call text,
    CONSTRAINT reservation_history_pk PRIMARY KEY (reservation, version),
    CONSTRAINT reservation_history_of_reservation FOREIGN KEY (reservation) REFERENCES reservations (id),
    CONSTRAINT reservation_history_kind_known CHECK (kind IN ('created', 'moved', 'changed', 'cancelled'))
);
COMMENT ON COLUMN reservation_history.changes IS '{field: [before, after]}';

CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT outbox_pk PRIMARY KEY,
    kind text NOT NULL,
    key text NOT NULL,
    payload jsonb NOT NULL,
    state text NOT NULL DEFAULT 'pending',
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT outbox_key_once UNIQUE (key),
    CONSTRAINT outbox_state_known CHECK (state IN ('pending', 'delivered', 'refused'))
);
COMMENT ON TABLE outbox IS 'What the city''s own system must hear (R7), written with the change itself; id is the order.';
COMMENT ON COLUMN outbox.key IS 'reservation:<id>:<version>; the receiver takes each key once.';

CREATE INDEX outbox_pending ON outbox (id) WHERE state = 'pending';

CREATE TABLE booking_requests (
    caller text NOT NULL,
    request text NOT NULL,
    key text NOT NULL,
    digest bytea NOT NULL,
    status integer NOT NULL,
    answer jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT booking_requests_once PRIMARY KEY (caller, request, key)
);
COMMENT ON TABLE booking_requests IS 'Answers to requests with an Idempotency-Key, written with what they answer.';

CREATE INDEX booking_requests_by_time ON booking_requests (at);
