-- Slots and their seats.

-- name: find
-- Slots that are open, with what is free for a channel. $1 from, $2 until (exclusive), $3 venue, $4 service (NULL:
-- any), $5 channel, $6 now, $7 at least so many free, $8 most.
SELECT
    slots.id,
    slots.venue,
    slots.counter,
    slots.services,
    slots.starts_at,
    slots.ends_at,
    count(*) AS capacity,
    count(*) FILTER (
        WHERE seats.reservation IS NULL
            AND seats.free_from <= $6
            AND (seats.held_until IS NULL OR seats.held_until <= $6)
            AND $5 = ANY (seats.open_to)
    ) AS free,
    count(*) FILTER (WHERE seats.held_until > $6) AS held
FROM slots
JOIN seats ON seats.slot = slots.id
WHERE NOT slots.closed
    AND slots.starts_at >= $1
    AND slots.starts_at < $2
    AND ($3::text IS NULL OR slots.venue = $3)
    AND ($4::text IS NULL OR $4 = ANY (slots.services))
GROUP BY slots.id
HAVING count(*) FILTER (
    WHERE seats.reservation IS NULL
        AND seats.free_from <= $6
        AND (seats.held_until IS NULL OR seats.held_until <= $6)
        AND $5 = ANY (seats.open_to)
) >= $7
ORDER BY slots.starts_at, slots.venue, slots.counter
LIMIT $8;

-- name: one
SELECT id, venue, counter, services, starts_at, ends_at, closed FROM slots WHERE id = $1;

-- name: add_slots
-- $1: the planned slots. In all of these, rows that are as planned are not even locked: people are booking.
INSERT INTO slots (venue, counter, services, starts_at, ends_at, capacity)
SELECT venue, counter, services, starts_at, ends_at, jsonb_array_length(seats)
FROM jsonb_to_recordset($1) AS planned (
    venue text, counter text, services text[], starts_at timestamptz, ends_at timestamptz, seats jsonb
)
ON CONFLICT ON CONSTRAINT slots_once DO NOTHING;

-- name: change_slots
UPDATE slots SET
    services = planned.services,
    ends_at = planned.ends_at,
    capacity = greatest(slots.capacity, jsonb_array_length(planned.seats)),
    closed = false
FROM jsonb_to_recordset($1) AS planned (
    venue text, counter text, services text[], starts_at timestamptz, ends_at timestamptz, seats jsonb
)
WHERE slots.venue = planned.venue
    AND slots.counter = planned.counter
    AND slots.starts_at = planned.starts_at
    AND (
        (slots.services, slots.ends_at, slots.closed) IS DISTINCT FROM (planned.services, planned.ends_at, false)
        OR slots.capacity < jsonb_array_length(planned.seats)
    );

-- name: add_seats
INSERT INTO seats (slot, number, capacity, open_to)
SELECT slots.id, seat.number, slots.capacity, ARRAY(SELECT jsonb_array_elements_text(seat.open_to))
FROM jsonb_to_recordset($1) AS planned (venue text, counter text, starts_at timestamptz, seats jsonb)
JOIN slots USING (venue, counter, starts_at)
CROSS JOIN jsonb_array_elements(planned.seats) WITH ORDINALITY AS seat (open_to, number)
ON CONFLICT ON CONSTRAINT seats_pk DO NOTHING;

-- name: change_seats
UPDATE seats SET open_to = ARRAY(SELECT jsonb_array_elements_text(seat.open_to))
FROM jsonb_to_recordset($1) AS planned (venue text, counter text, starts_at timestamptz, seats jsonb)
JOIN slots USING (venue, counter, starts_at)
CROSS JOIN jsonb_array_elements(planned.seats) WITH ORDINALITY AS seat (open_to, number)
WHERE seats.slot = slots.id
    AND seats.number = seat.number
    AND seats.reservation IS NULL
    AND seats.open_to IS DISTINCT FROM ARRAY(SELECT jsonb_array_elements_text(seat.open_to));

-- name: withdraw_seats
-- Seats that the plan no longer has, as far as nobody sits there. $1 as above.
DELETE FROM seats
USING jsonb_to_recordset($1) AS planned (venue text, counter text, starts_at timestamptz, seats jsonb)
JOIN slots USING (venue, counter, starts_at)
WHERE seats.slot = slots.id
    AND seats.number > jsonb_array_length(planned.seats)
    AND seats.reservation IS NULL;

-- name: close_others
-- Open slots from $2 to before $3 that are not in the plan $1.
UPDATE slots SET closed = true
WHERE NOT closed AND starts_at >= $2 AND starts_at < $3
    AND NOT EXISTS (
        SELECT FROM jsonb_to_recordset($1) AS planned (venue text, counter text, starts_at timestamptz)
        WHERE planned.venue = slots.venue
            AND planned.counter = slots.counter
            AND planned.starts_at = slots.starts_at
    );

-- name: stranded
-- Reservations to come whose slot is closed: somebody must call these people. $1 now.
SELECT count(*) FROM reservations JOIN slots ON slots.id = reservations.slot
WHERE slots.closed AND slots.starts_at > $1 AND reservations.state = 'booked';

-- name: hold
-- $1 slot, $2 how many, $3 channel, $4 hold, $5 by, $6 for, $7 until, $8 now. A row for each seat that was got.
WITH places AS MATERIALIZED (
    SELECT seats.slot, seats.number
    FROM seats
    WHERE seats.slot = (SELECT slots.id FROM slots WHERE slots.id = $1 AND NOT slots.closed)
        AND seats.reservation IS NULL
        AND $3 = ANY (seats.open_to)
        AND seats.free_from <= $8
        AND (seats.held_until IS NULL OR seats.held_until <= $8)
    ORDER BY seats.number
    LIMIT $2
    FOR UPDATE
)
UPDATE seats SET hold = $4, held_by = $5, held_for = $6, held_until = $7
FROM places
WHERE seats.slot = places.slot AND seats.number = places.number
RETURNING seats.number;

-- name: holds
-- What is held at $1 (now), of slot $2 and hold $3 (NULL: any).
SELECT seats.hold, seats.held_by, seats.held_for, seats.held_until, slots.id, slots.venue, slots.counter,
    slots.services, slots.starts_at, slots.ends_at, slots.closed, count(*) AS people
FROM seats
JOIN slots ON slots.id = seats.slot
WHERE seats.hold IS NOT NULL AND seats.held_until > $1
    AND ($2::bigint IS NULL OR seats.slot = $2)
    AND ($3::text IS NULL OR seats.hold = $3)
GROUP BY seats.hold, seats.held_by, seats.held_for, seats.held_until, slots.id
ORDER BY seats.held_until, seats.hold;

-- name: rehold
-- Renew ($2 is who has it), or take over ($2 NULL: whoever has it). $1 hold, $3 by, $4 until, $5 now, $6 for.
UPDATE seats SET held_by = $3, held_until = $4, held_for = coalesce($6, held_for)
WHERE hold = $1 AND ($2::text IS NULL OR held_by = $2) AND held_until > $5
RETURNING number;

-- name: release
-- $1 hold, $2 by.
UPDATE seats SET hold = NULL, held_by = NULL, held_for = NULL, held_until = NULL
WHERE hold = $1 AND held_by = $2
RETURNING number;
