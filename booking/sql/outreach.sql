-- Outreach. Whether a call may be placed is decided by storage/schema, not here.

-- name: decide
-- The decision of a day, once. $1 day, $2 open days gone, $3 open days of the month, $4 expected, $5 cap, $6 now.
INSERT INTO outreach_days (day, open_days_gone, open_days, expected, cap, decided_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT ON CONSTRAINT outreach_days_pk DO NOTHING;

-- name: day
SELECT * FROM outreach_days WHERE day = $1;

-- name: enter
-- $1 list, $2 now, $3 user, $4 rows. Who is on the list already stays as it is. A row for each that is new.
INSERT INTO outreach_targets (list, entered_at, entered_by, name, phone, kind, address, contact, notes)
SELECT $1, $2, $3, name, phone, kind, address, contact, notes
FROM jsonb_to_recordset($4::jsonb)
    AS target (name text, phone text, kind text, address text, contact text, notes text)
ON CONFLICT ON CONSTRAINT outreach_targets_once DO NOTHING
RETURNING id;

-- name: next
-- The target that $1 (user) has, else the next that nobody has; kept until $2. $3 now.
UPDATE outreach_targets SET locked_by = $1, locked_until = $2
WHERE id = (
    SELECT id FROM outreach_targets
    WHERE state = 'waiting'
        AND (
            locked_by = $1
            OR (
                not_before <= $3
                AND (locked_until IS NULL OR locked_until <= $3)
                AND NOT EXISTS (
                    SELECT FROM outreach_calls
                    WHERE outreach_calls.target = outreach_targets.id AND outreach_calls.outcome IS NULL
                )
                AND NOT EXISTS (
                    SELECT FROM outreach_do_not_call WHERE outreach_do_not_call.phone = outreach_targets.phone
                )
            )
        )
    ORDER BY locked_by IS NOT DISTINCT FROM $1 DESC, attempts > 0 DESC, id
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING *, NULL::bigint AS open_call;

-- name: under_way
-- Whether $1 (user) has a target with a call that has no outcome yet.
SELECT EXISTS (
    SELECT FROM outreach_targets
    JOIN outreach_calls ON outreach_calls.target = outreach_targets.id AND outreach_calls.outcome IS NULL
    WHERE outreach_targets.locked_by = $1
);

-- name: lock
SELECT outreach_targets.*, outreach_calls.id AS open_call
FROM outreach_targets
LEFT JOIN outreach_calls ON outreach_calls.target = outreach_targets.id AND outreach_calls.outcome IS NULL
WHERE outreach_targets.id = $1
FOR UPDATE OF outreach_targets;

-- name: dial
-- $1 target, $2 now, $3 user. The database fills in the number, or refuses.
INSERT INTO outreach_calls (target, phone, at, dialled_by) VALUES ($1, '', $2, $3)
RETURNING id, phone;

-- name: settle_call
-- $1 call, $2 outcome, $3 note, $4 now.
UPDATE outreach_calls SET outcome = $2, note = $3, settled_at = $4 WHERE id = $1;

-- name: settle_target
-- $1 target, $2 state, $3 attempts, $4 not before, $5 outcome.
UPDATE outreach_targets SET
    state = $2, attempts = $3, not_before = $4, outcome = $5, locked_by = NULL, locked_until = NULL
WHERE id = $1;

-- name: release
UPDATE outreach_targets SET locked_by = NULL, locked_until = NULL WHERE id = $1;

-- name: find
-- NULL: any. $1 state, $2 list, $3 most.
SELECT outreach_targets.*, outreach_calls.id AS open_call
FROM outreach_targets
LEFT JOIN outreach_calls ON outreach_calls.target = outreach_targets.id AND outreach_calls.outcome IS NULL
WHERE ($1::text IS NULL OR outreach_targets.state = $1)
    AND ($2::text IS NULL OR outreach_targets.list = $2)
ORDER BY outreach_targets.id
LIMIT $3;

-- name: calls
-- $1 day.
SELECT outreach_calls.*, outreach_targets.name, outreach_targets.kind, outreach_targets.list
FROM outreach_calls
JOIN outreach_targets ON outreach_targets.id = outreach_calls.target
WHERE outreach_calls.day = $1
ORDER BY outreach_calls.id;

-- name: bar
-- $1 phone, $2 reason, $3 now, $4 user.
INSERT INTO outreach_do_not_call (phone, reason, at, by) VALUES ($1, $2, $3, $4)
ON CONFLICT ON CONSTRAINT outreach_do_not_call_pk DO NOTHING;

-- name: barred
SELECT phone, reason, at, by FROM outreach_do_not_call ORDER BY at DESC, phone LIMIT $1;
