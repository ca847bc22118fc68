-- Which controller leads: a session's advisory lock, given back when the connection ends. $1: the lock's number.

-- name: wait_for_lock
SELECT true FROM pg_advisory_lock($1);

-- name: try_lock
SELECT pg_try_advisory_lock($1);
