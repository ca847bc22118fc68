-- The version before this one works on.
-- A controller that takes over on another machine looks for calls that began lately and have not ended.

CREATE INDEX journal_begun_calls ON journal (at) WHERE kind IN ('call.arrived', 'callback.requested');
