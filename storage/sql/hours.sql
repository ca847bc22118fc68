-- What was opened or closed ad hoc.

-- name: keep
-- A second time changes nothing, except that it may be cancelled by now.
INSERT INTO hours_overrides
    (id, opens, since, until, message, numbers, queues, entered_at, entered_by, cancelled_at, cancelled_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT ON CONSTRAINT hours_overrides_pk DO UPDATE SET
    cancelled_at = excluded.cancelled_at,
    cancelled_by = excluded.cancelled_by
WHERE hours_overrides.cancelled_at IS NULL;

-- name: not_over
-- $1 now.
SELECT * FROM hours_overrides WHERE until > $1 ORDER BY entered_at, id;

-- name: stood_between
-- $1 since, $2 until (exclusive). What was open or closed ad hoc in that time and not taken back.
SELECT * FROM hours_overrides
WHERE until > $1 AND since < $2 AND cancelled_at IS NULL
ORDER BY entered_at, id;
