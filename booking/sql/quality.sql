-- Recordings of ended calls, remarks on them, and scorecards.

-- name: call
-- $1 call. Whose it was and where its recording lies; no row for a call that there is not.
SELECT calls.id, calls.agent, calls.started_at, recordings.file, recordings.sha256, recordings.seconds
FROM calls
LEFT JOIN recordings ON recordings.call_id = calls.id
WHERE calls.id = $1;

-- name: marks
SELECT id, at_s, text, by_whom, made_at FROM call_marks WHERE call_id = $1 ORDER BY at_s, id;

-- name: mark
-- $1 call, $2 seconds, $3 text, $4 who, $5 now
INSERT INTO call_marks (call_id, at_s, text, by_whom, made_at) VALUES ($1, $2, $3, $4, $5)
RETURNING id, at_s, text, by_whom, made_at;

-- name: unmark
-- $1 call, $2 id, $3 who (NULL: whoever made it)
DELETE FROM call_marks WHERE call_id = $1 AND id = $2 AND ($3::text IS NULL OR by_whom = $3) RETURNING id;

-- name: scorecards
-- $1 call
SELECT call_id, by_whom, agent, scored_at, points, reached, most, comment
FROM scorecards
WHERE call_id = $1
ORDER BY scored_at;

-- name: score
-- $1 call, $2 who, $3 operator, $4 now, $5 points, $6 reached, $7 most, $8 comment
INSERT INTO scorecards (call_id, by_whom, agent, scored_at, points, reached, most, comment)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT ON CONSTRAINT scorecards_one_of_each_assessor DO UPDATE SET
    scored_at = excluded.scored_at,
    points = excluded.points,
    reached = excluded.reached,
    most = excluded.most,
    comment = excluded.comment
RETURNING call_id, by_whom, agent, scored_at, points, reached, most, comment;

-- name: find
-- $1 operator (NULL: all), $2 since, $3 until (exclusive), by when they were scored; $4 most. The latest first.
SELECT call_id, by_whom, agent, scored_at, points, reached, most, comment
FROM scorecards
WHERE ($1::text IS NULL OR agent = $1)
    AND ($2::timestamptz IS NULL OR scored_at >= $2)
    AND ($3::timestamptz IS NULL OR scored_at < $3)
ORDER BY scored_at DESC, call_id, by_whom
LIMIT $4;

-- name: averages
-- $1, $2, $3 as above. Of all points that could be reached, how many were.
SELECT agent, count(*) AS scorecards, sum(reached) AS reached, sum(most) AS most
FROM scorecards
WHERE ($1::text IS NULL OR agent = $1)
    AND ($2::timestamptz IS NULL OR scored_at >= $2)
    AND ($3::timestamptz IS NULL OR scored_at < $3)
GROUP BY agent
ORDER BY agent;
