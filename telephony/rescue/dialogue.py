"""What the rescue asks a caller whom nobody else can serve: whom to call back, confirmed by key (R3).

A wish is kept durably before the caller is thanked for it. Whoever presses nothing hears the dialplan's own
last words; so does everybody if this process dies in mid-sentence.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from telephony.asterisk import numbers
from telephony.model.dialable import Refusal, checked
from telephony.rescue.agi import Session

YES, OTHER = "1", "2"
KEY_S = 6.0
"""How long to wait for a key after a question: many callers are elderly."""

PAUSE_S = 8.0
ASKED_AT_MOST = 3
LONGEST_NUMBER = 11
_EPOCH = re.compile(r"[0-9]{1,10}(\.[0-9]{1,6})?", re.ASCII)
RESTRICTED, PRESENTATION = 0x20, 0x60
"""``agi_callingpres``: the bits that say whether the number may be shown (Q.931 section 4.5.10)."""

Phrase = Callable[[str, str | None], Sequence[str]]
"""A prompt, and the number that it says if it says one → the sounds, as paths."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody wants to be called back. *caller* is who called, None if withheld; numbers are E.164.

    *arrived_at* (seconds since 1970) is when the call came, as far as the dialplan knows.
    """

    call: str
    number: str
    caller: str | None
    dialled: str
    arrived_at: float | None


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One conversation. *keep* returns when the wish is durable; it raises for a wish that is not."""

    session: Session
    phrase: Phrase
    own: frozenset[str]
    keep: Callable[[Wish], Awaitable[None]]

    async def run(self) -> None:
        """Ask, and keep what was asked for. Raises `agi.HungUp`, and what *keep* raises."""
        await self.session.answer()
        shown = _shown(self.session)
        number = await self._agree(self._callable(shown))
        if number is None:
            return
        dialled = unquote(await self.session.variable("MADOGUCHI_DIALLED"), errors="replace")
        arrived = _instant(await self.session.variable("MADOGUCHI_BEGUN"))
        call = self.session.headers["agi_uniqueid"]
        await self.keep(Wish(call, number, shown, numbers.number(dialled), arrived))
        await self.session.set_variable("MADOGUCHI_ASKED", "yes")
        await self._say("rescue-thanks", "")

    async def _agree(self, suggested: str | None) -> str | None:
        """Return the number that the caller confirmed, or None."""
        await self._say("rescue-offer", "")
        number = suggested
        for _ in range(ASKED_AT_MOST):
            if number is None:
                number = await self._ask_number()
                if number is None:
                    continue
            match await self._confirm(number):
                case "1":
                    return number
                case "2":
                    number = None
                case _:
                    pass
        return None

    async def _ask_number(self) -> str | None:
        (sound,) = self.phrase("rescue-ask-number", None)
        typed = await self.session.digits(sound, PAUSE_S, LONGEST_NUMBER)
        number = self._callable(typed)
        if typed and number is None:
            await self._say("rescue-wrong-number", "")
        return number

    def _callable(self, text: str | None) -> str | None:
        number = checked(text, self.own)
        return None if isinstance(number, Refusal) else number

    async def _confirm(self, number: str) -> str:
        keys = YES + OTHER
        sounds = [*self.phrase("callback-number", number), *self.phrase("rescue-confirm", None)]
        return await self._play(sounds, keys) or await self.session.wait_for_key(KEY_S)

    async def _say(self, prompt: str, keys: str) -> str:
        return await self._play(self.phrase(prompt, None), keys)

    async def _play(self, sounds: Sequence[str], keys: str) -> str:
        for sound in sounds:
            if pressed := await self.session.play(sound, keys):
                return pressed
        return ""


def _shown(session: Session) -> str | None:
    """Return who calls, unless that is withheld."""
    presentation = session.headers.get("agi_callingpres", "0")
    withheld = presentation.isdigit() and int(presentation) & PRESENTATION == RESTRICTED
    return None if withheld else numbers.caller(session.headers.get("agi_callerid", ""))


def _instant(text: str) -> float | None:
    return float(text) if _EPOCH.fullmatch(text) else None
