"""The parts that drive the calls: the model in its engine, the switchboard, the desks, and who answers."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.desk.desk import OperatorDesk
from agents.roster import Roster
from agents.roster_store import RosterFile, RosterTable
from booking.keypad import KeypadDesk
from booking.office import Office, open_office
from booking.searching import Searching
from booking.wording import japanese_time
from config.schema import Agent
from config.settings import Settings
from dialplan import Secrets
from madoguchi.call_notes import CallNotes
from madoguchi.controller.connections import Connections
from madoguchi.controller.in_force import PlanInForce
from madoguchi.errands import HouseErrands
from madoguchi.publishing import Publisher
from madoguchi.reading import Callers, DatabaseRecords
from telephony import elsewhere
from telephony.clock import SteadyClock
from telephony.engine import Engine
from telephony.entries import Entry
from telephony.left_numbers import LeftNumbers
from telephony.model import events as ev
from telephony.model.centre import Centre as Model
from telephony.model.commands import AskBooking, ForgetBooking, TakeUpNumber
from telephony.model.ids import CallId
from telephony.public_holidays import japanese_holiday
from telephony.switchboard import Switchboard


@dataclass(frozen=True, slots=True)
class Calls:
    """*office* takes reservations, *notes* writes into a call's journal, *left* has what the rescue took."""

    engine: Engine
    board: Switchboard
    desk: OperatorDesk
    roster: Roster
    office: Office
    notes: CallNotes
    left: LeftNumbers
    publisher: Publisher

    @property
    def are_quiet(self) -> bool:
        """Whether nothing is measured by the clock now, as far as Asterisk can be asked."""
        return self.board.connected.is_set() and self.engine.is_quiet

    def are_taken(self) -> bool:
        """Return whether the centre is open now, with all that is ad hoc, and not in the disaster mode."""
        floor = self.engine.centre.floor
        return floor.emergency is None and floor.calendar.is_open(self.engine.now())


async def open_calls(
    settings: Settings, found: Connections, plan: PlanInForce, clock: SteadyClock, secrets: Secrets
) -> Calls:
    """Put the parts together; nothing runs yet. What earlier controllers left unfinished is read here."""
    callers = Callers(found.pool, plan.plan, Searching(found.bookings, plan.booking))
    desk = OperatorDesk(callers, plan.plan, found.keep.shown)
    errands = HouseErrands()
    control = found.asterisk.control
    engine = Engine(_model(plan, clock), control, found.journal, desk, clock.now, errands=errands)
    desk.connect(engine)
    notes = CallNotes(engine, found.journal, DatabaseRecords(found.pool))
    office = open_office(found.bookings, plan.booking, japanese_time, notes)
    unfinished: Mapping[CallId, Sequence[Entry]] = {
        **await elsewhere.open_calls(found.reached, found.journal),
        **await elsewhere.continued(found.reached, found.journal, await found.journal.unfinished()),
    }
    board = Switchboard(found.asterisk, engine, found.journal, unfinished, _Sticky(callers, engine))
    left = LeftNumbers(settings.layout.rescue_file, found.journal, unfinished, engine.submit, engine.now)
    keypad = KeypadDesk(office, found.bookings, japanese_time, engine.submit)
    errands.give(TakeUpNumber, left.taken)
    errands.give(AskBooking, keypad.ask)
    errands.give(ForgetBooking, keypad.forget)
    publisher = Publisher(settings, secrets, (found.asterisk.ari, found.asterisk.manager), plan.now)

    async def announce(agents: tuple[Agent, ...]) -> None:
        await publisher.publish(agents)
        engine.submit(ev.RosterChanged(agents))
        board.people_changed()

    file = RosterFile(settings.layout.roster_file)
    roster = Roster(RosterTable(found.pool), file, plan.plan, announce)
    return Calls(engine, board, desk, roster, office, notes, left, publisher)


def _model(plan: PlanInForce, clock: SteadyClock) -> Model:
    # Offer and playback numbers start above every number that an earlier controller can have used.
    first_id = round(clock.now() * 1_000)
    chance = random.Random()  # noqa: S311 - chooses operators, guards nothing
    return Model(plan.plan(), plan.voice, chance, first_id, japanese_holiday)


class _Sticky:
    """Looks up, beside the call, who served this caller last."""

    def __init__(self, callers: Callers, engine: Engine) -> None:
        self._callers, self._engine = callers, engine
        self._lookups: set[asyncio.Task[None]] = set()

    def __call__(self, arrived: ev.CallArrived) -> None:
        lookup = self._callers.remember(arrived, self._engine.submit)
        task = asyncio.create_task(lookup, name=f"remember {arrived.call}")
        self._lookups.add(task)
        task.add_done_callback(self._lookups.discard)
