"""Reads what the dialplan noted of calls that we place (``[noted]`` and ``[called]`` there).

Asterisk's own database holds two lines for each operator's phone: when somebody outside picked up, and how
``Dial()`` ended. Each names the leg, and so the offer. Source: AMI action DBGetTree.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from dialplan.render import NOTED
from telephony.asterisk.errors import Refused
from telephony.asterisk.manager_link import Fields
from telephony.model.events import DialStatus, NotedDial
from telephony.model.ids import Instant, OfferId
from telephony.model.operator_leg import read_operator_leg

Ask = Callable[..., Awaitable[Sequence[Fields]]]
"""`Manager.ask`."""

_ANSWERED, _RETURNED = f"/{NOTED}/answered/", f"/{NOTED}/returned/"
_BY_OPERATOR = "operator"


async def noted_dials(ask: Ask) -> Mapping[OfferId, NotedDial]:
    """Return what was noted, by offer. Raises `Unavailable`; an Asterisk that says no has noted nothing."""
    try:
        answer = await ask("DBGetTree", Family=NOTED)
    except Refused:
        return {}
    return read((each.get("Key", ""), each.get("Val", "")) for each in answer)


def read(lines: Iterable[tuple[str, str]]) -> Mapping[OfferId, NotedDial]:
    """Read keys and values; what is none of the dialplan's is passed over."""
    found: dict[OfferId, NotedDial] = {}
    for key, value in lines:
        leg, *cells = value.split(",")
        named = read_operator_leg(leg)
        at = _instant(cells[0]) if cells else None
        if named is None or at is None:
            continue
        known = found.get(named.offer, NotedDial())
        if key.startswith(_ANSWERED):
            found[named.offer] = replace(known, answered_at=at)
        elif key.startswith(_RETURNED) and len(cells) == len(("at", "status", "who")):
            found[named.offer] = _returned(known, at, *cells[1:])
    return found


def _returned(known: NotedDial, at: Instant, status: str, who: str) -> NotedDial:
    """Add how it ended. Without a status nobody was dialled: the operator left before."""
    if status not in DialStatus.__members__:
        return known
    return replace(known, ended_at=at, status=DialStatus(status), by_operator=who == _BY_OPERATOR)


def _instant(text: str) -> Instant | None:
    try:
        return Instant(float(text))
    except ValueError:
        return None
