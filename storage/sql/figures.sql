-- Figures about calls that ended. What counts as what is the view counted_calls, and nowhere else.

-- name: tally
-- $1 since, $2 until (exclusive), by when a call began; $3 queues, $4 within how many seconds each is to be answered.
SELECT
    count(*) FILTER (WHERE reached) AS reached,
    count(*) FILTER (WHERE offered) AS offered,
    count(*) FILTER (WHERE answered) AS answered,
    count(*) FILTER (WHERE reached AND outcome = 'abandoned') AS abandoned,
    count(*) FILTER (WHERE reached AND outcome = 'short_abandoned') AS short_abandoned,
    count(*) FILTER (
        WHERE offered AND NOT answered
            AND outcome IN ('callback_requested', 'self_service', 'message_left', 'guided')
    ) AS by_voice,
    count(*) FILTER (WHERE outside) AS outside,
    count(*) FILTER (WHERE called_back) AS called_back,
    count(*) FILTER (WHERE queued) AS queued,
    count(*) FILTER (WHERE queued AND answered AND waited_s <= levels.seconds) AS in_time,
    max(waited_s) FILTER (WHERE queued) AS longest_wait_s,
    avg(waited_s) FILTER (WHERE queued AND answered) AS answer_speed_s
FROM counted_calls
LEFT JOIN unnest($3::text[], $4::double precision[]) AS levels (queue, seconds) USING (queue)
WHERE started_at >= $1 AND started_at < $2;
