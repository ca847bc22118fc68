-- The audit trail in PostgreSQL. Rows are only ever added, by one writer at a time.

-- name: lock
-- Whoever adds rows holds this until the end of the transaction, so that no two rows follow the same one.
SELECT pg_advisory_xact_lock($1);

-- name: last
SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1;

-- name: already_there
SELECT id FROM audit WHERE id = ANY ($1::text[]);

-- name: add
INSERT INTO audit (seq, id, at, who, role, what, object, source, result, detail, previous, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: after
-- The chain, in order, a page at a time.
SELECT seq, id, at, who, role, what, object, source, result, detail, previous, hash
FROM audit
WHERE seq > $1
ORDER BY seq
LIMIT $2;

-- name: find
-- The newest first; a bound that is null does not limit.
SELECT seq, id, at, who, role, what, object, source, result, detail, previous, hash
FROM audit
WHERE ($1::timestamptz IS NULL OR at >= $1)
    AND ($2::timestamptz IS NULL OR at < $2)
    AND ($3::text IS NULL OR who = $3)
    AND ($4::text IS NULL OR what = $4)
    AND ($5::text IS NULL OR object = $5)
ORDER BY seq DESC
LIMIT $6;
