"""The figures beside the floor: as an object, and read again and again while anybody watches."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, NoReturn

import structlog

from agents.floor.feed import FloorFeed
from agents.ports import Figures, FloorFigures, Unavailable
from config.schema import Centre as Plan
from telephony.figures import Tally

EVERY_S = 5.0
"""A record is in the database some seconds after its call; nobody reads a rate more often."""

log = structlog.get_logger(__name__)


def figures_content(figures: FloorFigures, plan: Plan) -> dict[str, Any]:
    """Return *figures* as an object; rates in percent, None without calls."""
    goal = plan.goals.answer_rate
    return {
        "as_of": figures.at.isoformat(timespec="seconds"),
        "goal": goal,
        "today": _tally(figures.today, goal),
        "month": _tally(figures.month, goal),
        "undelivered": figures.undelivered,
    }


def _tally(tally: Tally, goal: float) -> Mapping[str, Any]:
    return asdict(tally) | {
        "answer_rate": tally.answer_rate,
        "service_level": tally.service_level,
        "may_be_lost": tally.may_be_lost(goal),
    }


async def follow(feed: FloorFeed, source: Figures, plan: Callable[[], Plan]) -> NoReturn:
    """Show *feed* the newest figures until cancelled; without the database the last ones stay."""
    while True:
        await feed.watched.wait()
        try:
            feed.show_figures(figures_content(await source.read(), plan()))
        except Unavailable:
            log.debug("floor.figures_wait")
        await asyncio.sleep(EVERY_S)
