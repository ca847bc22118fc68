-- Reservations. $-numbers are named in a comment where they are many.

-- name: reserve
-- The whole of a new reservation in one statement, which is one transaction: seats, reservation, history, outbox
-- and the answer to a repeat. Always one row: the person's other reservations, or NULL when there are not enough
-- seats; then nothing was changed.
-- Others' seats are skipped, not waited for, so clients of one hot slot do not queue behind each other.
-- $1 slot, $2 people, $3 channel, $4 hold (NULL: any free seat), $5 user, $6 now, $7 reservation (row),
-- $8 outbox payload, $9 caller, $10 request, $11 key (NULL: not to be remembered), $12 digest
WITH earlier AS (
    SELECT coalesce(jsonb_agg(reservations.id), '[]') AS ids
    FROM reservations
    JOIN slots ON slots.id = reservations.slot
    WHERE reservations.phone = $7::jsonb ->> 'phone'
        AND (
            reservations.kana_key = $7::jsonb ->> 'kana_key'
            OR reservations.name_key = $7::jsonb ->> 'name_key'
        )
        AND reservations.state = 'booked'
        AND slots.ends_at > $6
),
places AS MATERIALIZED (
    SELECT seats.slot, seats.number
    FROM seats
    WHERE seats.slot = (SELECT slots.id FROM slots WHERE slots.id = $1 AND NOT slots.closed)
        AND seats.reservation IS NULL
        AND $3 = ANY (seats.open_to)
        AND CASE
            WHEN $4::text IS NULL
                THEN seats.free_from <= $6 AND (seats.held_until IS NULL OR seats.held_until <= $6)
            ELSE seats.hold = $4 AND seats.held_by = $5
        END
    ORDER BY seats.number
    LIMIT $2
    FOR UPDATE SKIP LOCKED
),
made AS (
    INSERT INTO reservations
    SELECT * FROM jsonb_populate_record(NULL::reservations, $7)
    WHERE (SELECT count(*) FROM places) = $2
    RETURNING id, version
),
taken AS (
    UPDATE seats
    SET reservation = made.id, channel = $3, hold = NULL, held_by = NULL, held_for = NULL, held_until = NULL
    FROM made, places
    WHERE seats.slot = places.slot AND seats.number = places.number
),
spared AS (
    UPDATE seats
    SET hold = NULL, held_by = NULL, held_for = NULL, held_until = NULL
    FROM made
    WHERE seats.hold = $4 AND (seats.slot, seats.number) NOT IN (SELECT slot, number FROM places)
),
noted AS (
    INSERT INTO reservation_history (reservation, version, at, by, kind, changes, call)
    SELECT made.id, made.version, $6, $5, 'created', '{}', $7::jsonb ->> 'call' FROM made
),
sent AS (
    INSERT INTO outbox (kind, key, payload)
    SELECT 'reservation.created', 'reservation:' || made.id || ':' || made.version, $8 FROM made
),
served AS (
    UPDATE waitlist
    SET state = 'booked', reservation = made.id, offered_until = NULL, hold = NULL, changed_at = $6
    FROM made
    WHERE waitlist.hold = $4
),
remembered AS (
    INSERT INTO booking_requests (caller, request, key, digest, status, answer)
    SELECT $9, $10, $11, $12, 201, $8 || jsonb_build_object('duplicates', earlier.ids)
    FROM made, earlier
    WHERE $11::text IS NOT NULL
)
SELECT CASE WHEN EXISTS (SELECT FROM made) THEN earlier.ids END FROM earlier;

-- name: wait_for_seats
-- Waits until nobody else is about to take a seat of slot $1, and keeps the free ones for this transaction.
SELECT number FROM seats WHERE slot = $1 AND reservation IS NULL ORDER BY number FOR UPDATE;

-- name: take_seats
-- More seats for a reservation that exists. $1 slot, $2 how many, $3 channel, $4 hold or NULL, $5 user, $6 now,
-- $7 reservation. A row for each seat that was got.
WITH places AS MATERIALIZED (
    SELECT seats.slot, seats.number
    FROM seats
    WHERE seats.slot = (SELECT slots.id FROM slots WHERE slots.id = $1 AND NOT slots.closed)
        AND seats.reservation IS NULL
        AND $3 = ANY (seats.open_to)
        AND CASE
            WHEN $4::text IS NULL
                THEN seats.free_from <= $6 AND (seats.held_until IS NULL OR seats.held_until <= $6)
            ELSE seats.hold = $4 AND seats.held_by = $5
        END
    ORDER BY seats.number
    LIMIT $2
    FOR UPDATE
)
UPDATE seats
SET reservation = $7, channel = $3, hold = NULL, held_by = NULL, held_for = NULL, held_until = NULL
FROM places
WHERE seats.slot = places.slot AND seats.number = places.number
RETURNING seats.number;

-- name: give_seats_back
-- $1 reservation, $2 slot, $3 how many (the highest numbers first), $4 free from.
UPDATE seats
SET reservation = NULL, channel = NULL, free_from = $4
WHERE slot = $2 AND number IN (
    SELECT number FROM seats WHERE reservation = $1 AND slot = $2 ORDER BY number DESC LIMIT $3
);

-- name: lock
-- Whoever changes a reservation changes it alone.
SELECT * FROM reservations WHERE id = $1 FOR UPDATE;

-- name: put
-- $1 reservation (row).
UPDATE reservations SET
    slot = new.slot,
    service = new.service,
    state = new.state,
    people = new.people,
    name = new.name,
    kana = new.kana,
    phone = new.phone,
    birth_date = new.birth_date,
    family = new.family,
    notice_number = new.notice_number,
    notes = new.notes,
    email = new.email,
    consent = new.consent,
    name_key = new.name_key,
    kana_key = new.kana_key,
    version = new.version,
    changed_at = new.changed_at
FROM jsonb_populate_record(NULL::reservations, $1) AS new
WHERE reservations.id = new.id;

-- name: note
-- $1 reservation, $2 version, $3 at, $4 by, $5 kind, $6 changes, $7 call, $8 outbox payload
WITH noted AS (
    INSERT INTO reservation_history (reservation, version, at, by, kind, changes, call)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
)
INSERT INTO outbox (kind, key, payload)
VALUES ('reservation.' || $5, 'reservation:' || $1 || ':' || $2, $8);

-- name: one
SELECT reservations.*, slots.venue, slots.counter, slots.starts_at, slots.ends_at
FROM reservations
JOIN slots ON slots.id = reservations.slot
WHERE reservations.id = $1;

-- name: history
SELECT version, at, by, kind, changes, call FROM reservation_history WHERE reservation = $1 ORDER BY version;

-- name: of_phone
-- On a call's path: $1 phone, $2 most. Index reservations_by_phone.
SELECT reservations.*, slots.venue, slots.counter, slots.starts_at, slots.ends_at
FROM reservations
JOIN slots ON slots.id = reservations.slot
WHERE reservations.phone = $1
ORDER BY reservations.created_at DESC
LIMIT $2;

-- name: of_citizen
-- On a call's path. The next reservation to come: $1 digits of a notice number, or (NULL) $2 phone and $3 birth date;
-- $4 now. Few are to come at any time, so they are all looked at.
SELECT reservations.*, slots.venue, slots.counter, slots.starts_at, slots.ends_at
FROM slots
JOIN reservations ON reservations.slot = slots.id
WHERE reservations.state = 'booked'
    AND slots.starts_at > $4
    AND CASE
        WHEN $1::text IS NULL THEN reservations.phone = $2 AND reservations.birth_date = $3
        ELSE regexp_replace(normalize(reservations.notice_number, NFKC), '[^0-9]', '', 'g') = $1
    END
ORDER BY slots.starts_at, reservations.id
LIMIT 1;

-- name: name_of_citizen
-- What somebody was called who booked before: $1, $2 and $3 as above.
SELECT name, kana FROM reservations
WHERE CASE
    WHEN $1::text IS NULL THEN phone = $2 AND birth_date = $3
    ELSE regexp_replace(normalize(notice_number, NFKC), '[^0-9]', '', 'g') = $1
END
ORDER BY created_at DESC
LIMIT 1;

-- name: duplicates
-- Reservations to come of the same person: $1 phone, $2 kana key, $3 name key, $4 now.
SELECT reservations.*, slots.venue, slots.counter, slots.starts_at, slots.ends_at
FROM reservations
JOIN slots ON slots.id = reservations.slot
WHERE reservations.phone = $1
    AND (reservations.kana_key = $2 OR reservations.name_key = $3)
    AND reservations.state = 'booked'
    AND slots.ends_at > $4
ORDER BY slots.starts_at
LIMIT 5;

-- name: search
-- Parts of numbers and names; NULL: any. $1 number or phone digits, $2 kana key, $3 name key, $4 notice number,
-- $5 venue, $6 state, $7 from, $8 until (exclusive), $9 most. $1 to $4 look for any of those given.
SELECT reservations.*, slots.venue, slots.counter, slots.starts_at, slots.ends_at
FROM reservations
JOIN slots ON slots.id = reservations.slot
WHERE (
        num_nonnulls($1::text, $2::text, $3::text, $4::text) = 0
        OR strpos(reservations.id, $1) > 0
        OR strpos(reservations.phone, $1) > 0
        OR strpos(reservations.kana_key, $2) > 0
        OR strpos(reservations.name_key, $3) > 0
        OR reservations.notice_number = $4
    )
    AND ($5::text IS NULL OR slots.venue = $5)
    AND ($6::text IS NULL OR reservations.state = $6)
    AND ($7::timestamptz IS NULL OR slots.starts_at >= $7)
    AND ($8::timestamptz IS NULL OR slots.starts_at < $8)
ORDER BY reservations.state <> 'booked', slots.starts_at DESC, reservations.id
LIMIT $9;

-- name: remembered
-- $1 caller, $2 request, $3 key
SELECT digest, status, answer FROM booking_requests WHERE caller = $1 AND request = $2 AND key = $3;

-- name: remember
INSERT INTO booking_requests (caller, request, key, digest, status, answer) VALUES ($1, $2, $3, $4, $5, $6);

-- name: forget_requests
DELETE FROM booking_requests WHERE at < $1;
