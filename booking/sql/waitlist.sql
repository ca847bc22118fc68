-- The waiting list.

-- name: enter
INSERT INTO waitlist (
    service, venue, earliest, latest, people, name, kana, phone, notes, channel, created_at, created_by, changed_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $11)
RETURNING *;

-- name: one
SELECT * FROM waitlist WHERE id = $1 FOR UPDATE;

-- name: find
-- $1 states, $2 service, $3 venue (NULL: any), $4 most. In the order of coming.
SELECT waitlist.*, held.slot, held.starts_at, held.held_venue
FROM waitlist
LEFT JOIN LATERAL (
    SELECT slots.id AS slot, slots.starts_at, slots.venue AS held_venue
    FROM seats
    JOIN slots ON slots.id = seats.slot
    WHERE seats.hold = waitlist.hold
    LIMIT 1
) AS held ON true
WHERE waitlist.state = ANY ($1)
    AND ($2::text IS NULL OR waitlist.service = $2)
    AND ($3::text IS NULL OR waitlist.venue IS NULL OR waitlist.venue = $3)
ORDER BY waitlist.id
LIMIT $4;

-- name: withdraw
UPDATE waitlist SET state = 'withdrawn', hold = NULL, offered_until = NULL, changed_at = $2 WHERE id = $1;

-- name: next_in_line
-- Who waits, in order. Another process that offers at the same time passes over them.
SELECT * FROM waitlist WHERE state = 'waiting' AND latest > $1 ORDER BY id LIMIT 200 FOR UPDATE SKIP LOCKED;

-- name: keep_seats
-- Seats for somebody on the list, also those that rest after a cancellation: they return to the list first.
-- $1 service, $2 venue or NULL, $3 earliest, $4 latest, $5 people, $6 channel, $7 now, $8 hold, $9 by, $10 for,
-- $11 until. A row for each seat that was got: all or none.
WITH found AS (
    SELECT slots.id
    FROM slots
    JOIN seats ON seats.slot = slots.id
    WHERE NOT slots.closed
        AND $1 = ANY (slots.services)
        AND ($2::text IS NULL OR slots.venue = $2)
        AND slots.starts_at >= $3
        AND slots.starts_at <= $4
        AND seats.reservation IS NULL
        AND (seats.held_until IS NULL OR seats.held_until <= $7)
        AND $6 = ANY (seats.open_to)
    GROUP BY slots.id
    HAVING count(*) >= $5
    ORDER BY min(slots.starts_at), slots.id
    LIMIT 1
),
places AS MATERIALIZED (
    SELECT seats.slot, seats.number
    FROM seats
    WHERE seats.slot = (SELECT id FROM found)
        AND seats.reservation IS NULL
        AND (seats.held_until IS NULL OR seats.held_until <= $7)
        AND $6 = ANY (seats.open_to)
    ORDER BY seats.number
    LIMIT $5
    FOR UPDATE SKIP LOCKED
)
UPDATE seats SET hold = $8, held_by = $9, held_for = $10, held_until = $11
FROM places
WHERE seats.slot = places.slot
    AND seats.number = places.number
    AND (SELECT count(*) FROM places) = $5
RETURNING seats.slot;

-- name: offer
UPDATE waitlist SET state = 'offered', hold = $2, offered_until = $3, changed_at = $4 WHERE id = $1;

-- name: expire
-- Offers that ran out, and people whose last day has passed. Whoever took an offer's hold over and let it run
-- out puts the person back in line. $1 now.
UPDATE waitlist SET
    state = CASE WHEN state = 'offered' AND offered_until > $1 THEN 'waiting' ELSE 'expired' END,
    hold = NULL,
    offered_until = NULL,
    changed_at = $1
WHERE (state = 'waiting' AND latest <= $1)
    OR (
        state = 'offered'
        AND NOT EXISTS (SELECT FROM seats WHERE seats.hold = waitlist.hold AND seats.held_until > $1)
    );
