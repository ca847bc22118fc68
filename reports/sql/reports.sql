-- What reports count. What each call counts as is the view counted_calls, and nowhere else (telephony.figures).

-- name: counts
-- $1 since, $2 until (exclusive), by when a call began; $3 time zone. A row for all, for each hour of the day, day, queue,
-- operator, outcome, way of ending and chosen menu entry.
SELECT
    grouping(hour, day, queue, agent, outcome, disposition, choice) AS grouped,
    hour,
    day,
    queue,
    agent,
    outcome,
    disposition,
    choice,
    count(*) AS calls,
    count(*) FILTER (WHERE offered) AS offered,
    count(*) FILTER (WHERE answered) AS answered,
    count(*) FILTER (WHERE reached AND outcome = 'abandoned') AS abandoned,
    count(*) FILTER (WHERE reached AND outcome = 'short_abandoned') AS short_abandoned,
    count(*) FILTER (WHERE outside) AS outside,
    count(*) FILTER (WHERE called_back) AS called_back,
    coalesce(sum(talked_s) FILTER (WHERE answered OR called_back), 0) AS talked_s,
    coalesce(sum(held_s) FILTER (WHERE answered OR called_back), 0) AS held_s,
    coalesce(sum(acw_s) FILTER (WHERE answered OR called_back), 0) AS acw_s
FROM (
    SELECT
        counted_calls.*,
        extract(hour FROM started_at AT TIME ZONE $3::text)::integer AS hour,
        (started_at AT TIME ZONE $3::text)::date AS day,
        array_to_string(menu_path, ' › ') AS choice
    FROM counted_calls
    WHERE started_at >= $1 AND started_at < $2
) AS counted
GROUP BY GROUPING SETS ((), (hour), (day), (queue), (agent), (outcome), (disposition), (choice))
ORDER BY grouped, hour, day, queue, agent, outcome, disposition, choice;

-- name: reservations
-- $1 since, $2 until (exclusive). What was done with reservations in that time, by venue and channel.
SELECT history.kind, slots.venue, reservations.channel, count(*) AS count
FROM reservation_history AS history
JOIN reservations ON reservations.id = history.reservation
JOIN slots ON slots.id = reservations.slot
WHERE history.at >= $1 AND history.at < $2
GROUP BY history.kind, slots.venue, reservations.channel
ORDER BY history.kind, slots.venue, reservations.channel;

-- name: cases
-- $1 since, $2 until (exclusive). Cases opened in that time, and how many of them are done by now.
SELECT kind, count(*) AS opened, count(*) FILTER (WHERE state = 'done') AS done
FROM cases
WHERE opened_at >= $1 AND opened_at < $2
GROUP BY kind
ORDER BY kind;

-- name: outreach
-- $1 first day, $2 day after the last. Calls placed to businesses and care homes, by their outcome (NULL: none yet).
SELECT outcome, count(*) AS count
FROM outreach_calls
WHERE day >= $1 AND day < $2
GROUP BY outcome
ORDER BY outcome;
