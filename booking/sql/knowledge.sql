-- Agreed answers and referrals.

-- name: lock
-- One import at a time; readers go on.
LOCK TABLE knowledge IN SHARE ROW EXCLUSIVE MODE;

-- name: newest
SELECT DISTINCT ON (number)
    number, version, category, question, answer, keywords, agreed_on, valid_from, valid_until
FROM knowledge
ORDER BY number, version DESC;

-- name: enter
INSERT INTO knowledge (
    number, version, category, question, answer, keywords, agreed_on, valid_from, valid_until,
    head_key, body_key, grams, entered_at, entered_by
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- name: search
-- $1 day, $2 terms [{text, grams}], $3 all grams, $4 category (NULL: any), $5 least share of the terms' grams, $6 most.
-- What stands in the question or its keywords counts three times; a term that stands there as a whole counts twice
-- on top.
SELECT shown.*, found.score, (SELECT count(*) FROM knowledge_uses WHERE knowledge_uses.number = shown.number) AS uses
FROM knowledge_in_force($1) AS shown
CROSS JOIN LATERAL (
    SELECT sum(per_term.score) AS score, avg(per_term.share) AS share
    FROM (
        SELECT
            3 * avg((strpos(shown.head_key, gram) > 0)::integer)
            + avg((strpos(shown.body_key, gram) > 0)::integer)
            + CASE WHEN strpos(shown.head_key, term.text) > 0 THEN 2 ELSE 0 END AS score,
            avg((strpos(shown.head_key, gram) + strpos(shown.body_key, gram) > 0)::integer) AS share
        FROM jsonb_to_recordset($2::jsonb) AS term (text text, grams text[])
        CROSS JOIN LATERAL unnest(term.grams) AS gram
        GROUP BY term.text
    ) AS per_term
) AS found
WHERE shown.grams && $3::text[]
    AND ($4::text IS NULL OR shown.category = $4)
    AND found.share >= $5::double precision
ORDER BY found.score DESC, uses DESC, shown.number
LIMIT $6;

-- name: in_force
-- $1 day, $2 category, $3 number (NULL: any), $4 most.
SELECT shown.*, (SELECT count(*) FROM knowledge_uses WHERE knowledge_uses.number = shown.number) AS uses
FROM knowledge_in_force($1) AS shown
WHERE ($2::text IS NULL OR shown.category = $2)
    AND ($3::text IS NULL OR shown.number = $3)
ORDER BY shown.category, shown.number
LIMIT $4;

-- name: versions
-- $1 number, $2 whether drafts too.
SELECT *, 0 AS uses FROM knowledge
WHERE number = $1 AND ($2 OR agreed_on IS NOT NULL)
ORDER BY version DESC;

-- name: use
-- $1 call, $2 number, $3 version, $4 at, $5 by. The same answer twice on a call is one use.
INSERT INTO knowledge_uses (call, number, version, at, by) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT ON CONSTRAINT knowledge_uses_once DO NOTHING;

-- name: refer
-- $1 call, $2 referral, $3 how, $4 at, $5 by. Who was told first and is put through then counts as put through.
INSERT INTO referrals_made (call, referral, how, at, by) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT ON CONSTRAINT referrals_made_once DO UPDATE SET how = excluded.how
    WHERE excluded.how = 'transferred';

-- name: count
SELECT count(*) FROM knowledge;
