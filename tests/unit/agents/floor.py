"""A floor for tests: the real engine and model with the real desk; only Asterisk is not there.

What the model orders Asterisk to do is kept, and the tests say what Asterisk would have said.
"""

import asyncio
import random
from collections.abc import Sequence

from agents.desk.desk import OperatorDesk
from agents.ports import CallerHistory, Unavailable
from config.schema import Agent, Centre
from telephony.clock import SteadyClock
from telephony.engine import Engine
from telephony.model import events as ev
from telephony.model.centre import Centre as Model
from telephony.model.commands import CallCommand, Play, Record
from telephony.model.ids import AgentName, CallId, LegId, OfferId
from tests.unit.model.plans import PlainVoice, agent, plan


class OrderBook:
    """Keeps what Asterisk is ordered to do."""

    def __init__(self) -> None:
        self.orders: list[CallCommand] = []

    async def carry_out(self, command: CallCommand) -> None:
        """Keep the order."""
        self.orders.append(command)


class Diary:
    """Keeps the facts that the model writes down."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def write(self, *records: Record) -> None:
        """Keep the facts."""
        self.records += records

    async def flush(self) -> None:
        """What is kept is kept."""


class Archive:
    """Knows the earlier calls that a test puts into it; can be slow or away like a database."""

    def __init__(self) -> None:
        self.calls: dict[str, list[dict[str, str]]] = {}
        self.away = False
        self.answers = asyncio.Event()
        self.answers.set()
        self.asked: list[str] = []

    async def of_caller(self, caller: str) -> CallerHistory:
        """Return what the test put in."""
        self.asked.append(caller)
        await self.answers.wait()
        if self.away:
            raise Unavailable("The database cannot be reached.")
        return CallerHistory(self.calls.get(caller, []))


class Floor:
    """The engine, the desk and two operators, sato and suzuki, who both take bookings."""

    def __init__(self, people: Sequence[Agent] | None = None) -> None:
        self.plan: Centre = plan()
        self.people = list(people or (agent("sato", booking=10), agent("suzuki", booking=10)))
        self.archive, self.switch, self.diary = Archive(), OrderBook(), Diary()
        self.shown: list[tuple[AgentName, CallId]] = []
        self.desk = OperatorDesk(self.archive, lambda: self.plan, lambda *who: self.shown.append(who))
        model = Model(self.plan, PlainVoice(), random.Random(1))
        self.engine = Engine(model, self.switch, self.diary, self.desk, SteadyClock().now)
        self.desk.connect(self.engine)
        self.engine.submit(ev.RosterChanged(tuple(self.people)))

    def ready(self, *names: str) -> None:
        """Register phones and sign in."""
        for name in names:
            self.engine.submit(ev.PhoneChanged(AgentName(name), registered=True))
            self.engine.submit(ev.AgentReadied(AgentName(name)))

    def arrive(self, call: str, caller: str | None = "+819012345678") -> CallId:
        """Let a call come in; it hears the greeting."""
        self.engine.submit(ev.CallArrived(CallId(call), caller, "+81120000000", f"{call}@carrier"))
        return CallId(call)

    async def choose(self, call: CallId, key: str = "1") -> None:
        """Let the greeting end and the caller press *key*."""
        await self.engine.drain()
        greeting = next(
            order for order in self.switch.orders if order.call == call and isinstance(order, Play)
        )
        self.engine.submit(ev.PlaybackEnded(call, greeting.playback, heard=True))
        self.engine.submit(ev.KeyPressed(call, key))

    def offer_of(self, call: CallId) -> OfferId:
        """Return the offer that is open for *call*."""
        view = self.engine.call_view(call)
        assert view is not None
        assert view.offer is not None
        return view.offer

    def answer(self, call: CallId) -> None:
        """Let the operator's phone ring and be picked up."""
        offer = self.offer_of(call)
        self.engine.submit(ev.OfferRang(call, offer, LegId(f"leg-{offer}")))
        self.engine.submit(ev.OfferAnswered(call, offer))

    def leave(self, call: CallId) -> None:
        """Let the caller hang up."""
        self.engine.submit(ev.CallerLeft(call, 16))
