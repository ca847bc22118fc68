-- Sessions. The controller answers from memory; this is what it reads after a restart.

-- name: alive
SELECT token_sha256, id, sessions.name, begun_at, seen_at
FROM sessions
JOIN agents USING (name)
WHERE begun_at > $1 AND seen_at > $2 AND active AND NOT disabled;

-- name: keep
-- Somebody who was taken out of the database meanwhile has no session either.
INSERT INTO sessions (token_sha256, id, name, begun_at, seen_at)
SELECT $1, $2, $3, $4, $5
WHERE EXISTS (SELECT FROM agents WHERE name = $3)
ON CONFLICT ON CONSTRAINT sessions_pk DO UPDATE SET seen_at = greatest(sessions.seen_at, excluded.seen_at);

-- name: forget
DELETE FROM sessions WHERE token_sha256 = ANY ($1::bytea[]);

-- name: forget_ended
DELETE FROM sessions WHERE begun_at <= $1 OR seen_at <= $2;
