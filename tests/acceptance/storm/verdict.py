"""A whole storm on a running centre, from the first INVITE to the verdict."""

from datetime import UTC, datetime
from pathlib import Path

import stamina

from madoguchi.demo.records import settled
from tests.acceptance.copy import Copy
from tests.acceptance.storm.judge import EXACT, Clock, Judge, Violation
from tests.acceptance.storm.leftovers import NOTHING, leftovers, stray_recordings
from tests.acceptance.storm.plan import citizens
from tests.acceptance.storm.run import Storm

PATIENCE_MS = 6_000
"""Callers who leave at any time do so by then: through greeting, menu, waiting and a good part of talking."""

TEARDOWN_S = 20


async def storm_verdict(
    copy: Copy, folder: Path, *, calls: int, seed: int, clock: Clock = EXACT
) -> tuple[list[Violation], str]:
    """Return every broken promise, and a report with timelines of the first of each kind."""
    callers = citizens(calls, seed, patience_ms=PATIENCE_MS)
    began, before = datetime.now(UTC), stray_recordings(copy.layout, [])
    async with copy.screens() as screens, copy.supervisor() as supervisor:
        evidence = await Storm(copy.running, callers, seed=seed, folder=folder).run(screens)
        left = await _left_behind(copy)
        await settled(supervisor, [caller.call_id for caller in evidence.callers], began)
        found = await supervisor.get("/api/calls", {"since": began.isoformat(), "limit": str(2 * calls)})
    judge = Judge(evidence.callers, evidence.rings, found["calls"], clock)
    strays = sorted(stray_recordings(copy.layout, found["calls"]) - before)
    violations = judge.violations()
    violations += [Violation("nothing is left", "", thing) for thing in [*left, *strays]]
    return violations, judge.report(violations)


async def _left_behind(copy: Copy) -> list[str]:
    """Legs may take a moment to be torn down; what is still there after that is left behind."""
    cli = copy.running["asterisk"]["cli"]
    try:
        async for attempt in stamina.retry_context(
            on=AssertionError, attempts=None, timeout=TEARDOWN_S, wait_max=0.5
        ):
            with attempt:
                assert leftovers(cli) == NOTHING
    except AssertionError:
        return [str(leftovers(cli))]
    return []
