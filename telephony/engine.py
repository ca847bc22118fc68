"""One ordered mailbox around the model.

Everything that happens anywhere comes in through `Engine.submit`, one event after another; what the model
decides goes out: to Asterisk (in order for each call, concurrently between calls), to the clock, to the
desk and to the journal. The engine decides nothing itself.
"""

import asyncio
from collections import deque
from collections.abc import Callable

import structlog

from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.centre import Centre
from telephony.model.ending import NORMAL_CLEARING
from telephony.model.errors import IllegalEvent, ModelError
from telephony.model.ids import AgentName, CallId, Instant, MeasureId
from telephony.model.measures.events import MeasureTimerFired
from telephony.ports import AlreadyAnswered, Desk, Errands, Journal, LegGone, Switch, SwitchError, Unsure
from telephony.showing import Showing

DURABLE_LIMIT_S = 5.0
"""A commit takes milliseconds; only a full disk takes longer."""

log = structlog.get_logger()


class Engine(Showing):
    """Feeds the model and carries out what it decides.

    Args:
        centre: the model.
        switch: Asterisk.
        journal: where facts are written down.
        desk: people's screens.
        now: the steady clock.
        errands: the rest of the house; without it, questions to it stay without an answer.
    """

    def __init__(  # noqa: PLR0913 - the parts it joins, one by one
        self,
        centre: Centre,
        switch: Switch,
        journal: Journal,
        desk: Desk,
        now: Callable[[], Instant],
        *,
        errands: Errands | None = None,
    ) -> None:
        super().__init__(centre.floor)
        self.centre = centre
        self.now = now
        self._switch, self._journal, self._desk, self._errands = switch, journal, desk, errands
        self._mailbox: deque[tuple[ev.Event, float]] = deque()
        self._handling = False
        self._latest = Instant(0.0)
        self._orders: dict[CallId, deque[cmd.CallCommand]] = {}
        self._carriers: set[asyncio.Task[None]] = set()
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def submit(self, event: ev.Event, *, age_s: float = 0.0) -> None:
        """Take an event that happened *age_s* ago. What is impossible now is logged and changes nothing."""
        self._mailbox.append((event, age_s))
        if self._handling:
            return
        self._handling = True
        try:
            while self._mailbox:
                self._take(*self._mailbox.popleft())
        finally:
            self._handling = False

    def ask(self, event: ev.Event) -> None:
        """Take a person's request. Raises ModelError with a sentence for that person."""
        self._carry_out(self.centre.handle(event, self._instant(self.now())))

    def _instant(self, happened: Instant) -> Instant:
        """Return the model's time of what happened then; to the model time never goes back."""
        self._latest = max(self._latest, happened)
        return self._latest

    def _take(self, event: ev.Event, age_s: float) -> None:
        happened = Instant(self.now() - age_s)
        try:
            decided = self.centre.handle(event, self._instant(happened), happened)
        except IllegalEvent as refusal:
            log.warning("event.illegal", event_type=type(event).__name__, reason=str(refusal))
        except ModelError as refusal:
            log.error("event.refused", event_type=type(event).__name__, reason=str(refusal))
        else:
            self._carry_out(decided)

    def _carry_out(self, decided: list[cmd.Command]) -> None:
        """Write all facts down, at once, before anything is done."""
        facts = [command for command in decided if isinstance(command, cmd.Record)]
        if facts:
            self._journal.write(*facts)
        for command in decided:
            match command:
                case cmd.Record():
                    continue
                case cmd.CallCommand():
                    self._order(command)
                case cmd.ArmTimer():
                    self._arm(command)
                case cmd.CancelTimer():
                    self._disarm(command.owner)
                case cmd.DeskCommand():
                    self._desk.show(command)
                case cmd.Errand():
                    self._send(command)
                case _:
                    raise TypeError(f"nobody carries out {command!r}")

    def _send(self, errand: cmd.Errand) -> None:
        if self._errands is None:
            log.warning("errand.nobody", call=errand.call, errand=type(errand).__name__)
        else:
            self._errands.run(errand)

    # --- Asterisk --------------------------------------------------------------------------------------

    def _order(self, command: cmd.CallCommand) -> None:
        waiting = self._orders.get(command.call)
        if waiting is not None:
            waiting.append(command)
            return
        self._orders[command.call] = deque([command])
        task = asyncio.create_task(self._carry(command.call), name=f"orders {command.call}")
        self._carriers.add(task)
        task.add_done_callback(self._carried)

    def _carried(self, task: asyncio.Task[None]) -> None:
        self._carriers.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("orders.broken", task=task.get_name(), exc_info=error)

    async def _carry(self, call: CallId) -> None:
        orders = self._orders[call]
        try:
            while orders:
                await self._carry_one(orders.popleft())
        finally:
            del self._orders[call]

    async def _carry_one(self, command: cmd.CallCommand) -> None:
        try:
            if command.binding:
                await self._all_durable()
            await self._switch.carry_out(command)
            if command.done is not None:
                self.submit(command.done)
        except LegGone:
            if isinstance(command, cmd.Follow):  # too late to subscribe: nobody else will tell of its end
                self.submit(ev.CallerLeft(command.call, NORMAL_CLEARING))
        except AlreadyAnswered as late:
            if isinstance(command, cmd.WithdrawOffer):  # the answer itself may have gone unheard
                self.submit(ev.OfferAnswered(command.call, command.offer))
            self.submit(_refusal(command, str(late)))
        except SwitchError as error:
            log.warning("order.refused", call=command.call, order=type(command).__name__, reason=str(error))
            self.submit(_refusal(command, str(error), unsure=isinstance(error, Unsure)))

    def has_orders(self, call: CallId) -> bool:
        """Whether something is being done on Asterisk for *call* right now."""
        return call in self._orders

    async def _all_durable(self) -> None:
        """Wait for the journal. Raises `SwitchError` when it cannot write: then nothing binding is done."""
        try:
            async with asyncio.timeout(DURABLE_LIMIT_S):
                await self._journal.flush()
        except TimeoutError as error:
            raise SwitchError("the journal cannot write") from error

    async def drain(self) -> None:
        """Wait until every order given so far was carried out."""
        while self._carriers:
            await asyncio.wait(set(self._carriers))

    # --- time --------------------------------------------------------------------------------------------

    def _arm(self, command: cmd.ArmTimer) -> None:
        self._disarm(command.owner)
        delay = max(0.0, command.due - self.now())
        loop = asyncio.get_running_loop()
        self._timers[command.owner] = loop.call_later(delay, self._fire, command)

    def _disarm(self, owner: str) -> None:
        handle = self._timers.pop(owner, None)
        if handle is not None:
            handle.cancel()

    def _fire(self, command: cmd.ArmTimer) -> None:
        self._timers.pop(command.owner, None)
        if command.timer is ev.Timer.AFTER_CALL:
            self.submit(ev.AgentTimerFired(AgentName(command.owner), command.timer, command.serial))
        elif command.timer is ev.Timer.MEASURE:
            self.submit(MeasureTimerFired(MeasureId(command.owner), command.serial))
        else:
            self.submit(ev.CallTimerFired(CallId(command.owner), command.timer, command.serial))

    def close(self) -> None:
        """Stop all timers and orders. Calls stay up: Asterisk holds them."""
        for owner in list(self._timers):
            self._disarm(owner)
        for task in self._carriers:
            task.cancel()


def _refusal(command: cmd.CallCommand, reason: str, *, unsure: bool = False) -> ev.Event:
    """Return what the model must know about an order that was not carried out."""
    if isinstance(command, cmd.Play):
        return ev.PlaybackEnded(command.call, command.playback, heard=False)
    return ev.CommandRefused(command.call, type(command).__name__, reason, unsure)
