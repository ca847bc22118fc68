-- What was opened or closed ad hoc. The controller lives from hours.json; this is its copy, and the history.

CREATE TABLE hours_overrides (
    id text CONSTRAINT hours_overrides_pk PRIMARY KEY,
    opens boolean NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    message text,
    numbers text[] NOT NULL,
    queues text[] NOT NULL,
    entered_at timestamptz NOT NULL,
    entered_by text NOT NULL,
    cancelled_at timestamptz,
    cancelled_by text,
    CONSTRAINT hours_overrides_begin_before_they_end CHECK (since < until),
    CONSTRAINT hours_overrides_cancelled_by_somebody CHECK ((cancelled_at IS NULL) = (cancelled_by IS NULL))
);
COMMENT ON TABLE hours_overrides IS 'Opened (or closed) ad hoc from since to before until; never deleted (R4).';

CREATE INDEX hours_overrides_by_end ON hours_overrides (until);
