-- A change that the city's system will never take: a person settles it, and says why (R7, R20).

ALTER TABLE outbox
    ADD COLUMN settled_by text,
    ADD COLUMN settled_why text,
    DROP CONSTRAINT outbox_state_known,
    ADD CONSTRAINT outbox_state_known CHECK (
        state IN ('pending', 'sent', 'delivered', 'refused', 'done-by-hand', 'skipped')
    ),
    DROP CONSTRAINT outbox_settled_has_its_time,
    ADD CONSTRAINT outbox_settled_has_its_time CHECK (
        (state IN ('pending', 'sent')) = (settled_at IS NULL)
    ),
    ADD CONSTRAINT outbox_settled_by_hand_says_who_and_why CHECK (
        CASE WHEN state IN ('done-by-hand', 'skipped') THEN 2 ELSE 0 END
        = num_nonnulls(settled_by, settled_why)
    );
COMMENT ON COLUMN outbox.settled_by IS 'Of one settled by a person: who. done-by-hand: entered in the city''s system; skipped: it need not be.';
