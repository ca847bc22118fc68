-- Messages to citizens. $-numbers are named in a comment where they are many.

-- name: plan_changes
-- The message about the last change of each reservation that changed lately. $1 now, $2 not changed before,
-- $3 channels
INSERT INTO citizen_messages (key, reservation, version, slot, kind, channel, created_at)
SELECT
    'reservation:' || reservations.id || ':' || change.version || ':' || way.channel,
    reservations.id,
    change.version,
    reservations.slot,
    CASE change.kind WHEN 'created' THEN 'confirmation' ELSE change.kind END,
    way.channel,
    $1
FROM reservation_history AS change
JOIN reservations ON reservations.id = change.reservation
JOIN slots ON slots.id = reservations.slot
CROSS JOIN unnest(reservations.consent) AS way (channel)
WHERE change.at >= $2
    AND change.kind IN ('created', 'moved', 'cancelled')
    AND slots.starts_at > $1
    AND way.channel = ANY ($3)
    AND NOT EXISTS (
        SELECT FROM reservation_history AS later
        WHERE later.reservation = change.reservation
            AND later.version > change.version
            AND later.kind IN ('created', 'moved', 'cancelled')
    )
ON CONFLICT ON CONSTRAINT citizen_messages_once DO NOTHING
RETURNING key;

-- name: plan_reminders
-- For reservations that begin until $2 and were made or moved before a reminder was due ($3 is how long ahead).
-- The key has the time: whoever moves is reminded of the new one. $1 now, $4 channels
INSERT INTO citizen_messages (key, reservation, version, slot, kind, channel, created_at)
SELECT
    'reservation:' || reservations.id || ':reminder:' || extract(epoch FROM slots.starts_at)::bigint || ':' || way.channel,
    reservations.id,
    reservations.version,
    reservations.slot,
    'reminder',
    way.channel,
    $1
FROM reservations
JOIN slots ON slots.id = reservations.slot
CROSS JOIN unnest(reservations.consent) AS way (channel)
WHERE reservations.state = 'booked'
    AND reservations.consent <> '{}'
    AND NOT slots.closed
    AND slots.starts_at > $1
    AND slots.starts_at <= $2
    AND way.channel = ANY ($4)
    AND NOT EXISTS (
        SELECT FROM reservation_history AS change
        WHERE change.reservation = reservations.id
            AND change.kind IN ('created', 'moved')
            AND change.at > slots.starts_at - $3::interval
    )
ON CONFLICT ON CONSTRAINT citizen_messages_once DO NOTHING
RETURNING key;

-- name: recover
-- Whoever was sending died: only by ways that may repeat ($1) it is sent again. $2 now
UPDATE citizen_messages SET
    state = CASE WHEN channel = ANY ($1) THEN 'pending' ELSE 'unclear' END,
    settled_at = CASE WHEN channel = ANY ($1) THEN NULL ELSE $2::timestamptz END,
    trouble = 'the sender died while it was on its way'
WHERE state = 'sending';

-- name: due
-- $1 now, $2 channels, $3 most. With the reservation and its slot as they are now.
SELECT
    messages.id, messages.key, messages.reservation, messages.version, messages.slot, messages.kind,
    messages.channel, messages.attempts, reservations.state AS reservation_state,
    reservations.slot AS reservation_slot, reservations.service, reservations.people, reservations.name,
    reservations.phone, reservations.email, reservations.consent, slots.venue, slots.starts_at,
    (
        SELECT max(change.version) FROM reservation_history AS change
        WHERE change.reservation = messages.reservation AND change.kind IN ('created', 'moved', 'cancelled')
    ) AS latest
FROM citizen_messages AS messages
JOIN reservations ON reservations.id = messages.reservation
JOIN slots ON slots.id = reservations.slot
WHERE messages.state = 'pending'
    AND (messages.next_at IS NULL OR messages.next_at <= $1)
    AND messages.channel = ANY ($2)
ORDER BY messages.id
LIMIT $3;

-- name: begin
UPDATE citizen_messages SET state = 'sending', attempts = attempts + 1 WHERE id = $1 AND state = 'pending'
RETURNING attempts;

-- name: settle
-- $1 id, $2 state, $3 why, $4 now
UPDATE citizen_messages SET state = $2, trouble = $3, settled_at = $4, next_at = NULL
WHERE id = $1 AND state IN ('pending', 'sending');

-- name: later
-- $1 id, $2 why, $3 not before
UPDATE citizen_messages SET state = 'pending', trouble = $2, next_at = $3 WHERE id = $1 AND state = 'sending';

-- name: of_reservation
SELECT kind, channel, state, created_at, settled_at, trouble FROM citizen_messages
WHERE reservation = $1
ORDER BY id;

-- name: late
-- $1 channels, $2 made before.
SELECT count(*) AS count, min(created_at) AS oldest
FROM citizen_messages
WHERE state IN ('pending', 'sending') AND channel = ANY ($1) AND created_at < $2;
