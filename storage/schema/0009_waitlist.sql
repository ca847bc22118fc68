-- People who wait for a slot (R5): served in the order in which they came.

CREATE TABLE waitlist (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT waitlist_pk PRIMARY KEY,
    state text NOT NULL DEFAULT 'waiting',
    service text NOT NULL,
    venue text,
    earliest timestamptz NOT NULL,
    latest timestamptz NOT NULL,
    people integer NOT NULL,
    name text NOT NULL,
    kana text NOT NULL,
    phone text NOT NULL,
    notes text,
    channel text NOT NULL,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    changed_at timestamptz NOT NULL,
    hold text,
    offered_until timestamptz,
    reservation text,
    CONSTRAINT waitlist_state_known CHECK (state IN ('waiting', 'offered', 'booked', 'expired', 'withdrawn')),
    CONSTRAINT waitlist_people_positive CHECK (people >= 1),
    CONSTRAINT waitlist_offered_has_a_hold CHECK ((state = 'offered') = (num_nulls(hold, offered_until) = 0)),
    CONSTRAINT waitlist_booked_has_a_reservation CHECK ((state = 'booked') = (reservation IS NOT NULL)),
    CONSTRAINT waitlist_reservation_exists FOREIGN KEY (reservation) REFERENCES reservations (id)
);
COMMENT ON COLUMN waitlist.venue IS 'NULL: any venue.';
COMMENT ON COLUMN waitlist.hold IS 'The seats that are kept for this person until offered_until (seats.hold).';

CREATE INDEX waitlist_in_order ON waitlist (id) WHERE state IN ('waiting', 'offered');
CREATE INDEX waitlist_by_hold ON waitlist (hold) WHERE hold IS NOT NULL;
