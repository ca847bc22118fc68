"""What strangers send that is no HTTP cannot make the log grow."""

import structlog

from agents.web.unreadable import EVERY_S, LONGEST_REASON, Unreadable


def test_many_are_one_line_and_none_is_uncounted() -> None:
    now = 1_000.0
    unreadable = Unreadable(lambda: now)
    with structlog.testing.capture_logs() as logs:
        for _ in range(1_000):
            unreadable.note("Bad status line\n" + "x" * 10_000)
        now += EVERY_S
        unreadable.note("the last")
    assert [1, 1_000] == [line["requests"] for line in logs]
    assert all(len(line["last"]) < LONGEST_REASON + 20 for line in logs)
