"""Changes are published while people talk and wait: nobody is dropped, nobody comes to a wrong place."""

from tests.acceptance.copy import Copy
from tests.acceptance.floor.centre import centre_toml
from tests.acceptance.publish.changes import programme
from tests.acceptance.publish.run import Publishing

ROLLED_BACK_S = 5.0


async def test_changes_and_broken_changes_under_forty_calls(floor_copy: Copy) -> None:
    changes = programme(centre_toml(), good=4, broken=3)
    result = await Publishing(floor_copy, changes).run(calls=40, per_s=1.2, talks_s=(1.0, 3.0))
    print(result.report())  # noqa: T201 - the figures belong to the test's output
    assert result.violations == []
    assert any(done.taken_back_s is not None for done in result.done)
    assert result.slowest_rollback_s < ROLLED_BACK_S
    assert max(done.calls_up for done in result.done) > 1
