-- The version before this one works on.
-- Outreach calls that the centre places itself: the record of one, tied to its row in the list of those calls.

ALTER TABLE calls ADD COLUMN outreach bigint;
COMMENT ON COLUMN calls.outreach IS 'Of an outreach call: its row in outreach_calls.';

CREATE INDEX calls_by_outreach ON calls (outreach) WHERE outreach IS NOT NULL;

-- As journal_begun_calls: for a controller that takes over on another machine.
CREATE INDEX journal_begun_outreach ON journal (at) WHERE kind = 'outreach.requested';

-- They stand in no figure about calls: outreach_calls counts them.
CREATE OR REPLACE VIEW counted_calls AS
WITH placed AS (
    SELECT
        calls.*,
        -- Whoever stood in line, or spoke with somebody, came in open hours, however the call ended.
        connected_at IS NULL AND waited_s IS NULL AND (
            outcome IN ('closed', 'emergency')
            OR EXISTS (
                SELECT FROM journal
                WHERE journal.stream = 'call:' || calls.id
                    AND journal.kind = 'self_service.started'
                    AND journal.data -> 'after_hours' = 'true'::jsonb
            )
        ) AS is_outside
    FROM calls
    WHERE outreach IS NULL
),
reaching AS (
    SELECT placed.*, direction = 'inbound' AND outcome <> 'refused' AND NOT is_outside AS reached FROM placed
)
SELECT
    id,
    started_at,
    ended_at,
    outcome,
    queue,
    agent,
    dialled,
    menu_path,
    disposition,
    waited_s,
    talked_s,
    held_s,
    acw_s,
    recovered,
    direction = 'inbound' AND is_outside AS outside,
    reached,
    reached AND outcome <> 'short_abandoned' AS offered,
    reached AND connected_at IS NOT NULL AS answered,
    reached AND outcome <> 'short_abandoned' AND waited_s IS NOT NULL AS queued,
    direction = 'outbound' AND callback_of IS NOT NULL AND connected_at IS NOT NULL AS called_back
FROM reaching;
