-- Quality of calls: remarks at a moment of a recording, and scorecards. They go with their call.

CREATE TABLE call_marks (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT call_marks_pk PRIMARY KEY,
    call_id text NOT NULL,
    at_s double precision NOT NULL,
    text text NOT NULL,
    by_whom text NOT NULL,
    made_at timestamptz NOT NULL,
    CONSTRAINT call_marks_of_a_call FOREIGN KEY (call_id) REFERENCES calls (id) ON DELETE CASCADE,
    CONSTRAINT call_marks_at_a_moment CHECK (at_s >= 0)
);
COMMENT ON COLUMN call_marks.at_s IS 'Seconds from the beginning of the recording.';

CREATE INDEX call_marks_by_call ON call_marks (call_id, at_s);

CREATE TABLE scorecards (
    call_id text NOT NULL,
    by_whom text NOT NULL,
    agent text NOT NULL,
    scored_at timestamptz NOT NULL,
    points jsonb NOT NULL,
    reached integer NOT NULL,
    most integer NOT NULL,
    comment text,
    CONSTRAINT scorecards_one_of_each_assessor PRIMARY KEY (call_id, by_whom),
    CONSTRAINT scorecards_of_a_call FOREIGN KEY (call_id) REFERENCES calls (id) ON DELETE CASCADE,
    CONSTRAINT scorecards_points_are_a_list CHECK (jsonb_typeof(points) = 'array'),
    CONSTRAINT scorecards_within_the_form CHECK (reached BETWEEN 0 AND most AND most > 0)
);
COMMENT ON TABLE scorecards IS 'How somebody judged a call. Another assessor has another card, so that judgements can be compared.';
COMMENT ON COLUMN scorecards.points IS
    '[{name, title, points, most}], the form as it was then; points null: did not come up, and does not count.';

CREATE INDEX scorecards_by_agent ON scorecards (agent, scored_at DESC);
