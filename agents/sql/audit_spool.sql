-- The audit trail's spool (SQLite).

-- name: create_tables
CREATE TABLE IF NOT EXISTS entries (place INTEGER PRIMARY KEY AUTOINCREMENT, entry TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS head (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, hash BLOB NOT NULL);

-- name: append
INSERT INTO entries (entry) SELECT value FROM json_each(:batch) ORDER BY key;

-- name: waiting
SELECT place, entry FROM entries ORDER BY place LIMIT :most;

-- name: forget
DELETE FROM entries WHERE place <= :upto;

-- name: set_head
INSERT INTO head (one, seq, hash) VALUES (1, :seq, :hash)
ON CONFLICT (one) DO UPDATE SET seq = excluded.seq, hash = excluded.hash
WHERE excluded.seq > head.seq;

-- name: head
SELECT seq, hash FROM head;

-- name: depth
SELECT count(*) FROM entries;
