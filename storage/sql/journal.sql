-- Entries into PostgreSQL, and the records of calls that ended with them, in one transaction.

-- name: create_incoming
-- Once a connection: a temporary table for each batch would bloat the catalogue.
CREATE TEMPORARY TABLE IF NOT EXISTS incoming (
    stream text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    at_us bigint NOT NULL,
    kind text NOT NULL,
    data text NOT NULL
) ON COMMIT DELETE ROWS;

-- name: lock_deposits
-- One deposit at a time, so that each folds over everything the others have committed. Until commit.
SELECT pg_advisory_xact_lock(7881702260482471938);

-- name: take_incoming
-- $1: the spool's birth, milliseconds. Those that are there already came with a batch that was committed but
-- not acknowledged.
INSERT INTO journal (stream, spool, seq, at, kind, data)
SELECT stream, $1, seq, 'epoch'::timestamptz + at_us * interval '1 microsecond', kind, data::jsonb
FROM incoming
ON CONFLICT ON CONSTRAINT journal_pk DO NOTHING;

-- name: open_cases
-- $1: as above. Every entry "case.opened" opens one case; one that was carried over before opens none.
INSERT INTO cases (kind, call_id, caller, opened_at, due_at, summary, details, stream, spool, seq)
SELECT
    entry ->> 'case', substring(stream FROM '^call:(.*)$'), entry ->> 'caller', opened_at,
    'epoch'::timestamptz + (entry ->> 'due_at')::double precision * interval '1 second',
    entry ->> 'summary', coalesce(entry -> 'details', '{}'), stream, $1, seq
FROM incoming
CROSS JOIN LATERAL (
    SELECT data::jsonb AS entry, 'epoch'::timestamptz + at_us * interval '1 microsecond' AS opened_at
) AS read
WHERE kind = 'case.opened'
ORDER BY at_us, seq
ON CONFLICT ON CONSTRAINT cases_one_an_entry DO NOTHING;

-- name: journals_of_ended_calls
-- $1: streams. All entries of those that are calls and have ended.
SELECT stream, seq, at, kind, data
FROM journal
WHERE stream = ANY (
    SELECT stream FROM journal
    WHERE stream = ANY ($1) AND kind IN ('call.ended', 'call.unserved')
)
-- A call that went on on another machine has entries of two spools: the one that began with it comes first.
ORDER BY stream, spool <> 0, min(at) OVER (PARTITION BY stream, spool), spool, seq;

-- name: put_call
INSERT INTO calls (
    id, sip_call_id, caller, dialled, started_at, answered_at, connected_at, ended_at, outcome, ended_by,
    reason, queue, menu_path, agent, waited_s, talked_s, held_s, acw_s, offers, disposition, reservations,
    recovered, direction, callback, callback_of, attempts, outreach
)
VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
    $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
    $22, $23, $24, $25, $26, $27
)
ON CONFLICT ON CONSTRAINT calls_pk DO UPDATE SET
    sip_call_id = excluded.sip_call_id,
    caller = excluded.caller,
    dialled = excluded.dialled,
    started_at = excluded.started_at,
    answered_at = excluded.answered_at,
    connected_at = excluded.connected_at,
    ended_at = excluded.ended_at,
    outcome = excluded.outcome,
    ended_by = excluded.ended_by,
    reason = excluded.reason,
    queue = excluded.queue,
    menu_path = excluded.menu_path,
    agent = excluded.agent,
    waited_s = excluded.waited_s,
    talked_s = excluded.talked_s,
    held_s = excluded.held_s,
    acw_s = excluded.acw_s,
    offers = excluded.offers,
    disposition = excluded.disposition,
    reservations = excluded.reservations,
    recovered = excluded.recovered,
    direction = excluded.direction,
    callback = excluded.callback,
    callback_of = excluded.callback_of,
    attempts = excluded.attempts,
    outreach = excluded.outreach;

-- name: put_recording
-- Measured once; only another file is measured anew.
INSERT INTO recordings (call_id, file) VALUES ($1, $2)
ON CONFLICT ON CONSTRAINT recordings_one_a_call DO UPDATE SET
    file = excluded.file, sha256 = NULL, bytes = NULL, seconds = NULL, problem = NULL, tries = 0, due_at = now()
    WHERE recordings.file <> excluded.file;
