-- Every published version of the telephone system's configuration: a copy of what the disk holds.

CREATE TABLE publications (
    version integer NOT NULL,
    at timestamptz NOT NULL,
    state text NOT NULL,
    by_whom text NOT NULL,
    why text NOT NULL,
    before integer,
    rollback_to integer,
    changed text[] NOT NULL,
    reason text,
    centre text NOT NULL,
    custom jsonb NOT NULL,
    CONSTRAINT publications_pk PRIMARY KEY (version, at),
    CONSTRAINT publications_state_known CHECK (state IN ('applying', 'applied', 'taken-back')),
    CONSTRAINT publications_taken_back_says_why CHECK ((state = 'taken-back') = (reason IS NOT NULL)),
    CONSTRAINT publications_custom_is_object CHECK (jsonb_typeof(custom) = 'object')
);
COMMENT ON TABLE publications IS 'Who published which centre.toml and own dialplan, when and why; never deleted (R20).';
COMMENT ON COLUMN publications.version IS
    'Counts from 1 on one disk. A disk that was lost begins again, so the time belongs to the key.';
