-- What every figure about calls counts: one definition for the wallboard, for alerts and for reports (R14, R15).

CREATE VIEW counted_calls AS
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
COMMENT ON VIEW counted_calls IS
    'Calls that ended, with what each counts as (telephony.figures). Rates are made of these columns and of nothing else.';
COMMENT ON COLUMN counted_calls.outside IS 'Came outside hours or in the disaster mode, and heard just that.';
COMMENT ON COLUMN counted_calls.reached IS 'Reached the centre in open hours; a number that is not ours is refused and reaches nobody.';
COMMENT ON COLUMN counted_calls.offered IS 'The answer rate''s whole: reached, but for who left within seconds.';
COMMENT ON COLUMN counted_calls.answered IS 'An operator spoke with the caller, in this very call: a later callback does not count.';
COMMENT ON COLUMN counted_calls.queued IS 'The service level''s whole: offered, and came to stand in line.';
COMMENT ON COLUMN counted_calls.called_back IS 'Of callbacks: an operator spoke with the citizen.';
