-- Outreach calls (R18): the list from the city, what may be dialled today, and what came of it.
-- Whatever the code does: not before mid-month, not when the month's forecast reaches half of what was expected, not
-- more than the cap a day, nobody on the do-not-call list, and no number but those of the list.

CREATE TABLE outreach_do_not_call (
    phone text CONSTRAINT outreach_do_not_call_pk PRIMARY KEY,
    reason text NOT NULL,
    at timestamptz NOT NULL,
    by text NOT NULL,
    CONSTRAINT outreach_do_not_call_is_e164 CHECK (phone ~ '^\+[1-9][0-9]{6,14}$')
);

CREATE TABLE outreach_targets (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT outreach_targets_pk PRIMARY KEY,
    list text NOT NULL,
    name text NOT NULL,
    phone text NOT NULL,
    kind text NOT NULL,
    address text,
    contact text,
    notes text,
    state text NOT NULL DEFAULT 'waiting',
    attempts integer NOT NULL DEFAULT 0,
    not_before timestamptz NOT NULL DEFAULT '-infinity',
    outcome text,
    locked_by text,
    locked_until timestamptz,
    entered_at timestamptz NOT NULL,
    entered_by text NOT NULL,
    CONSTRAINT outreach_targets_once UNIQUE (phone, name),
    CONSTRAINT outreach_targets_phone_is_e164 CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
    CONSTRAINT outreach_targets_state_known CHECK (state IN ('waiting', 'done')),
    CONSTRAINT outreach_targets_locked_whole CHECK (num_nulls(locked_by, locked_until) IN (0, 2)),
    CONSTRAINT outreach_targets_one_an_operator UNIQUE (locked_by)
);
COMMENT ON TABLE outreach_targets IS 'Whom the city wants to be called.';
COMMENT ON COLUMN outreach_targets.locked_by IS 'Who looks at it or talks to it; each has one at most.';

CREATE INDEX outreach_targets_in_order ON outreach_targets (id) WHERE state = 'waiting';

CREATE TABLE outreach_days (
    day date CONSTRAINT outreach_days_pk PRIMARY KEY,
    calls integer NOT NULL DEFAULT 0,
    open_days_gone integer NOT NULL,
    open_days integer NOT NULL,
    expected integer NOT NULL,
    cap integer NOT NULL,
    decided_at timestamptz NOT NULL,
    made integer NOT NULL DEFAULT 0,
    forecast numeric GENERATED ALWAYS AS (
        CASE WHEN open_days_gone > 0 THEN round(calls::numeric * open_days / open_days_gone, 1) END
    ) STORED,
    allowed boolean NOT NULL GENERATED ALWAYS AS (
        extract(day FROM day) >= 15
        AND open_days_gone > 0
        AND 2 * calls::bigint * open_days < expected::bigint * open_days_gone
    ) STORED,
    CONSTRAINT outreach_days_count_is_possible CHECK (
        open_days_gone BETWEEN 0 AND open_days AND open_days BETWEEN 0 AND 31 AND expected >= 1
    ),
    CONSTRAINT outreach_days_cap_is_agreed CHECK (cap BETWEEN 0 AND 35),
    CONSTRAINT outreach_days_within_cap CHECK (made BETWEEN 0 AND cap),
    CONSTRAINT outreach_days_allowed CHECK (made = 0 OR allowed)
);
COMMENT ON TABLE outreach_days IS
    'The decision of each day, with its figures: calls that reached the open centre from the first of the month to the '
    'evening before, extrapolated over its open days.';
COMMENT ON COLUMN outreach_days.calls IS 'Counted by the database when the row is made, whatever the row says.';
COMMENT ON COLUMN outreach_days.made IS 'Outreach calls placed that day; counted by the database.';

CREATE FUNCTION outreach_counts_calls() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.made := 0;
    NEW.calls := (
        SELECT count(*) FROM calls
        WHERE direction = 'inbound'
            AND outcome NOT IN ('closed', 'emergency', 'refused')
            AND started_at >= date_trunc('month', NEW.day::timestamp) AT TIME ZONE 'Asia/Tokyo'
            AND started_at < NEW.day::timestamp AT TIME ZONE 'Asia/Tokyo'
    );
    RETURN NEW;
END
$$;

CREATE TRIGGER outreach_days_count BEFORE INSERT ON outreach_days
FOR EACH ROW EXECUTE FUNCTION outreach_counts_calls();

CREATE TABLE outreach_calls (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT outreach_calls_pk PRIMARY KEY,
    target bigint NOT NULL,
    phone text NOT NULL,
    at timestamptz NOT NULL,
    day date NOT NULL GENERATED ALWAYS AS ((at AT TIME ZONE 'Asia/Tokyo')::date) STORED,
    dialled_by text NOT NULL,
    outcome text,
    note text,
    settled_at timestamptz,
    CONSTRAINT outreach_calls_of_a_target FOREIGN KEY (target) REFERENCES outreach_targets (id),
    CONSTRAINT outreach_calls_of_a_day FOREIGN KEY (day) REFERENCES outreach_days (day),
    CONSTRAINT outreach_calls_outcome_known CHECK (outcome IN (
        'requested', 'interested', 'declined', 'no-answer', 'busy', 'call-later', 'wrong-number', 'do-not-call'
    )),
    CONSTRAINT outreach_calls_settled_whole CHECK ((outcome IS NULL) = (settled_at IS NULL))
);
COMMENT ON TABLE outreach_calls IS
    'Every outreach call that may be (and was) dialled. A call leg is made for a row of this table or not at all: there is '
    'no other way to a number. Rows are never taken away, so the count of a day never falls.';
COMMENT ON COLUMN outreach_calls.phone IS 'The target''s number at that moment; set by the database.';

CREATE INDEX outreach_calls_by_day ON outreach_calls (day, id);
CREATE UNIQUE INDEX outreach_calls_one_open_a_target ON outreach_calls (target) WHERE outcome IS NULL;

CREATE FUNCTION outreach_call_is_allowed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted outreach_targets%ROWTYPE;
BEGIN
    SELECT * INTO wanted FROM outreach_targets WHERE id = NEW.target FOR UPDATE;
    NEW.phone := wanted.phone;
    IF wanted.state <> 'waiting' OR wanted.locked_by IS DISTINCT FROM NEW.dialled_by THEN
        RAISE EXCEPTION 'target % is not in the hands of %', NEW.target, NEW.dialled_by
            USING ERRCODE = 'check_violation', CONSTRAINT = 'outreach_calls_of_ones_own_target';
    END IF;
    -- Waits for whoever is putting this number on the list at this moment.
    PERFORM pg_advisory_xact_lock_shared(7881702260482471939);
    IF EXISTS (SELECT FROM outreach_do_not_call WHERE phone = NEW.phone) THEN
        RAISE EXCEPTION 'target % is on the do-not-call list', NEW.target
            USING ERRCODE = 'check_violation', CONSTRAINT = 'outreach_calls_not_on_the_list';
    END IF;
    -- The row of the day is locked until commit: calls of one day are counted one after another.
    UPDATE outreach_days SET made = made + 1 WHERE outreach_days.day = (NEW.at AT TIME ZONE 'Asia/Tokyo')::date;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'nothing was decided for this day'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'outreach_days_allowed';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER outreach_calls_are_allowed BEFORE INSERT ON outreach_calls
FOR EACH ROW EXECUTE FUNCTION outreach_call_is_allowed();

CREATE FUNCTION outreach_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was dialled, and what was decided, stays'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'outreach_stays';
END
$$;

CREATE TRIGGER outreach_calls_stay
BEFORE DELETE OR UPDATE OF target, phone, at, dialled_by ON outreach_calls
FOR EACH ROW EXECUTE FUNCTION outreach_stays();

CREATE TRIGGER outreach_days_stay
BEFORE DELETE OR UPDATE OF day, calls, open_days_gone, open_days, expected, cap, decided_at ON outreach_days
FOR EACH ROW EXECUTE FUNCTION outreach_stays();

CREATE FUNCTION outreach_made_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.made <= OLD.made THEN
        RAISE EXCEPTION 'the calls of a day can only become more'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'outreach_stays';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER outreach_days_grow BEFORE UPDATE OF made ON outreach_days
FOR EACH ROW EXECUTE FUNCTION outreach_made_only_grows();

CREATE FUNCTION outreach_bars_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7881702260482471939);
    RETURN NEW;
END
$$;

CREATE TRIGGER outreach_do_not_call_waits BEFORE INSERT ON outreach_do_not_call
FOR EACH ROW EXECUTE FUNCTION outreach_bars_number();
