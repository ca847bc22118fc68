-- A whole database as files, and back (storage.dump). Statements that name a table are written by PostgreSQL itself.

-- name: tables
-- Every table with data of its own; generated columns are computed again when they are loaded.
SELECT
    c.relname AS name,
    array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attgenerated = '') AS columns,
    format('SELECT count(*) FROM %I', c.relname) AS count,
    format('DELETE FROM %I', c.relname) AS empty,
    format('ALTER TABLE %I DISABLE TRIGGER USER', c.relname) AS silence,
    format('ALTER TABLE %I ENABLE TRIGGER USER', c.relname) AS wake
FROM pg_class AS c
INNER JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname <> 'schema_migrations'
GROUP BY c.relname
ORDER BY c.relname

-- name: references
-- What must be loaded before what. A reference that is looked at only at the end asks for no order.
SELECT child.relname AS child, parent.relname AS parent
FROM pg_constraint AS k
INNER JOIN pg_class AS child ON child.oid = k.conrelid
INNER JOIN pg_class AS parent ON parent.oid = k.confrelid
WHERE
    k.contype = 'f' AND NOT k.condeferred AND k.conrelid <> k.confrelid
    AND child.relnamespace = current_schema()::regnamespace

-- name: sequences
SELECT sequencename AS name, last_value FROM pg_sequences WHERE schemaname = current_schema()

-- name: set_sequence
SELECT setval(format('%I', $1::text)::regclass, $2, TRUE)

-- name: migrations
SELECT number, title, sha256 FROM schema_migrations ORDER BY number

-- name: has_migrations
SELECT to_regclass('schema_migrations') IS NOT NULL
