-- Cases that people open, work on and are told of: versions, who opened it, escalation, and e-mails to send.

ALTER TABLE cases
    ADD COLUMN version integer NOT NULL DEFAULT 1,
    ADD COLUMN opened_by text,
    ADD COLUMN escalated integer NOT NULL DEFAULT 0,
    ADD CONSTRAINT cases_version_counts_from_one CHECK (version >= 1),
    ADD CONSTRAINT cases_complaint_done_has_a_report CHECK (
        kind <> 'complaint' OR state <> 'done' OR details ->> 'report' IS NOT NULL
    );
COMMENT ON COLUMN cases.opened_by IS 'Who opened it; NULL: the system did, from the journal or a delivery.';
COMMENT ON COLUMN cases.escalated IS 'How many steps of the escalation path were taken.';
COMMENT ON COLUMN cases.history IS 'What was done: [{at, by, state, note, changes}], oldest first.';

CREATE INDEX cases_by_opening ON cases (opened_at DESC, id DESC);

CREATE TABLE case_mails (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT case_mails_pk PRIMARY KEY,
    case_id bigint NOT NULL,
    reason text NOT NULL,
    step integer NOT NULL DEFAULT 0,
    state text NOT NULL DEFAULT 'pending',
    tries integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    due_at timestamptz NOT NULL DEFAULT '-infinity',
    recipients text[] NOT NULL DEFAULT '{}',
    problem text,
    sent_at timestamptz,
    CONSTRAINT case_mails_of_a_case FOREIGN KEY (case_id) REFERENCES cases (id) ON DELETE CASCADE,
    CONSTRAINT case_mails_once UNIQUE (case_id, reason, step),
    CONSTRAINT case_mails_reason_known CHECK (reason IN ('opened', 'escalated')),
    CONSTRAINT case_mails_state_known CHECK (state IN ('pending', 'sent', 'skipped', 'failed')),
    CONSTRAINT case_mails_sent_has_a_time CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
COMMENT ON TABLE case_mails IS
    'E-mails about cases, written in the transaction that opens (or escalates) the case, whoever opens it. '
    'To whom and with which words is decided when it is sent.';
COMMENT ON COLUMN case_mails.state IS 'skipped: nobody is to be told, or there is no mail server; failed: given up.';

CREATE INDEX case_mails_pending ON case_mails (due_at) WHERE state = 'pending';

CREATE FUNCTION tell_of_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO case_mails (case_id, reason) VALUES (NEW.id, 'opened');
    RETURN NULL;
END
$$;

CREATE TRIGGER cases_are_told AFTER INSERT ON cases FOR EACH ROW EXECUTE FUNCTION tell_of_case();
