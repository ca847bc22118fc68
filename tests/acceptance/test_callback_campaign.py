"""Callbacks while the centre's parts are killed: the short form of ``tests.acceptance.callbacks``."""

from tests.acceptance.callbacks.run import Campaign
from tests.acceptance.chaos.strikes import How
from tests.acceptance.copy import Copy

COUNTS = {("controller", How.KILL): 4}


async def test_each_who_asked_is_called_once_in_turn_or_not_at_all_after_an_own_call(
    storm_copy: Copy,
) -> None:
    campaign = Campaign(storm_copy, count=10, size=5, counts=COUNTS)
    found = await campaign.run()
    assert not found, campaign.report(found)
