-- What happened (journal), and what came of it: one row for each call that ended, one for each recording.

CREATE TABLE journal (
    stream text COLLATE "C" NOT NULL,
    spool bigint NOT NULL,
    seq bigint NOT NULL,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    data jsonb NOT NULL,
    CONSTRAINT journal_pk PRIMARY KEY (stream, spool, seq),
    CONSTRAINT journal_seq_counts_from_one CHECK (seq >= 1),
    CONSTRAINT journal_data_is_object CHECK (jsonb_typeof(data) = 'object')
);
COMMENT ON TABLE journal IS 'Every entry of every stream (call:<id>, agent:<name>), never changed (telephony.model.facts).';
COMMENT ON COLUMN journal.spool IS
    'When the spool that numbered this entry was begun, milliseconds since 1970: a spool lost with its disk and '
    'begun anew counts from 1 again, and sorts after. 0: written from the unserved list.';

CREATE INDEX journal_at ON journal (at);
CREATE INDEX journal_ended_calls ON journal (stream) WHERE kind IN ('call.ended', 'call.unserved');

CREATE TABLE calls (
    id text CONSTRAINT calls_pk PRIMARY KEY,
    sip_call_id text,
    caller text,
    dialled text,
    started_at timestamptz NOT NULL,
    answered_at timestamptz,
    connected_at timestamptz,
    ended_at timestamptz NOT NULL,
    outcome text NOT NULL,
    ended_by text NOT NULL,
    reason text,
    queue text,
    menu_path text[] NOT NULL,
    agent text,
    waited_s double precision,
    talked_s double precision,
    held_s double precision,
    acw_s double precision,
    offers jsonb NOT NULL,
    disposition text,
    reservations text[] NOT NULL,
    recovered boolean NOT NULL,
    CONSTRAINT calls_outcome_known CHECK (outcome IN (
        'answered', 'abandoned', 'short_abandoned', 'callback_requested', 'self_service', 'message_left',
        'guided', 'closed', 'emergency', 'refused', 'failed'
    )),
    CONSTRAINT calls_ended_by_known CHECK (ended_by IN ('caller', 'agent', 'supervisor', 'system')),
    CONSTRAINT calls_failed_says_why CHECK (outcome <> 'failed' OR reason IS NOT NULL),
    CONSTRAINT calls_end_not_before_start CHECK (ended_at >= started_at),
    CONSTRAINT calls_connected_has_agent CHECK (connected_at IS NULL OR agent IS NOT NULL),
    CONSTRAINT calls_durations_not_negative CHECK (
        least(waited_s, talked_s, held_s, acw_s) IS NULL OR least(waited_s, talked_s, held_s, acw_s) >= 0
    )
);
COMMENT ON TABLE calls IS 'The record of each call that ended: the fold of its journal (telephony.record).';

CREATE INDEX calls_by_start ON calls (started_at DESC);
CREATE INDEX calls_by_agent ON calls (agent, started_at DESC) WHERE agent IS NOT NULL;
CREATE INDEX calls_by_outcome ON calls (outcome, started_at DESC);
CREATE INDEX calls_by_caller ON calls (caller, started_at DESC) WHERE caller IS NOT NULL;
CREATE INDEX calls_by_sip_call_id ON calls (sip_call_id);

CREATE TABLE recordings (
    call_id text CONSTRAINT recordings_one_a_call PRIMARY KEY,
    file text NOT NULL,
    sha256 text,
    bytes bigint,
    seconds double precision,
    problem text,
    tries integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT recordings_belong_to_a_call FOREIGN KEY (call_id) REFERENCES calls (id) ON DELETE CASCADE,
    CONSTRAINT recordings_sha256_is_hex CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    CONSTRAINT recordings_measured_whole CHECK (num_nonnulls(sha256, bytes, seconds) IN (0, 3))
);
COMMENT ON TABLE recordings IS 'Sound files of calls. Without sha256: not measured yet, to be tried (again) at due_at.';

CREATE INDEX recordings_to_measure ON recordings (due_at) WHERE sha256 IS NULL;
