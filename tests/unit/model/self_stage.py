"""A stage for self-service by keypad: callers begin it, and a test writes what the booking answers."""

from dataclasses import replace

from config.schema import Centre
from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model import self_booking as sb
from telephony.model.ids import CallId, Instant
from tests.unit.model.callback_stage import CALLER
from tests.unit.model.plans import plan
from tests.unit.model.stage import Stage, booker

KEY = "5"
"""The overflow key that begins it."""

MONDAY = Instant(1_796_601_600.0)  # 2026-12-07 00:00 UTC, which is 09:00 in Japan
NOW = Instant(MONDAY - 864_000)
OPENS = Instant(NOW + 8_000)
SLOT = sb.FreeSlot("12-collection", "koseki", MONDAY)
LATER = replace(SLOT, slot="13-collection", starts_at=Instant(MONDAY + 1_800))
BOOKED = sb.Reservation("123456782", "koseki", "collection", MONDAY)
NOTICE, BIRTH = "12345678", "19800405"


def after_hours_plan(**changes: object) -> Centre:
    return plan(self_service={"service": "collection", "after_hours": True}, **changes)


class SelfStage(Stage):
    """`Stage`, and a booking whose answers a test writes."""

    def __init__(self, *people: str, centre: Centre | None = None) -> None:
        super().__init__(*(booker(name) for name in people or ("sato",)), centre=centre)
        self.now = NOW
        self.play(ev.PhoneChanged(self.operator("sato").name, registered=True))

    def begins(self, call: str = "a", caller: str | None = CALLER) -> "SelfStage":
        """Let *call* wait and begin the dialogue."""
        self.waiting(call, caller)
        self.timer(call)
        self.key(call, KEY)
        return self

    def keys(self, keys: str, call: str = "a") -> "SelfStage":
        for key in keys:
            self.key(call, key)
        return self

    def question(self, call: str = "a") -> sb.Question:
        """Return what the booking is asked last."""
        return self._asked(call).question

    def answer(self, answer: sb.Answer, call: str = "a", after: float = 0.1) -> "SelfStage":
        """Let the booking answer its last question."""
        self.play(ev.BookingAnswered(CallId(call), self._asked(call).number, answer), after=after)
        return self

    def _asked(self, call: str) -> cmd.AskBooking:
        return [c for c in self.all if isinstance(c, cmd.AskBooking) and c.call == call][-1]

    def hears(self) -> tuple[str, ...]:
        """Return what the last event let be said."""
        return tuple(sound for said in self.of(cmd.Play) for sound in said.sounds)

    def offered(self, call: str = "a") -> "SelfStage":
        """Let the caller tell a notice number that nobody knows, and hear a slot."""
        self.begins(call).keys(f"{NOTICE}#", call)
        return self.answer(sb.Known(None), call).answer(sb.Kept(SLOT), call)

    def found(self, call: str = "a") -> "SelfStage":
        """Let the caller tell a notice number with a reservation."""
        return self.begins(call).keys(f"{NOTICE}#", call).answer(sb.Known(BOOKED), call)

    def in_line(self, call: str = "a") -> bool:
        """Whether *call* stands in line."""
        return CallId(call) in self.model.floor.line
