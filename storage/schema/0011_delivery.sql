-- How far each change is on its way to the city's own reservation system (R7).

ALTER TABLE outbox
    ADD COLUMN reservation text GENERATED ALWAYS AS (split_part(key, ':', 2)) STORED,
    ADD COLUMN version integer GENERATED ALWAYS AS (split_part(key, ':', 3)::integer) STORED,
    ADD COLUMN attempts integer NOT NULL DEFAULT 0,
    ADD COLUMN next_at timestamptz,
    ADD COLUMN trouble text,
    ADD COLUMN file bigint,
    ADD COLUMN settled_at timestamptz,
    ADD COLUMN case_number text,
    ADD COLUMN told_at timestamptz,
    DROP CONSTRAINT outbox_state_known,
    ADD CONSTRAINT outbox_state_known CHECK (state IN ('pending', 'sent', 'delivered', 'refused')),
    ADD CONSTRAINT outbox_settled_has_its_time CHECK (
        (state IN ('delivered', 'refused')) = (settled_at IS NOT NULL)
    );
COMMENT ON COLUMN outbox.state IS 'sent: handed over in a file; the city''s reply file is awaited.';
COMMENT ON COLUMN outbox.next_at IS 'Not to be tried again before.';
COMMENT ON COLUMN outbox.trouble IS 'Why the last attempt failed, or why the city''s system refused it.';
COMMENT ON COLUMN outbox.file IS 'The file that carries it, by number: decided before the file is written, so that writing again writes the same.';
COMMENT ON COLUMN outbox.told_at IS 'Of a refused one: when whoever made the change was told.';

DROP INDEX outbox_pending;
CREATE INDEX outbox_undelivered ON outbox (id) WHERE state IN ('pending', 'sent');
CREATE INDEX outbox_in_order ON outbox (reservation, version) WHERE state = 'pending';
CREATE INDEX outbox_untold ON outbox (id) WHERE state = 'refused' AND told_at IS NULL;
