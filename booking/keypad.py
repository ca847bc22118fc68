"""Answers callers who book by keypad (``telephony.model.self_booking``), and keeps seats for them.

Questions of one call are answered one after another. Whatever goes wrong is an answer: the caller is led on
and never waits for a database in silence.
"""

import asyncio
import hashlib
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from pydantic import ValidationError

from agents.ports import Unavailable
from booking.database import RESERVATIONS, connected
from booking.errors import BookingError, SlotClosed, SlotFull
from booking.mynumber import holds_my_number
from booking.numbers import ReservationId
from booking.office import Office
from booking.search_keys import phone_key
from booking.shapes import Answer as Told
from booking.shapes import Clock, Once, Who
from booking.slots import SlotQuery
from booking.wishes import HoldWish, ReservationChange, ReservationWish
from config.schema.booking import Channel
from storage import Pool
from telephony.model import self_booking as sb
from telephony.model.commands import AskBooking, ForgetBooking
from telephony.model.events import BookingAnswered
from telephony.model.ids import CallId, Instant

KEYPAD = Who("keypad", Channel.KEYPAD)
LIMIT_S = 4.0
"""The dialogue gives up after six seconds."""

ROUNDS, CANDIDATES = 3, 10
"""How often is looked for free slots, and how many are tried each time: others may be faster."""

NAME, KANA = "（電話受付・お名前未確認）", "デンワウケツケ"
NOTE = "お電話の番号で受け付けた予約です。お名前と人数をご確認ください。"
"""What stands there until the city's staff have completed it: nobody can type a name on a telephone."""

log = structlog.get_logger(__name__)


class KeypadDesk:
    """Serves the dialogues of all calls. *submit* takes the answers to the model."""

    def __init__(
        self, office: Office, pool: Pool, clock: Clock, submit: Callable[[BookingAnswered], None]
    ) -> None:
        self._office, self._pool, self._clock, self._submit = office, pool, clock, submit
        self._holds: dict[CallId, str] = {}
        self._last: dict[CallId, asyncio.Task[None]] = {}

    def ask(self, command: AskBooking) -> None:
        """Answer a question, after those of this call that came before it."""
        self._in_turn(command.call, self._answer(command))

    def forget(self, command: ForgetBooking) -> None:
        """Give back what is kept for a call whose dialogue is over."""
        self._in_turn(command.call, self._release(command.call))

    async def close(self) -> None:
        """Wait for what is under way."""
        await asyncio.gather(*self._last.values(), return_exceptions=True)

    def _in_turn(self, call: CallId, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(_after(self._last.get(call), work), name=f"keypad {call}")
        self._last[call] = task
        task.add_done_callback(lambda done: self._over(call, done))

    def _over(self, call: CallId, done: asyncio.Task[None]) -> None:
        if self._last.get(call) is done:
            del self._last[call]
        if not done.cancelled() and (error := done.exception()) is not None:
            log.error("keypad.broken", call=call, exc_info=error)

    async def _answer(self, command: AskBooking) -> None:
        answer: sb.Answer
        try:
            async with asyncio.timeout(LIMIT_S):
                answer = await self._find_answer(command)
        except (Unavailable, TimeoutError) as error:
            log.warning("keypad.no_answer", call=command.call, reason=repr(error))
            answer = sb.NoAnswer()
        except BookingError as refusal:
            log.info("keypad.gone", call=command.call, reason=refusal.code)
            answer = sb.Gone()
        self._submit(BookingAnswered(command.call, command.number, answer))

    async def _find_answer(self, command: AskBooking) -> sb.Answer:
        call, question = command.call, command.question
        match question:
            case sb.LookUp():
                return await self._look_up(question.identity)
            case sb.Keep():
                return await self._keep(call, question)
            case sb.Book() if question.identity.notice and holds_my_number(question.identity.notice):
                return sb.MyNumber()
            case _:
                return await self._write(command)

    # --- who it is ---------------------------------------------------------------------------------------

    async def _look_up(self, identity: sb.Identity) -> sb.Answer:
        if identity.notice is not None and holds_my_number(identity.notice):
            return sb.MyNumber()
        phone = None if identity.phone is None else phone_key(identity.phone)
        async with connected(self._pool) as connection:
            row = await connection.fetchrow(
                RESERVATIONS["of_citizen"], identity.notice, phone, identity.birth_date, self._clock()
            )
        if row is None:
            return sb.Known(None)
        at = Instant(row["starts_at"].timestamp())
        return sb.Known(sb.Reservation(row["id"], row["venue"], row["service"], at, row["people"]))

    async def _name(self, identity: sb.Identity, phone: str) -> dict[str, str]:
        """Return the name under which this citizen booked before; else what stands for one."""
        who = (identity.notice, phone_key(phone), identity.birth_date)
        async with connected(self._pool) as connection:
            row = await connection.fetchrow(RESERVATIONS["name_of_citizen"], *who)
        return {"name": NAME, "kana": KANA, "notes": NOTE} if row is None else dict(row)

    # --- a slot ------------------------------------------------------------------------------------------

    async def _keep(self, call: CallId, wanted: sb.Keep) -> sb.Answer:
        """Keep seats in the slot that is wanted; what was read out before is given back only then."""
        if wanted.after is None:
            await self._release(call)
        for _ in range(ROUNDS):
            found = await self._next(wanted)
            if not found:
                return sb.Kept(None)
            for each in found:
                hold = await self._hold(call, each, wanted.people)
                if hold is not None:
                    await self._release(call)
                    self._holds[call] = hold
                    return sb.Kept(sb.FreeSlot(each["id"], each["venue"], _instant(each["starts_at"])))
        return sb.NoAnswer()

    async def _hold(self, call: CallId, slot: dict[str, Any], people: int) -> str | None:
        """Return the hold; None when somebody else was faster."""
        wish = HoldWish.model_validate({"slot": slot["id"], "people": people, "call": call})
        try:
            held = await self._office.holds.hold(wish, KEYPAD)
        except (SlotFull, SlotClosed):
            return None
        return str(held["id"])

    async def _next(self, wanted: sb.Keep) -> list[dict[str, Any]]:
        for venue, since in self._places(wanted):
            query = SlotQuery(venue, wanted.service, since, None, wanted.people, CANDIDATES)
            found, _ = await self._office.slots.find(query, Channel.KEYPAD)
            if found:
                return found
        return []

    def _places(self, wanted: sb.Keep) -> Iterator[tuple[str | None, datetime | None]]:
        """Yield where to look, and from when on: at the same venue, or at the others in the plan's order."""
        after = wanted.after
        if after is None:
            yield None, None
            return
        begins = datetime.fromtimestamp(after.starts_at, UTC)
        if wanted.by is sb.Next.TIME:
            yield after.venue, begins + timedelta(seconds=1)
        elif wanted.by is sb.Next.DAY:
            local = begins.astimezone(self._clock().tzinfo)
            midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
            yield after.venue, midnight + timedelta(days=1)
        else:
            names = [venue.name for venue in self._office.plan().venues]
            here = names.index(after.venue) if after.venue in names else -1
            yield from ((name, None) for name in (*names[here + 1 :], *names[: max(here, 0)]))

    async def _release(self, call: CallId) -> None:
        hold = self._holds.pop(call, None)
        if hold is None:
            return
        try:
            async with asyncio.timeout(LIMIT_S):
                await self._office.holds.release(hold, KEYPAD)
        except (BookingError, Unavailable, TimeoutError) as error:
            log.info("keypad.not_released", call=call, reason=repr(error))  # it runs out by itself

    # --- what is written ---------------------------------------------------------------------------------

    async def _write(self, command: AskBooking) -> sb.Answer:
        """Write it; a connection that broke on the way is asked again under the same key: one effect."""
        key = f"{command.call}:{command.number}"
        once = Once("keypad", "keypad", key, hashlib.sha256(key.encode()).digest())
        try:
            told = await self._once(command, once)
        except Unavailable:
            told = await self._once(command, once)
        except ValidationError as error:
            log.warning("keypad.refused", call=command.call, fields=[each["loc"] for each in error.errors()])
            return sb.NoAnswer()
        self._office.calls.note(command.call, told.content["id"])
        self._holds.pop(command.call, None)  # its seats are the reservation's now
        at, people = _instant(told.content["starts_at"]), told.content["people"]
        number, venue, service = (str(told.content[name]) for name in ("id", "venue", "service"))
        return sb.Done(sb.Reservation(number, venue, service, at, people))

    async def _once(self, command: AskBooking, once: Once) -> Told:
        call, question, hold = command.call, command.question, self._holds.get(command.call)
        if isinstance(question, sb.Book):
            identity = question.identity
            phone = identity.phone or question.caller or ""
            said = {"phone": phone, "birth_date": identity.birth_date, "notice_number": identity.notice}
            where = {"slot": question.slot.slot, "hold": hold, "call": call}
            wish = ReservationWish.model_validate(said | where | await self._name(identity, phone))
            return await self._office.making.reserve(wish, KEYPAD, once)
        if isinstance(question, sb.Move):
            where = {"slot": question.slot.slot, "hold": hold, "call": call}
            change = ReservationChange.model_validate(where)
            number = ReservationId(question.reservation.number)
            return await self._office.changing.change(number, change, KEYPAD, once)
        if isinstance(question, sb.Cancel):
            number = ReservationId(question.reservation.number)
            return await self._office.changing.cancel(number, KEYPAD, call, once)
        raise TypeError(f"{question!r} writes nothing")


async def _after(before: asyncio.Task[None] | None, work: Coroutine[Any, Any, None]) -> None:
    if before is not None:
        await asyncio.wait({before})
    await work


def _instant(written: str) -> Instant:
    return Instant(datetime.fromisoformat(written).timestamp())
