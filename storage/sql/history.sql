-- What was, read back.

-- name: calls
-- $1 since, $2 until (exclusive), $3 agent, $4 outcome (NULL: any), $5 most. Newest first.
SELECT calls.*, recordings.file, recordings.sha256, recordings.seconds
FROM calls
LEFT JOIN recordings ON recordings.call_id = calls.id
WHERE ($1::timestamptz IS NULL OR calls.started_at >= $1)
    AND ($2::timestamptz IS NULL OR calls.started_at < $2)
    AND ($3::text IS NULL OR calls.agent = $3)
    AND ($4::text IS NULL OR calls.outcome = $4)
ORDER BY calls.started_at DESC, calls.id
LIMIT $5;

-- name: call
SELECT calls.*, recordings.file, recordings.sha256, recordings.seconds
FROM calls
LEFT JOIN recordings ON recordings.call_id = calls.id
WHERE calls.id = $1;

-- name: timeline
SELECT stream, seq, at, kind, data
FROM journal
WHERE stream = $1
ORDER BY spool <> 0, min(at) OVER (PARTITION BY spool), spool, seq;

-- name: of_caller
-- On a call's path: $1 caller, $2 most, $3 not before. Newest first; each row also says who last spoke to the
-- caller in a call that began at $3 or later. Index calls_by_caller, twice.
SELECT id, started_at, outcome, queue, agent, disposition,
    (
        SELECT agent
        FROM calls
        WHERE caller = $1 AND started_at >= $3 AND connected_at IS NOT NULL
        ORDER BY started_at DESC
        LIMIT 1
    ) AS last_agent
FROM calls
WHERE caller = $1
ORDER BY started_at DESC
LIMIT $2;

-- name: journals_of_calls
-- For the queue log: $1 since, $2 until (exclusive). Whole journals of calls that arrived in between.
SELECT stream, seq, at, kind, data
FROM journal
WHERE stream IN (
    SELECT stream FROM journal WHERE at >= $1 AND at < $2 AND kind IN ('call.arrived', 'call.unserved')
)
ORDER BY stream, spool, seq;

-- name: journals_of_agents
-- For the queue log: $1 since, $2 until (exclusive).
SELECT stream, seq, at, kind, data
FROM journal
WHERE at >= $1 AND at < $2 AND kind = 'agent.state'
ORDER BY stream, spool, seq;

-- name: agents_before
-- For the queue log: $1 instant. The last state of each operator before it.
SELECT DISTINCT ON (stream) stream, seq, at, kind, data
FROM journal
WHERE stream LIKE 'agent:%' AND at < $1
ORDER BY stream, spool DESC, seq DESC;

-- name: traffic
-- $1 since, $2 until (exclusive). Every call that came in, oldest first, with the keys in the order of pressing.
SELECT calls.id, calls.started_at, calls.caller, calls.dialled,
    ARRAY(
        SELECT journal.data ->> 'key'
        FROM journal
        WHERE journal.stream = 'call:' || calls.id AND journal.kind = 'menu.key'
        ORDER BY journal.spool, journal.seq
    ) AS keys
FROM calls
WHERE calls.direction = 'inbound' AND calls.dialled IS NOT NULL
    AND calls.started_at >= $1 AND calls.started_at < $2
ORDER BY calls.started_at, calls.id;
