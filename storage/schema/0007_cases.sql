-- What is left to do for a citizen after a call: messages to hear, calls to return, complaints, failures.

CREATE TABLE cases (
    id bigint GENERATED ALWAYS AS IDENTITY (START WITH 1001) CONSTRAINT cases_pk PRIMARY KEY,
    number text GENERATED ALWAYS AS ('C' || id) STORED CONSTRAINT cases_number_once UNIQUE,
    kind text NOT NULL,
    call_id text,
    caller text,
    state text NOT NULL DEFAULT 'open',
    opened_at timestamptz NOT NULL,
    due_at timestamptz,
    summary text NOT NULL,
    details jsonb NOT NULL DEFAULT '{}',
    history jsonb NOT NULL DEFAULT '[]',
    stream text COLLATE "C",
    spool bigint,
    seq bigint,
    CONSTRAINT cases_kind_known CHECK (
        kind IN ('city_callback', 'complaint', 'message', 'callback_failed', 'delivery_failed')
    ),
    CONSTRAINT cases_state_known CHECK (state IN ('open', 'seen', 'done')),
    CONSTRAINT cases_due_after_opening CHECK (due_at >= opened_at),
    CONSTRAINT cases_details_is_object CHECK (jsonb_typeof(details) = 'object'),
    CONSTRAINT cases_history_is_list CHECK (jsonb_typeof(history) = 'array'),
    CONSTRAINT cases_one_an_entry UNIQUE (stream, spool, seq),
    CONSTRAINT cases_entry_is_whole CHECK (num_nonnulls(stream, spool, seq) IN (0, 3))
);
COMMENT ON TABLE cases IS 'What is left to do for a citizen after a call (R11, R12).';
COMMENT ON COLUMN cases.number IS 'What people call it, on the phone and on paper.';
COMMENT ON COLUMN cases.call_id IS 'The call it came from; it may be older than the record of that call.';
COMMENT ON COLUMN cases.history IS 'What was done: [{at, by, state, note}], oldest first.';
COMMENT ON COLUMN cases.stream IS 'With spool and seq: the journal entry (case.opened) that opened it, at most once.';

CREATE INDEX cases_unfinished ON cases (due_at) WHERE state <> 'done';
CREATE INDEX cases_by_call ON cases (call_id) WHERE call_id IS NOT NULL;
