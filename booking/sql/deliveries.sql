-- The way of changes to the city's own system. $-numbers are named in a comment where they are many.

-- name: heads
-- What may be delivered now: of each reservation the earliest change that is pending. $1 now, $2 most.
SELECT id, key, kind, reservation, version, created_at, attempts, file, payload
FROM outbox
WHERE state = 'pending'
    AND (next_at IS NULL OR next_at <= $1)
    AND NOT EXISTS (
        SELECT FROM outbox AS earlier
        WHERE earlier.reservation = outbox.reservation
            AND earlier.version < outbox.version
            AND earlier.state = 'pending'
    )
ORDER BY id
LIMIT $2;

-- name: delivered
-- $1 keys, $2 now
UPDATE outbox SET state = 'delivered', settled_at = $2, trouble = NULL, next_at = NULL
WHERE key = ANY ($1) AND state IN ('pending', 'sent')
RETURNING key;

-- name: refused
-- $1 key, $2 now, $3 reason
UPDATE outbox SET state = 'refused', settled_at = $2, trouble = $3, next_at = NULL
WHERE key = $1 AND state IN ('pending', 'sent')
RETURNING id, key, kind, reservation, version, created_at, attempts, file, payload;

-- name: settle_by_hand
-- $1 key, $2 state, $3 now, $4 who, $5 why. What a file that is being written holds is not ours to settle.
UPDATE outbox SET state = $2, settled_at = $3, settled_by = $4, settled_why = $5, next_at = NULL
WHERE key = $1 AND (state = 'sent' OR (state = 'pending' AND file IS NULL))
RETURNING key, kind, reservation, version, state, created_at, attempts, next_at, trouble, settled_at, settled_by,
    settled_why, case_number;

-- name: state_of
SELECT state FROM outbox WHERE key = $1;

-- name: note_case
UPDATE outbox SET case_number = $2 WHERE key = $1;

-- name: later
-- $1 key, $2 why, $3 not before
UPDATE outbox SET attempts = attempts + 1, trouble = $2, next_at = $3 WHERE key = $1 AND state = 'pending';

-- name: stuck
-- Nothing can be sent at all: the reason stands at the oldest. $1 why
UPDATE outbox SET trouble = $1
WHERE id = (SELECT min(id) FROM outbox WHERE state = 'pending') AND trouble IS DISTINCT FROM $1;

-- name: reopen
-- What was handed over in a file whose reply nobody reads any more.
UPDATE outbox SET state = 'pending', file = NULL WHERE state = 'sent';

-- name: begin_file
-- The next file: which changes it holds is decided here, before it is written. $1 most. NULL: there is nothing.
WITH chosen AS (
    SELECT id FROM outbox WHERE state = 'pending' AND file IS NULL ORDER BY id LIMIT $1
),
numbered AS (
    UPDATE outbox SET file = (SELECT min(id) FROM chosen) WHERE id IN (SELECT id FROM chosen) RETURNING file
)
SELECT min(file) FROM numbered;

-- name: begun_file
-- The file that was begun and not finished, or NULL.
SELECT min(file) FROM outbox WHERE state = 'pending' AND file IS NOT NULL;

-- name: in_file
SELECT id, key, kind, reservation, version, created_at, attempts, file, payload
FROM outbox
WHERE file = $1
ORDER BY id;

-- name: handed_over
-- $1 file, $2 now, $3 whether a reply is awaited
UPDATE outbox SET
    state = CASE WHEN $3 THEN 'sent' ELSE 'delivered' END,
    settled_at = CASE WHEN $3 THEN NULL ELSE $2::timestamptz END,
    attempts = attempts + 1,
    trouble = NULL
WHERE file = $1 AND state = 'pending'
RETURNING key;

-- name: open_case
-- $1 call, $2 caller, $3 opened, $4 due, $5 summary, $6 details
INSERT INTO cases (kind, call_id, caller, opened_at, due_at, summary, details)
VALUES ('delivery_failed', $1, $2, $3, $4, $5, $6)
RETURNING number;

-- name: undelivered
SELECT count(*) AS count, min(created_at) AS oldest FROM outbox WHERE state IN ('pending', 'sent');

-- name: find
-- $1 states, $2 most. The oldest first.
SELECT key, kind, reservation, version, state, created_at, attempts, next_at, trouble, settled_at, settled_by,
    settled_why, case_number
FROM outbox
WHERE state = ANY ($1)
ORDER BY id
LIMIT $2;

-- name: untold
-- Refused changes whose makers were not told yet. $1 not settled before.
SELECT outbox.key, outbox.trouble, outbox.case_number, outbox.payload ->> 'number' AS number, history.by
FROM outbox
JOIN reservation_history AS history
    ON history.reservation = outbox.reservation AND history.version = outbox.version
WHERE outbox.state = 'refused' AND outbox.told_at IS NULL AND outbox.settled_at >= $1
ORDER BY outbox.id
LIMIT 200;

-- name: told
UPDATE outbox SET told_at = $2 WHERE key = ANY ($1);

-- name: forget
-- $1 before. What nobody wanted to be told ($2) is forgotten as well.
DELETE FROM outbox WHERE created_at < $1 AND (settled_at IS NOT NULL OR $2);
