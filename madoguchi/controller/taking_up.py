"""What a controller takes up where the one before it ended, before the first call."""

from config.layout import Layout
from madoguchi.controller.calls import Calls
from madoguchi.controller.connections import Connections
from madoguchi.hours.book import Book
from madoguchi.hours.emergency import message_in_force
from telephony import elsewhere, measure_recovery, recovery
from telephony.model import events as ev
from telephony.model.rulings import Override


async def take_up_people(found: Connections, calls: Calls) -> None:
    """Put queues and everybody back to what they were when the last controller ended."""
    engine = calls.engine
    engine.submit(measure_recovery.recovered(await found.journal.latest_of_queues()))
    engine.submit(ev.RosterChanged(await calls.roster.load()))
    known = {agent.name for agent in engine.agents()}
    for event in recovery.duties(await elsewhere.latest_of_agents(found.reached, found.journal)):
        if event.agent in known:
            engine.submit(event)


def take_up_hours(layout: Layout, found: Connections, calls: Calls) -> Book:
    """Let what was opened or closed ad hoc, and the disaster mode, hold from the first call on."""

    def announce(standing: tuple[Override, ...]) -> None:
        calls.engine.submit(ev.OverridesChanged(standing))

    book = Book(layout.overrides_file, found.pool, announce)
    book.load()
    see_emergency(layout, calls)
    return book


def see_emergency(layout: Layout, calls: Calls) -> None:
    """Tell the model whether the disaster mode is on.

    Once before calls are taken up, and again when requests are answered: who switched it in between could
    tell nobody.
    """
    calls.engine.submit(ev.EmergencyChanged(message_in_force(layout)))
