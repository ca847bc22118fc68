-- What another machine's controller wrote down and this machine's spool does not know.

-- name: open_calls
-- $1: not begun before. Whole journals of calls, callbacks and outreach calls that have not ended. Indexes
-- journal_begun_calls, journal_begun_outreach, journal_ended_calls.
SELECT stream, seq, at, kind, data
FROM journal
WHERE stream IN (
    SELECT begun.stream
    FROM (
        SELECT journal.stream FROM journal
        WHERE journal.at >= $1 AND journal.kind IN ('call.arrived', 'callback.requested')
        UNION ALL
        SELECT journal.stream FROM journal WHERE journal.at >= $1 AND journal.kind = 'outreach.requested'
    ) AS begun
    WHERE NOT EXISTS (
        SELECT 1 FROM journal AS ended
        WHERE ended.stream = begun.stream AND ended.kind IN ('call.ended', 'call.unserved')
    )
)
ORDER BY stream, min(at) OVER (PARTITION BY stream, spool), spool, seq;

-- name: duty
-- $1: the birth of this machine's spool, which knows its own. The last state of each operator elsewhere.
SELECT DISTINCT ON (stream) stream, seq, at, kind, data
FROM journal
WHERE stream LIKE 'agent:%' AND spool <> $1
ORDER BY stream, at DESC, spool DESC, seq DESC;

-- name: continued
-- $1: streams of calls, $2: the birth of this machine's spool. What other spools have of them.
SELECT stream, seq, at, kind, data
FROM journal
WHERE stream = ANY($1::text[]) AND spool <> $2
ORDER BY stream, min(at) OVER (PARTITION BY stream, spool), spool, seq;
