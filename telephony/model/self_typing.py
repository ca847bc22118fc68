"""What is typed in the dialogue by keypad, and what it means: a notice number, a telephone number, a day.

Each returns the next question, or `READY` when the caller has said who it is; None for what is no answer.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime

from telephony.model.call import Call
from telephony.model.floor import Floor
from telephony.model.self_booking import SelfService, Talk

READY = True
_NOTICE = re.compile(r"[0-9]{6,20}", re.ASCII)
"""Shorter ones are guessed too easily: whoever types a number may change what it stands for."""

_PHONE = re.compile(r"0[0-9]{9,10}", re.ASCII)
_CALLER = re.compile(r"\+81[1-9][0-9]{8,9}", re.ASCII)
_OLDEST = date(1900, 1, 1)

Entered = Talk | bool | None


def own_number(call: Call) -> str | None:
    """Return the number that the call comes from, if it is one of Japan's."""
    return call.caller if call.caller is not None and _CALLER.fullmatch(call.caller) else None


def _notice(floor: Floor, call: Call, service: SelfService) -> Entered:
    """A notice number; nothing for somebody who has none at hand."""
    del floor
    if not service.digits:
        return Talk.PHONE
    if not _NOTICE.fullmatch(service.digits):
        return None
    service.notice, service.phone = service.digits, own_number(call)
    return READY


def _phone(floor: Floor, call: Call, service: SelfService) -> Entered:
    """A telephone number; nothing for the one that the call comes from."""
    del floor
    number = service.digits or own_number(call)
    if number is None or (service.digits and not _PHONE.fullmatch(service.digits)):
        return None
    service.phone = number
    return Talk.BIRTH if service.notice is None else READY


def _birth(floor: Floor, call: Call, service: SelfService) -> Entered:
    """A date of birth, ``YYYYMMDD``."""
    del call
    try:
        born = datetime.strptime(service.digits, "%Y%m%d").date()  # noqa: DTZ007 - a date has no zone
    except ValueError:
        return None
    if (
        len(service.digits) != len("YYYYMMDD")
        or not _OLDEST <= born <= floor.calendar.local(floor.now).date()
    ):
        return None
    service.birth_date = born
    return READY


ENTERED: Mapping[Talk, Callable[[Floor, Call, SelfService], Entered]] = {
    Talk.NOTICE: _notice,
    Talk.PHONE: _phone,
    Talk.BIRTH: _birth,
}
