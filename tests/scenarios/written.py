"""The scenarios. Each says what must be written about its calls; both Asterisks have to agree with that.

*arrives* and the others below are what calls have in common: the same words in the same order.
"""

import asyncio
from collections.abc import Awaitable, Callable

from telephony.model import events as ev
from telephony.model.ids import AgentName, Instant
from telephony.model.rulings import Override
from tests.scenarios.stage import LIMIT_S, OneCall, Stage
from tests.simulation.asterisk.dial import BUSY, DECLINED
from tests.simulation.phones import Answer, Refuse, RingOut

Scenario = Callable[[Stage], Awaitable[None]]
SCENARIOS: dict[str, tuple[Scenario, str | None]] = {}
"""Each scenario, and the prompt whose sound is missing in it."""

RESTARTS: set[str] = set()
"""Scenarios in which the controller ends; ``tests/acceptance`` kills the real one as a whole process."""

GREETED = ["call.arrived", "call.answered", "menu.entered main"]
CHOSE = [*GREETED, "menu.key main 1", "queue.entered booking 1"]
A_MOMENT_S = 0.2
CLOSED = Override("1", opens=False, since=Instant(0), until=Instant(4_000_000_000))
"""The whole centre, today and for long."""


def scenario(*, missing: str | None = None, restarts: bool = False) -> Callable[[Scenario], Scenario]:
    """Enter a function into the table."""

    def enter(play: Scenario) -> Scenario:
        SCENARIOS[play.__name__] = (play, missing)
        RESTARTS.update([play.__name__] if restarts else [])
        return play

    return enter


def offered(agent: str, result: str, *, rang: bool = True) -> list[str]:
    """Return what is written about an offer."""
    ringing = [f"offer.rang {agent}"] if rang else []
    return [f"offer.made booking {agent}", *ringing, f"offer.ended {agent} {result}"]


def talked(agent: str) -> list[str]:
    """Return what is written about an offer that was taken up, and about the conversation."""
    connected = [f"call.connected booking {agent}", "recording.started"]
    return [*offered(agent, "answered"), *connected, f"call.talk_ended {agent}"]


def ended(outcome: str, by: str, *, queue: bool = True, reason: str = "") -> str:
    """Return the last fact."""
    return " ".join(each for each in ("call.ended", "booking" if queue else "", outcome, by, reason) if each)


async def chooses(stage: Stage, number: str = "09011112222") -> OneCall:
    """Let somebody call and press 1 in the menu."""
    call = await stage.call(number)
    await call.wrote("menu.entered")
    call.person.press("1")
    return call


@scenario()
async def the_operator_hangs_up_first(stage: Stage) -> None:
    await stage.operator("sato", Answer(talk_s=0.5))
    call = await chooses(stage)
    assert [*CHOSE, *talked("sato"), ended("answered", "agent")] == await call.ends()


@scenario()
async def the_caller_hangs_up_first(stage: Stage) -> None:
    await stage.operator("sato", Answer())
    call = await chooses(stage)
    await call.wrote("call.connected")
    await asyncio.sleep(A_MOMENT_S)
    call.person.leave()
    assert [*CHOSE, *talked("sato"), ended("answered", "caller")] == await call.ends()


@scenario()
async def nobody_answers_and_the_next_operator_does(stage: Stage) -> None:
    await stage.operator("sato", RingOut())
    await stage.operator("mori", Answer(talk_s=0.2))
    call = await chooses(stage)
    assert [*CHOSE, *offered("sato", "rna"), *talked("mori"), ended("answered", "agent")] == await call.ends()


@scenario()
async def the_caller_leaves_while_it_rings(stage: Stage) -> None:
    await stage.operator("sato", RingOut(), Answer(talk_s=0.2))
    call = await chooses(stage)
    await call.wrote("offer.rang")
    call.person.leave()
    assert [*CHOSE, *offered("sato", "caller-left"), ended("abandoned", "caller")] == await call.ends()
    after = await chooses(stage, "09033334444")
    assert [*CHOSE, *talked("sato"), ended("answered", "agent")] == await after.ends()


@scenario()
async def a_busy_telephone_is_passed_over(stage: Stage) -> None:
    await stage.operator("sato", Refuse(BUSY, after_s=0.2))
    await stage.operator("mori", Answer(talk_s=0.2))
    call = await chooses(stage)
    passed = offered("sato", "busy", rang=True)
    assert [*CHOSE, *passed, *talked("mori"), ended("answered", "agent")] == await call.ends()


@scenario()
async def a_telephone_that_declines_has_rejected(stage: Stage) -> None:
    await stage.operator("sato", Refuse(DECLINED, after_s=0.2))
    await stage.operator("mori", Answer(talk_s=0.2))
    call = await chooses(stage)
    passed = offered("sato", "rejected")
    assert [*CHOSE, *passed, *talked("mori"), ended("answered", "agent")] == await call.ends()


@scenario()
async def an_operator_rejects_on_the_screen(stage: Stage) -> None:
    await stage.operator("sato", RingOut())
    await stage.operator("mori", Answer(talk_s=0.2))
    call = await chooses(stage)
    rang = await call.wrote("offer.rang")
    stage.ask(ev.OfferRejected(AgentName("sato"), rang.data["offer"]))
    passed = offered("sato", "rejected")
    assert [*CHOSE, *passed, *talked("mori"), ended("answered", "agent")] == await call.ends()


@scenario()
async def an_operator_signs_out_while_it_rings(stage: Stage) -> None:
    await stage.operator("sato", RingOut())
    call = await chooses(stage)
    await call.wrote("offer.rang")
    stage.ask(ev.AgentLoggedOut(AgentName("sato")))
    await call.wrote("offer.ended")
    await stage.operator("mori", Answer(talk_s=0.2))
    passed = offered("sato", "withdrawn")
    assert [*CHOSE, *passed, *talked("mori"), ended("answered", "agent")] == await call.ends()


@scenario()
async def the_caller_leaves_in_the_menu(stage: Stage) -> None:
    call = await stage.call()
    await call.wrote("menu.entered")
    call.person.leave()
    assert [*GREETED, ended("abandoned", "caller", queue=False)] == await call.ends()


@scenario()
async def the_caller_leaves_during_the_greeting(stage: Stage) -> None:
    """Asterisk tells of the greeting's end first, and of the caller's right after."""
    call = await stage.call()
    await call.wrote("call.answered")
    await asyncio.sleep(A_MOMENT_S)
    call.person.leave()
    assert [*GREETED, ended("abandoned", "caller", queue=False)] == await call.ends()


@scenario()
async def no_key_leads_to_an_operator(stage: Stage) -> None:
    call = await stage.call()
    await call.wrote("queue.entered")
    call.person.leave()
    waited = ["queue.entered general 1", "queue.left general abandoned"]
    assert [*GREETED, *waited, "call.ended general abandoned caller"] == await call.ends()


@scenario()
async def a_key_typed_ahead_counts_once_the_menu_begins(stage: Stage) -> None:
    await stage.operator("sato", Answer(talk_s=0.2))
    call = await stage.call()
    await call.wrote("call.answered")
    await asyncio.sleep(A_MOMENT_S)
    call.person.press("1")
    assert [*CHOSE, *talked("sato"), ended("answered", "agent")] == await call.ends()


@scenario(missing="greeting")
async def a_missing_sound_does_not_hold_the_caller_up(stage: Stage) -> None:
    await stage.operator("sato", Answer(talk_s=0.2))
    call = await chooses(stage)
    assert [*CHOSE, *talked("sato"), ended("answered", "agent")] == await call.ends()


@scenario()
async def two_callers_share_one_operator(stage: Stage) -> None:
    await stage.operator("sato", Answer(talk_s=2.0), Answer(talk_s=0.2))
    first = await chooses(stage)
    await first.wrote("call.connected")
    second = await chooses(stage, "09033334444")
    assert [*CHOSE, *talked("sato"), ended("answered", "agent")] == await first.ends()
    waited = [*CHOSE, "wait.announced"]
    assert [*waited, *talked("sato"), ended("answered", "agent")] == await second.ends()


@scenario()
async def whoever_waits_is_served_when_somebody_signs_in(stage: Stage) -> None:
    """The announcement is heard meanwhile, and stopped for the operator."""
    call = await chooses(stage)
    await call.wrote("queue.entered")
    await asyncio.sleep(1.1)
    await stage.operator("sato", Answer(talk_s=0.2))
    assert [*CHOSE, *talked("sato"), ended("answered", "agent")] == await call.ends()


@scenario()
async def a_supervisor_ends_a_conversation(stage: Stage) -> None:
    await stage.operator("sato", Answer())
    call = await chooses(stage)
    await call.wrote("call.connected")
    await asyncio.sleep(A_MOMENT_S)
    stage.ask(ev.HangupRequested(call.id, "supervisor"))
    assert [*CHOSE, *talked("sato"), ended("answered", "supervisor")] == await call.ends()


@scenario()
async def a_number_that_is_not_ours_is_refused(stage: Stage) -> None:
    call = await stage.call(dialled="0120999999")
    why = "the dialled number is not ours"
    assert ["call.arrived", ended("refused", "system", queue=False, reason=why)] == await call.ends()


@scenario(restarts=True)
async def a_new_controller_takes_over_whoever_waits(stage: Stage) -> None:
    call = await chooses(stage)
    await call.wrote("queue.entered")
    await stage.kill()
    await stage.start()
    await stage.operator("sato", Answer(talk_s=0.2))
    assert [*CHOSE, *talked("sato"), ended("answered", "agent")] == await call.ends()


@scenario(restarts=True)
async def an_offer_in_flight_completes_without_a_controller(stage: Stage) -> None:
    """The pick-up was not seen; the conversation is found, and its end is seen."""
    await stage.operator("sato", Answer(after_s=0.5, talk_s=2.0))
    call = await chooses(stage)
    await call.wrote("offer.rang")
    await stage.kill()
    await asyncio.sleep(1)
    await stage.start()
    found = [
        "offer.made booking sato",
        "offer.rang sato",
        "call.connected booking sato",
        "call.talk_ended sato",
    ]
    assert [*CHOSE, *found, ended("answered", "agent")] == await call.ends()


@scenario(restarts=True)
async def who_calls_while_no_controller_is_there_comes_in_when_one_is(stage: Stage) -> None:
    await stage.kill()
    person = stage.dial()
    await asyncio.sleep(A_MOMENT_S)
    await stage.start()
    call = await stage.arrival(person)
    person.leave()
    assert ["call.arrived", "call.answered"] == (await call.ends())[:2]


@scenario(restarts=True)
async def a_caller_who_left_while_no_controller_was_there_has_left(stage: Stage) -> None:
    call = await chooses(stage)
    await call.wrote("queue.entered")
    await stage.kill()
    call.person.leave()
    await asyncio.sleep(A_MOMENT_S)
    await stage.start()
    why = "the end was not seen; end time unknown"
    assert [*CHOSE, ended("failed", "system", reason=why)] == await call.ends()


# --- self-service by keypad --------------------------------------------------------------------------------

NOTICE = "12345678#"
IDENTIFIED = "self_service.identified"
MADE = [IDENTIFIED, "self_service.done"]
BEGINS = ["overflow.key 5", "queue.left booking self-service", "self_service.started"]


async def begins_to_book(stage: Stage, number: str = "09011112222") -> OneCall:
    """Let somebody wait for nobody, and choose to book by keypad."""
    call = await chooses(stage, number)
    await call.wrote("queue.entered")
    await asyncio.sleep(A_MOMENT_S)
    call.person.press("5")
    await call.wrote("self_service.started")
    return call


async def hears_a_slot(stage: Stage, call: OneCall) -> None:
    """Let the caller type a notice number, and wait until a seat is kept."""
    call.person.press(NOTICE)
    async with asyncio.timeout(LIMIT_S):
        while call.id not in stage.booking.held:  # noqa: ASYNC110 - the booking tells nobody
            await asyncio.sleep(0.01)


@scenario()
async def a_reservation_is_made_by_keypad(stage: Stage) -> None:
    call = await begins_to_book(stage)
    await hears_a_slot(stage, call)
    call.person.press("1")
    done = await call.wrote("self_service.done")
    assert ("booked", True) == (done.data["does"], done.data["reservation"] in stage.booking.reservations)
    made = [*CHOSE, *BEGINS, *MADE, ended("self_service", "system")]
    assert made == await call.ends()


@scenario()
async def a_reservation_is_found_and_cancelled_by_keypad(stage: Stage) -> None:
    first = await begins_to_book(stage)
    await hears_a_slot(stage, first)
    first.person.press("1")
    await first.ends()
    call = await begins_to_book(stage, "09033334444")
    call.person.press(NOTICE)
    await call.wrote("self_service.identified", known=True)
    call.person.press("21")
    await call.wrote("self_service.done", does="cancelled")
    assert {} == stage.booking.reservations
    await call.ends()


@scenario()
async def a_caller_who_gives_up_the_keypad_is_served_at_the_same_place(stage: Stage) -> None:
    call = await begins_to_book(stage)
    await hears_a_slot(stage, call)
    call.person.press("0")
    await call.wrote("queue.entered", since=(await call.wrote("queue.entered")).data["since"])
    await stage.operator("sato", Answer(talk_s=0.2))
    back = ["queue.entered booking 1", *talked("sato"), ended("answered", "agent")]
    assert [*CHOSE, *BEGINS, IDENTIFIED, *back] == await call.ends()
    assert {} == stage.booking.held


@scenario()
async def a_booking_that_does_not_answer_leads_to_an_operator(stage: Stage) -> None:
    stage.booking.slowness = lambda: None
    call = await begins_to_book(stage)
    call.person.press(NOTICE)
    failed = await call.wrote("self_service.failed")
    assert "self-service-unavailable" == failed.data["reason"]
    await stage.operator("sato", Answer(talk_s=0.2))
    back = ["self_service.failed self-service-unavailable", "queue.entered booking 1"]
    assert [*CHOSE, *BEGINS, *back, *talked("sato"), ended("answered", "agent")] == await call.ends()


@scenario()
async def outside_hours_a_reservation_is_made_by_keypad(stage: Stage) -> None:
    stage.ask(ev.OverridesChanged((CLOSED,)))
    call = await stage.call()
    await call.wrote("call.answered")
    await asyncio.sleep(A_MOMENT_S)
    call.person.press("1")
    await call.wrote("self_service.started", after_hours=True)
    await hears_a_slot(stage, call)
    call.person.press("1")
    done = ["call.arrived", "call.answered", "self_service.started", *MADE]
    assert [*done, ended("self_service", "system", queue=False)] == await call.ends()


@scenario(restarts=True)
async def who_booked_by_keypad_when_the_controller_died_is_in_line_again(stage: Stage) -> None:
    call = await begins_to_book(stage)
    await hears_a_slot(stage, call)
    await stage.kill()
    await stage.start()
    await stage.operator("sato", Answer(talk_s=0.2))
    taken_over = [*CHOSE, *BEGINS, IDENTIFIED, *talked("sato")]
    assert [*taken_over, ended("answered", "agent")] == await call.ends()
