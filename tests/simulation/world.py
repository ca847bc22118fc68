"""Plays a story: the simulated Asterisk, its callers and telephones, and one controller after another."""

import asyncio
import random
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from math import inf

from telephony.model import events as ev
from telephony.model.commands import DeskCommand, EndOffer, ShowCall, ShowOffer
from telephony.model.errors import ModelError
from telephony.model.ids import AgentName, CallId
from telephony.model.transferring.events import TransferRequested
from telephony.model.transferring.target import Kind, Target
from tests.simulation import centre
from tests.simulation.asterisk.server import SimulatedAsterisk
from tests.simulation.booking import TownBooking
from tests.simulation.callers import Caller
from tests.simulation.controller import Life
from tests.simulation.journal import Disk
from tests.simulation.network import Network
from tests.simulation.phones import Behaviour, Phone, Ring, RingOut
from tests.simulation.story import Act, CallerPlan, Deed, Leaves, Story

EPOCH = 1_795_000_000.0
"""The story's beginning by the wall clock: November 2026."""

REGISTERS_AGAIN_S = 1.0
BOOKING_S = (0.01, 0.01, 0.05, 0.05, 0.3, 0.3, 1.5, 4.0, None)
"""How long the booking takes; sometimes it never answers."""

MOMENT_S = 0.1
"""Less than this may pass while the news is still on its way."""

CLEARED_S = 40.0
"""Everything must be over so long after the last caller: after-call work, closing limits, time-outs."""


class World:
    """One run of one story."""

    def __init__(self, story: Story, seed: int) -> None:
        self._story = story
        self._chance = random.Random(f"world {seed}")
        self._loop = asyncio.get_running_loop()
        sounds = {name: s for name, s in centre.SOUNDS.items() if name != story.missing_sound}
        self.server = SimulatedAsterisk(
            Network(random.Random(f"network {seed}"), story.weather), self.wall, sounds
        )
        self.disk = Disk()
        answers = random.Random(f"booking {seed}")
        self.booking = TownBooking(lambda: answers.choice(BOOKING_S))
        self.lives: list[Life] = []
        self.life: Life | None = None
        self.crashed: list[float] = []
        self.callers = [
            Caller(self.server, f"0901000{n:04d}", plan.keys) for n, plan in enumerate(story.callers)
        ]
        self.phones = {
            agent.name: Phone(self.server, agent.extension, partial(self._behave, agent.name))
            for agent in centre.roster()
        }
        self._behaviours = {name: iter(each) for name, each in story.behaviours.items()}
        self._rejects = {name: iter(each) for name, each in story.rejects.items()}
        self.on_start: Callable[[Life], None] = lambda _: None
        self.on_kill: Callable[[Life], None] = lambda _: None
        self.faults: list[str] = []
        self.known: dict[CallId, float] = {}
        self.killed: list[float] = []

    def wall(self) -> float:
        """Return the wall clock's time."""
        return EPOCH + self._loop.time()

    def now(self) -> float:
        """Return the seconds since the story began."""
        return self._loop.time()

    def seen(self, since: float, until: float) -> bool:
        """Whether a controller listened for a moment between two instants of the wall clock."""
        spells = [
            (max(begun, heard), min(ended, unheard))
            for life in self.lives
            for begun, ended in life.listening.spells
            for heard, unheard in self._heard()
        ]
        return any(min(until, ended) - max(since, begun) > MOMENT_S for begun, ended in spells)

    def _heard(self) -> list[tuple[float, float]]:
        """Return the times between those in which Asterisk reported to nobody."""
        deaf = self.server.application.deaf
        edges = [-inf, *(edge for spell in deaf for edge in spell), inf]
        return list(zip(edges[::2], edges[1::2], strict=True))

    async def play(self) -> None:
        """Play the whole story, and wait until everything that can end has ended."""
        self._start()
        for act in self._story.acts:
            self._loop.call_at(act.at_s, self._do, act)
        for caller, plan in zip(self.callers, self._story.callers, strict=True):
            self._loop.call_at(plan.at_s, self._dial, caller, plan)
            self._loop.call_at(plan.at_s + plan.limit_s, self._leave, caller)
        last = max(plan.at_s + plan.limit_s for plan in self._story.callers)
        await asyncio.sleep(max(last, self._story.acts[-1].at_s) + CLEARED_S)

    # --- callers ---------------------------------------------------------------------------------------

    def _dial(self, caller: Caller, plan: CallerPlan) -> None:
        caller.dial(centre.NOT_OURS if plan.stranger else centre.DIALLED)
        if plan.leaves is Leaves.AFTER_DIALLING:
            self._loop.call_later(plan.after_s, self._leave, caller)
        elif plan.leaves is Leaves.AFTER_ANSWER:
            self._loop.call_later(plan.after_s + 0.01, self._leave, caller)

    def _leave(self, caller: Caller) -> None:
        if caller.gone is None:
            caller.leave()

    def _leave_because_of(self, ring: Ring, occasion: Leaves, in_s: float) -> None:
        for caller, plan in zip(self.callers, self._story.callers, strict=True):
            ours = caller.channel is ring.leg.caller
            if ours and plan.leaves is occasion:
                self._loop.call_later(max(0.0, in_s + plan.after_s), self._leave, caller)

    # --- telephones and screens ------------------------------------------------------------------------

    def _behave(self, name: str, ring: Ring) -> Behaviour:
        behaviour = next(self._behaviours[name], RingOut())
        self._leave_because_of(ring, Leaves.AT_FIRST_RING, 0.01)
        after_s = getattr(behaviour, "after_s", None)
        if after_s is not None:
            self._leave_because_of(ring, Leaves.AT_PICK_UP, 0.01 + after_s)
        return behaviour

    def _show(self, command: DeskCommand) -> None:
        if isinstance(command, ShowCall):
            self.known.setdefault(command.call, self.wall())
        elif isinstance(command, ShowOffer):
            after_s = next(self._rejects[command.agent], None)
            if after_s is not None:
                self._loop.call_later(after_s, self._ask, ev.OfferRejected(command.agent, command.offer))
        elif isinstance(command, EndOffer) and command.result == "rna":
            self._loop.call_later(2.0, self._ask, ev.AgentReadied(command.agent))

    def _ask(self, event: ev.Event) -> None:
        """Ask the living controller for something; what is impossible now is told to whoever asked."""
        if self.life is not None:
            with suppress(ModelError):
                self.life.engine.ask(event)

    # --- acts ------------------------------------------------------------------------------------------

    def _do(self, act: Act) -> None:
        name = AgentName(act.who)
        deeds: dict[Deed, Callable[[], None]] = {
            Deed.READY: lambda: self._ask(ev.AgentReadied(name)),
            Deed.PAUSE: lambda: self._ask(ev.AgentPaused(name, "lunch")),
            Deed.LOG_OUT: lambda: self._ask(ev.AgentLoggedOut(name)),
            Deed.WANT_AFTER_CALL: lambda: self._ask(ev.AfterCallRequested(name)),
            Deed.UNPLUG: lambda: self.phones[name].vanish(noticed=True),
            Deed.FADE: lambda: self.phones[name].vanish(noticed=False),
            Deed.PLUG_IN: self.phones[name].register if name in self.phones else lambda: None,
            Deed.USE_ELSEWHERE: lambda: self.phones[name].use_elsewhere(used=True),
            Deed.USED_ENOUGH: lambda: self.phones[name].use_elsewhere(used=False),
            Deed.KILL: self._kill,
            Deed.START: self._start,
            Deed.DROP_EVENTS: lambda: self.life.wire.drop_events() if self.life else None,
            Deed.DROP_MANAGER: lambda: self.life.wire.drop_manager() if self.life else None,
            Deed.CUT: lambda: self.life.wire.lose_network() if self.life else None,
            Deed.HEAL: lambda: self.life.wire.regain_network() if self.life else None,
            Deed.CRASH: self._crash,
            Deed.BOOT: self._boot,
            Deed.HANG_UP_SOMEBODY: self._hang_up_somebody,
            Deed.MOVE_SOMEBODY: self._move_somebody,
            Deed.TRANSFER_SOMEBODY: lambda: self._transfer_somebody(act.who),
            Deed.REFER_SOMEBODY: lambda: self._refer_somebody(act.who),
        }
        deeds[act.deed]()

    def _start(self) -> None:
        chance = random.Random(self._chance.random())
        self.life = Life(
            self.server,
            self.disk,
            centre.centre(),
            centre.Voice(),
            centre.roster(),
            chance,
            self._show,
            self.booking,
        )
        self.lives.append(self.life)
        self.life.task.add_done_callback(self._ended)
        self.on_start(self.life)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self.faults.append(f"{self.now():.3f} the controller ended: {_causes(error)}")

    def _kill(self) -> None:
        if self.life is not None:
            self.on_kill(self.life)
            self.killed.append(self.wall())
            self.life.kill()
            self.life = None

    def _crash(self) -> None:
        self.crashed.append(self.wall())
        dead = {leg.id for leg in self.server.die()}
        for caller in self.callers:
            if caller.channel is not None and caller.channel.id in dead:
                caller.cut_off()
        for phone in self.phones.values():
            phone.registered = False

    def _boot(self) -> None:
        self.server.start()
        for phone in self.phones.values():
            if not phone.unplugged:
                self._loop.call_later(REGISTERS_AGAIN_S, phone.register)

    def _hang_up_somebody(self) -> None:
        self._with_somebody(lambda call: ev.HangupRequested(call, "supervisor"))

    def _move_somebody(self) -> None:
        self._with_somebody(lambda call: ev.MoveRequested(call, to_front=True))

    def _transfer_somebody(self, whom: str) -> None:
        kind = Kind.OPERATOR if whom in self.phones else Kind.QUEUE
        self._with_somebody(lambda call: TransferRequested(call, Target(kind, whom), "agent"))

    def _refer_somebody(self, whom: str) -> None:
        """Let an operator's telephone transfer whoever it talks with (SIP REFER): no controller is asked."""
        talking = [leg for leg in self.server.channels.values() if self.server.talks_in_dial(leg)]
        if talking:
            extension = self.phones[AgentName(whom)].extension if whom in self.phones else "999"
            self._chance.choice(talking).redirect("transfer", extension)

    def _with_somebody(self, wish: Callable[..., ev.Event]) -> None:
        calls = list(self.life.model.floor.calls) if self.life else []
        if calls:
            self._ask(wish(self._chance.choice(calls)))


def _causes(error: BaseException) -> str:
    if isinstance(error, BaseExceptionGroup):
        return "; ".join(_causes(each) for each in error.exceptions)
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{error!r} at {where.filename.rpartition('/')[2]}:{where.lineno}"
