"""What the rescue asks a caller whom nobody else can serve: whom to call back, confirmed by key (R3).

A wish is kept durably before the caller is thanked for it. Whoever presses nothing hears the dialplan's own
last words; so does everybody if this process dies in mid-sentence.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from telephony.asterisk import numbers
from telephony.rescue.agi import Session
from telephony.rescue.number import callable_number

YES, OTHER = "1", "2"
KEY_S = 6.0
"""How long to wait for a key after a question: many callers are elderly."""

PAUSE_S = 8.0
ASKED_AT_MOST = 3
LONGEST_NUMBER = 11
RESTRICTED, PRESENTATION = 0x20, 0x60
"""``agi_callingpres``: the bits that say whether the number may be shown (Q.931 section 4.5.10)."""

Phrase = Callable[[str, str | None], Sequence[str]]
"""A prompt, and the number that it says if it says one → the sounds, as paths."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody wants to be called back. *caller* is who called, None if withheld; numbers are E.164."""

    call: str
    number: str
    caller: str | None


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
        number = await self._agree(callable_number(shown, self.own))
        if number is None:
            return
        await self.keep(Wish(self.session.headers["agi_uniqueid"], number, shown))
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
        number = callable_number(typed, self.own)
        if typed and number is None:
            await self._say("rescue-wrong-number", "")
        return number

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
