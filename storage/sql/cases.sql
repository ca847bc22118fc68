-- Cases, read back.

-- name: cases
-- $1 kind, $2 state (NULL: any), $3 most. Newest first.
SELECT cases.*, recordings.file, recordings.sha256, recordings.seconds
FROM cases
LEFT JOIN recordings ON recordings.call_id = cases.call_id AND recordings.file = cases.details ->> 'file'
WHERE ($1::text IS NULL OR cases.kind = $1)
    AND ($2::text IS NULL OR cases.state = $2)
ORDER BY cases.opened_at DESC, cases.id DESC
LIMIT $3;
