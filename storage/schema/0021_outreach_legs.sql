-- The version before this one works on.
-- Outreach calls that the centre places itself: the record of one, tied to its row in the list of those calls.

ALTER TABLE calls ADD COLUMN outreach bigint;
COMMENT ON COLUMN calls.outreach IS
    'Of an outreach call: its row in outreach_calls. It counts neither as a call that reached the centre nor as answered.';

CREATE INDEX calls_by_outreach ON calls (outreach) WHERE outreach IS NOT NULL;
