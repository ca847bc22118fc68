"""The engine: one ordered mailbox; orders of one call in order, and what Asterisk refuses comes back."""

import asyncio
import random
from collections.abc import Callable

import pytest

from config.schema import Centre as Plan
from telephony.clock import SteadyClock
from telephony.engine import Engine
from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.centre import Centre
from telephony.model.errors import IllegalEvent
from telephony.model.ids import AgentName, CallId, Instant
from telephony.model.states import CallState
from telephony.ports import LegGone, SwitchError, Unsure
from tests.unit.model.callback_stage import ASK, callback_plan
from tests.unit.model.plans import PlainVoice, plan
from tests.unit.model.stage import NUMBER, booker

A = CallId("a")


class Recorder:
    """A switch, a journal and a desk that remember; the switch waits and refuses as told."""

    def __init__(self) -> None:
        self.orders: list[cmd.CallCommand] = []
        self.facts: list[cmd.Record] = []
        self.shown: list[cmd.DeskCommand] = []
        self.errands: list[cmd.Errand] = []
        self.refuse: dict[type[cmd.CallCommand], Exception] = {}
        self.gate = asyncio.Event()
        self.gate.set()
        self.came = asyncio.Event()
        self.stuck: CallId | None = None
        self.disk = asyncio.Event()
        self.disk.set()
        self.durable: list[cmd.Record] = []

    async def carry_out(self, command: cmd.CallCommand) -> None:
        if self.stuck in (None, command.call):
            await self.gate.wait()
        self.orders.append(command)
        self.came.set()
        if type(command) in self.refuse:
            raise self.refuse[type(command)]

    def write(self, *records: cmd.Record) -> None:
        self.facts += records

    async def flush(self) -> None:
        await self.disk.wait()
        self.durable = list(self.facts)

    def show(self, command: cmd.DeskCommand) -> None:
        self.shown.append(command)

    def run(self, errand: cmd.Errand) -> None:
        self.errands.append(errand)


class Bench:
    """An engine on a recorder, with a clock that the test moves."""

    def __init__(
        self, centre: Plan | None = None, now: Callable[[], Instant] = lambda: Instant(1_000.0)
    ) -> None:
        self.out = Recorder()
        model = Centre(centre or plan(), PlainVoice(), random.Random(1))
        self.engine = Engine(model, self.out, self.out, self.out, now, errands=self.out)
        self.engine.submit(ev.RosterChanged((booker(),)))

    def arrive(self, call: CallId = A) -> None:
        self.engine.submit(ev.CallArrived(call, None, NUMBER, "x@carrier"))

    def played(self) -> cmd.Play:
        return [order for order in self.out.orders if isinstance(order, cmd.Play)][-1]

    def kinds(self, call: CallId = A) -> list[str]:
        return [type(order).__name__ for order in self.out.orders if order.call == call]


async def test_orders_of_one_call_are_carried_out_in_order() -> None:
    bench = Bench()
    bench.out.gate.clear()
    bench.arrive()
    bench.engine.submit(ev.HangupRequested(A, "system"))
    bench.out.gate.set()
    await bench.engine.drain()
    assert bench.kinds() == ["Follow", "Answer", "Play", "StopPlaying", "HangUp"]


async def test_calls_do_not_wait_for_each_other() -> None:
    bench = Bench()
    bench.out.stuck = A
    bench.out.gate.clear()
    bench.arrive()
    bench.arrive(CallId("b"))
    while bench.kinds(CallId("b")) != ["Follow", "Answer", "Play"]:
        bench.out.came.clear()
        await asyncio.wait_for(bench.out.came.wait(), 5)
    assert bench.kinds() == []
    bench.out.gate.set()
    await bench.engine.drain()


@pytest.mark.parametrize(
    ("error", "state"),
    [(SwitchError("500"), CallState.ENDING), (Unsure("TimeoutError"), CallState.GREETING)],
    ids=["refused", "cannot be asked"],
)
async def test_an_order_that_was_not_done_comes_back_as_an_event(
    error: SwitchError, state: CallState
) -> None:
    """A caller whom Asterisk will not answer has failed; one of whom it cannot be asked stays."""
    bench = Bench()
    bench.out.refuse[cmd.Answer] = error
    bench.arrive()
    await bench.engine.drain()
    assert bench.engine.centre.floor.calls[A].state is state


async def test_words_that_cannot_be_played_count_as_ended() -> None:
    bench = Bench()
    bench.out.refuse[cmd.Play] = SwitchError("no such sound")
    bench.arrive()
    await bench.engine.drain()
    assert bench.engine.centre.floor.calls[A].state is CallState.MENU


async def test_caller_who_left_before_we_could_listen_has_left() -> None:
    bench = Bench()
    bench.out.refuse[cmd.Follow] = LegGone("404")
    bench.arrive()
    await bench.engine.drain()
    assert A not in bench.engine.centre.floor.calls
    assert [fact.kind for fact in bench.out.facts if fact.stream == "call:a"][-1] == "call.ended"


async def test_timer_fires_as_an_event() -> None:
    quick = [menu.model_copy(update={"timeout_s": 0.02}) for menu in plan().menus]
    bench = Bench(plan(menus=[menu.model_dump() for menu in quick]), SteadyClock().now)
    bench.arrive()
    for _ in ("greeting", "question"):
        await bench.engine.drain()
        bench.engine.submit(ev.PlaybackEnded(A, bench.played().playback, heard=True))
    await bench.engine.drain()
    bench.out.came.clear()
    await asyncio.wait_for(bench.out.came.wait(), 5)
    assert bench.played().sounds == ("no-key", "menu-main")
    bench.engine.close()


async def test_what_waited_in_our_socket_is_written_down_at_its_own_time() -> None:
    clock = [Instant(1_000.0)]
    bench = Bench(now=lambda: clock[0])
    clock[0] = Instant(1_005.0)
    bench.engine.submit(ev.CallArrived(A, None, NUMBER, "x@carrier"), age_s=3.0)
    arrived = next(fact for fact in bench.out.facts if fact.kind == "call.arrived")
    assert arrived.at == Instant(1_002.0)


async def test_news_that_waited_behind_newer_ones_are_written_down_at_their_own_time() -> None:
    clock = [Instant(1_000.0)]
    bench = Bench(now=lambda: clock[0])
    bench.arrive()
    clock[0] = Instant(1_001.0)
    bench.arrive(CallId("b"))
    bench.engine.submit(ev.CallerLeft(A, 16), age_s=0.25)
    ended = next(fact for fact in bench.out.facts if fact.kind == "call.ended")
    assert ended.at == Instant(1_000.75)


async def test_to_the_model_time_never_goes_back() -> None:
    bench = Bench()
    bench.arrive()
    bench.engine.submit(ev.CallerLeft(A, 16), age_s=3.0)
    assert bench.engine.centre.floor.now == Instant(1_000.0)


async def test_request_that_is_impossible_is_told_to_whoever_asked() -> None:
    bench = Bench()
    with pytest.raises(IllegalEvent):
        bench.engine.ask(ev.AfterCallRequested(AgentName("sato")))


async def test_impossible_event_from_outside_changes_nothing() -> None:
    bench = Bench()
    bench.engine.submit(ev.AfterCallRequested(AgentName("sato")))
    assert bench.engine.agent_view(AgentName("sato")) is not None


async def test_views_show_what_is() -> None:
    bench = Bench()
    bench.arrive()
    view = bench.engine.call_view(A)
    assert view is not None
    assert (view.state, view.dialled, view.arrived_at) == ("greeting", NUMBER, 1_000.0)
    assert [queue.name for queue in bench.engine.queues()] == ["booking", "card", "general"]
    assert bench.engine.call_view(CallId("nobody")) is None


def promise(bench: Bench) -> CallId:
    """Let caller a ask for a callback and hang up; return the callback, whose turn comes with Sato."""
    bench.engine.submit(ev.CallArrived(A, "+819012345678", NUMBER, "x@carrier"))
    floor = bench.engine.centre.floor
    playback = floor.calls[A].playback
    assert playback is not None
    bench.engine.submit(ev.PlaybackEnded(A, playback, heard=True))
    bench.engine.submit(ev.KeyPressed(A, "1"))
    told = ev.CallTimerFired(A, ev.Timer.WAIT, floor.calls[A].timer_serial)
    bench.engine.submit(told)
    for key in (ASK, "1"):
        bench.engine.submit(ev.KeyPressed(A, key))
    return floor.promises["+819012345678"]


def accept(bench: Bench, callback: CallId) -> None:
    """Let Sato accept."""
    offer = bench.engine.centre.floor.calls[callback].last_offer
    assert offer is not None
    bench.engine.submit(ev.OfferAnswered(callback, offer))


async def summoned(bench: Bench) -> CallId:
    """Return a callback for which Sato's phone rings."""
    callback = promise(bench)
    await bench.engine.drain()
    bench.engine.submit(ev.CallerLeft(A, 16))
    bench.engine.submit(ev.PhoneChanged(AgentName("sato"), registered=True))
    bench.engine.submit(ev.AgentReadied(AgentName("sato")))
    await bench.engine.drain()
    return callback


async def test_a_promise_is_said_only_when_it_is_durable() -> None:
    bench = Bench(callback_plan())
    bench.out.disk.clear()
    promise(bench)
    while "StopMusic" not in bench.kinds():
        bench.out.came.clear()
        await asyncio.wait_for(bench.out.came.wait(), 5)
    assert bench.played().sounds != ("callback-promised",)
    bench.out.disk.set()
    await bench.engine.drain()
    assert bench.played().sounds == ("callback-promised",)
    assert "callback.requested" in [fact.kind for fact in bench.out.durable]


async def test_no_citizen_is_rung_before_the_attempt_is_durable() -> None:
    bench = Bench(callback_plan())
    callback = await summoned(bench)
    bench.out.disk.clear()
    accept(bench, callback)
    await asyncio.sleep(0)
    assert bench.kinds(callback) == ["CallOperator"]
    bench.out.disk.set()
    await bench.engine.drain()
    assert bench.kinds(callback) == ["CallOperator", "CallCitizen"]
    assert "callback.attempted" in [fact.kind for fact in bench.out.durable]


async def test_with_a_disk_that_stays_full_nobody_is_rung(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("telephony.engine.DURABLE_LIMIT_S", 0.01)
    bench = Bench(callback_plan())
    callback = await summoned(bench)
    bench.out.disk.clear()
    accept(bench, callback)
    await bench.engine.drain()
    assert bench.kinds(callback) == ["CallOperator", "HangUp"]
    assert bench.engine.centre.floor.calls[callback].state is CallState.RELEASING


LEFT = ev.NumberLeft(CallId("m-7.7"), "+81570012345", None, NUMBER, Instant(990.0), Instant(980.0))
"""A number that nobody may call: the model decides so at once."""


async def test_an_errand_is_handed_to_the_rest_of_the_house_and_no_call_waits_for_it() -> None:
    bench = Bench()
    bench.engine.submit(LEFT)
    assert [(errand.call, type(errand)) for errand in bench.out.errands] == [(LEFT.call, cmd.TakeUpNumber)]
    assert not bench.engine.has_orders(LEFT.call)


async def test_an_errand_for_which_nobody_is_there_stops_nothing() -> None:
    out = Recorder()
    model = Centre(plan(), PlainVoice(), random.Random(1))
    engine = Engine(model, out, out, out, lambda: Instant(1_000.0))
    engine.submit(LEFT)
    engine.submit(ev.CallArrived(A, None, NUMBER, "x@carrier"))
    assert engine.call_view(A) is not None
    engine.close()
