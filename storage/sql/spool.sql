-- The journal's spool, in SQLite. Written by the controller, emptied by the worker.

-- name: create_tables
CREATE TABLE IF NOT EXISTS spool (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    begun_ms INTEGER NOT NULL,
    drained INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    stream TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at_us INTEGER NOT NULL,
    kind TEXT NOT NULL,
    data TEXT NOT NULL,
    UNIQUE (stream, seq)
);
CREATE TABLE IF NOT EXISTS head (
    stream TEXT PRIMARY KEY,
    seq INTEGER NOT NULL,
    ended INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS head_open ON head (stream) WHERE NOT ended;
CREATE TABLE IF NOT EXISTS tail (
    name TEXT PRIMARY KEY,
    upto INTEGER NOT NULL
) WITHOUT ROWID;

-- name: begin_spool
-- The first process to come decides when the spool was begun; the others find the row.
INSERT INTO spool (one, begun_ms) VALUES (1, :begun_ms) ON CONFLICT DO NOTHING;

-- name: begun
SELECT begun_ms FROM spool;

-- name: append_entries
-- One statement for a whole batch: each statement gives up Python's interpreter lock and has to win it back
-- from a busy event loop. :batch is a JSON array of [stream, at in microseconds, kind, data].
INSERT INTO entry (stream, seq, at_us, kind, data)
SELECT
    item.value ->> 0,
    coalesce(head.seq, 0) + row_number() OVER (PARTITION BY item.value ->> 0 ORDER BY item.key),
    item.value ->> 1,
    item.value ->> 2,
    item.value -> 3
FROM json_each(:batch) AS item
LEFT JOIN head ON head.stream = item.value ->> 0
ORDER BY item.key;

-- name: advance_heads
-- Runs after append_entries, in the same transaction, with the same batch. A number that the rescue took is done
-- with when the controller has taken it up.
INSERT INTO head (stream, seq, ended)
SELECT item.value ->> 0, count(*), max(item.value ->> 2 IN ('call.ended', 'callback.taken_up'))
FROM json_each(:batch) AS item
WHERE true
GROUP BY item.value ->> 0
ON CONFLICT (stream) DO UPDATE SET seq = head.seq + excluded.seq, ended = max(head.ended, excluded.ended);

-- name: advance_tail
-- Everything of the tail :tail up to number :upto is in the spool.
INSERT INTO tail (name, upto) VALUES (:tail, :upto)
ON CONFLICT (name) DO UPDATE SET upto = max(tail.upto, excluded.upto);

-- name: tail_upto
SELECT upto FROM tail WHERE name = :tail;

-- name: not_drained
SELECT id, stream, seq, at_us, kind, data
FROM entry
WHERE id > (SELECT drained FROM spool)
ORDER BY id
LIMIT :most;

-- name: forget_drained
-- What recovery can still need stays: calls that have not ended, and the last state of each operator and queue.
DELETE FROM entry
WHERE id <= :upto
    AND stream IN (SELECT stream FROM entry WHERE id > (SELECT drained FROM spool) AND id <= :upto)
    AND EXISTS (
        SELECT 1 FROM head
        WHERE head.stream = entry.stream
            AND (head.ended OR (head.stream NOT LIKE 'call:%' AND entry.seq < head.seq))
    );

-- name: set_drained
UPDATE spool SET drained = :upto WHERE drained < :upto;

-- name: depth
SELECT max(0, coalesce((SELECT max(id) FROM entry), 0) - drained) FROM spool;

-- name: unfinished
SELECT entry.stream, entry.seq, entry.at_us, entry.kind, entry.data
FROM head
JOIN entry ON entry.stream = head.stream
WHERE NOT head.ended AND head.stream LIKE 'call:%'
ORDER BY entry.id;

-- name: known
-- :streams is a JSON array. Which of them have ever had an entry here, still kept or not.
SELECT item.value FROM json_each(:streams) AS item JOIN head ON head.stream = item.value;

-- name: latest
-- The last entry of each stream whose name is LIKE :streams.
SELECT entry.stream, entry.seq, entry.at_us, entry.kind, entry.data
FROM head
JOIN entry ON entry.stream = head.stream AND entry.seq = head.seq
WHERE head.stream LIKE :streams
ORDER BY entry.id;
