-- The published versions of the configuration.

-- name: try_lock
-- $1 key. Whoever gets it publishes; it is given back by unlock or with the connection.
SELECT pg_try_advisory_lock($1);

-- name: unlock
SELECT pg_advisory_unlock($1);

-- name: kept
SELECT version, at, state FROM publications;

-- name: keep
-- A second time changes nothing but how far the version came.
INSERT INTO publications
    (version, at, state, by_whom, why, before, rollback_to, changed, reason, centre, custom)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT ON CONSTRAINT publications_pk DO UPDATE SET
    state = excluded.state,
    changed = excluded.changed,
    reason = excluded.reason;
