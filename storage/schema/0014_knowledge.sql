-- Agreed questions and answers, their versions, and what was used on which call (R9, R10).

CREATE TABLE knowledge (
    number text NOT NULL,
    version integer NOT NULL,
    category text NOT NULL,
    question text NOT NULL,
    answer text NOT NULL,
    keywords text[] NOT NULL,
    agreed_on date,
    valid_from date NOT NULL,
    valid_until date,
    head_key text NOT NULL,
    body_key text NOT NULL,
    grams text[] NOT NULL,
    entered_at timestamptz NOT NULL,
    entered_by text NOT NULL,
    CONSTRAINT knowledge_pk PRIMARY KEY (number, version),
    CONSTRAINT knowledge_version_counts_from_one CHECK (version >= 1),
    CONSTRAINT knowledge_valid_in_order CHECK (valid_until >= valid_from),
    CONSTRAINT knowledge_says_something CHECK (question <> '' AND answer <> '')
);
COMMENT ON TABLE knowledge IS
    'Every version of every agreed answer, never changed: in force on a day is the newest that was agreed and has begun, '
    'unless it has run out. An older version never comes back.';
COMMENT ON COLUMN knowledge.agreed_on IS 'When city and contractor agreed; NULL: a draft, which nobody is shown as an answer.';
COMMENT ON COLUMN knowledge.grams IS 'Letters and pairs of letters of both keys (booking.search_keys.bigrams).';

CREATE INDEX knowledge_by_grams ON knowledge USING gin (grams);

CREATE FUNCTION knowledge_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version of an answer is never changed; enter a new one'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'knowledge_stays';
END
$$;

-- The keys may be worked out anew.
CREATE TRIGGER knowledge_stays
BEFORE DELETE OR UPDATE OF number, version, category, question, answer, keywords, agreed_on, valid_from, valid_until
ON knowledge FOR EACH ROW EXECUTE FUNCTION knowledge_stays();

CREATE FUNCTION knowledge_in_force(today date) RETURNS SETOF knowledge LANGUAGE sql STABLE AS $$
    SELECT *
    FROM knowledge
    WHERE agreed_on <= today AND valid_from <= today AND (valid_until IS NULL OR valid_until >= today)
        AND NOT EXISTS (
            SELECT FROM knowledge AS later
            WHERE later.number = knowledge.number AND later.version > knowledge.version
                AND later.agreed_on <= today AND later.valid_from <= today
        )
$$;
COMMENT ON FUNCTION knowledge_in_force IS 'What is in force on a day. Expanded in place, so the index on grams is used through it.';

CREATE TABLE knowledge_uses (
    call text NOT NULL,
    number text NOT NULL,
    version integer NOT NULL,
    at timestamptz NOT NULL,
    by text NOT NULL,
    CONSTRAINT knowledge_uses_once PRIMARY KEY (call, number),
    CONSTRAINT knowledge_uses_of_a_version FOREIGN KEY (number, version) REFERENCES knowledge (number, version)
);
COMMENT ON TABLE knowledge_uses IS 'Which answer was given on which call.';

CREATE INDEX knowledge_uses_by_number ON knowledge_uses (number);

CREATE TABLE referrals_made (
    call text NOT NULL,
    referral text NOT NULL,
    how text NOT NULL,
    at timestamptz NOT NULL,
    by text NOT NULL,
    CONSTRAINT referrals_made_once PRIMARY KEY (call, referral),
    CONSTRAINT referrals_made_how_known CHECK (how IN ('guided', 'transferred'))
);
COMMENT ON TABLE referrals_made IS 'To whom a caller was referred; referral is a name of centre.toml, which knows the number.';
