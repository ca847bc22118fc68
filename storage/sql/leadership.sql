-- Which controller leads: a session's advisory lock, given back when the connection ends. $1: the lock's number.

-- name: wait_for_lock
SELECT true FROM pg_advisory_lock($1);

-- name: try_lock
SELECT pg_try_advisory_lock($1);

-- name: is_held
-- A lock of 64 bits stands in two columns of 32 (pg_locks, "advisory"; objsubid 1: one number).
SELECT EXISTS (
    SELECT 1 FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND objsubid = 1
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND classid = ($1::bigint >> 32)::oid AND objid = ($1::bigint & 4294967295)::oid
);
