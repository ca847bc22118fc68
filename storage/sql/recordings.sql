-- Recordings of ended calls, and whether they were measured.

-- name: to_measure
-- $1: most.
SELECT call_id, file, tries
FROM recordings
WHERE sha256 IS NULL AND due_at <= now()
ORDER BY due_at
LIMIT $1;

-- name: measured
-- $1 call, $2 file, $3 sha256, $4 bytes, $5 seconds, $6 problem (NULL: none).
UPDATE recordings SET sha256 = $3, bytes = $4, seconds = $5, problem = $6, tries = tries + 1
WHERE call_id = $1 AND file = $2;

-- name: try_later
-- $1 call, $2 file, $3 seconds from now, $4 problem.
UPDATE recordings SET due_at = now() + $3 * interval '1 second', problem = $4, tries = tries + 1
WHERE call_id = $1 AND file = $2;
