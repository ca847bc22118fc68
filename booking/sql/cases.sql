-- Cases.

-- name: open
-- $1 kind, $2 call, $3 caller, $4 opened at, $5 due at, $6 summary, $7 details, $8 history, $9 opened by.
INSERT INTO cases (kind, call_id, caller, opened_at, due_at, summary, details, history, opened_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
RETURNING *, NULL AS file, NULL AS sha256, NULL::double precision AS seconds;

-- name: one
SELECT cases.*, recordings.file, recordings.sha256, recordings.seconds
FROM cases
LEFT JOIN recordings ON recordings.call_id = cases.call_id AND recordings.file = cases.details ->> 'file'
WHERE cases.number = $1;

-- name: mails
-- $1: case.
SELECT case_mails.reason, case_mails.state, case_mails.tries, case_mails.recipients, case_mails.problem,
    case_mails.created_at, case_mails.sent_at
FROM case_mails
JOIN cases ON cases.id = case_mails.case_id
WHERE cases.number = $1
ORDER BY case_mails.id;

-- name: lock
-- Whoever changes a case changes it alone.
SELECT id FROM cases WHERE number = $1 FOR UPDATE;

-- name: put
-- $1 number, $2 state, $3 caller, $4 due at, $5 summary, $6 details, $7 entries of history to add.
UPDATE cases SET
    state = $2, caller = $3, due_at = $4, summary = $5, details = $6, history = history || $7::jsonb,
    version = version + 1
WHERE number = $1;

-- name: find
-- NULL: any. $1 kinds, $2 states, $3 due before, $4 call, $5 opened by (besides $6, kinds of everybody), $7 most.
SELECT cases.*, recordings.file, recordings.sha256, recordings.seconds
FROM cases
LEFT JOIN recordings ON recordings.call_id = cases.call_id AND recordings.file = cases.details ->> 'file'
WHERE cases.kind = ANY ($1::text[])
    AND cases.state = ANY ($2::text[])
    AND ($3::timestamptz IS NULL OR cases.due_at < $3)
    AND ($4::text IS NULL OR cases.call_id = $4)
    AND ($5::text IS NULL OR cases.opened_by = $5 OR cases.kind = ANY ($6::text[]))
ORDER BY cases.opened_at DESC, cases.id DESC
LIMIT $7;

-- name: overdue
-- $1 now.
SELECT count(*) AS count, (array_agg(number ORDER BY due_at))[1] AS first
FROM cases
WHERE state <> 'done' AND due_at < $1;

-- name: stuck_mails
-- Tried in vain for a while, or given up lately. $1 tries, $2 since.
SELECT count(*) FROM case_mails
WHERE (state = 'pending' AND tries >= $1) OR (state = 'failed' AND due_at >= $2);

-- name: escalate
-- One step for every case of a kind that is late for it. $1 kind, $2 the step (from 1), $3 opened before,
-- $4 entries of history to add.
WITH late AS (
    UPDATE cases SET escalated = $2, history = history || $4::jsonb
    WHERE kind = $1 AND state <> 'done' AND escalated = $2 - 1 AND opened_at <= $3
    RETURNING id
)
INSERT INTO case_mails (case_id, reason, step) SELECT id, 'escalated', $2 FROM late;

-- name: take_mail
-- The next one that is due, kept from others until $2. $1 now.
UPDATE case_mails SET tries = tries + 1, due_at = $2
WHERE id = (
    SELECT id FROM case_mails
    WHERE state = 'pending' AND due_at <= $1
    ORDER BY id
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING id, case_id, reason, step, tries;

-- name: case_of_mail
SELECT * FROM cases WHERE id = $1;

-- name: settle_mail
-- $1 mail, $2 state, $3 recipients, $4 problem, $5 due at (of one that stays pending), $6 sent at.
UPDATE case_mails SET state = $2, recipients = $3, problem = $4, due_at = $5, sent_at = $6 WHERE id = $1;
