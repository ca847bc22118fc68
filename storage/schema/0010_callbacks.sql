-- Calls that the centre places itself: the record of a callback that was attempted, tied to the call that asked.

ALTER TABLE calls
    ADD COLUMN direction text NOT NULL DEFAULT 'inbound',
    ADD COLUMN callback text,
    ADD COLUMN callback_of text,
    ADD COLUMN attempts integer NOT NULL DEFAULT 0,
    ADD CONSTRAINT calls_direction_known CHECK (direction IN ('inbound', 'outbound')),
    ADD CONSTRAINT calls_callback_was_attempted CHECK (callback_of IS NULL OR attempts > 0);
COMMENT ON COLUMN calls.callback IS 'The callback that was promised in this call.';
COMMENT ON COLUMN calls.callback_of IS 'Of a callback: the call in which it was asked for.';
COMMENT ON COLUMN calls.attempts IS 'Of a callback: how often the citizen''s phone was rung.';

CREATE INDEX calls_by_asking_call ON calls (callback_of) WHERE callback_of IS NOT NULL;
