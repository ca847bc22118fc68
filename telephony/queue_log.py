"""Our journal as Asterisk's ``queue_log``, so that tools made for app_queue can read our history.

Events and their data are those of https://docs.asterisk.org/Operation/Logging/Queue-Logs/ and of
``app_queue.c``. Pure. Where our centre differs from app_queue: an operator pauses everywhere at once
(PAUSEALL, then PAUSE in each queue, as app_queue writes it); one who does not respond is auto-paused; a
caller whom we move or send away has left that queue with EXITWITHTIMEOUT.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from telephony.entries import AGENT, Entry, call_of
from telephony.model.facts import EndedBy
from telephony.model.ids import AgentName, QueueName

NONE = "NONE"
AUTO_PAUSE = "Auto-Pause"
RING_CANCELED = frozenset({"withdrawn", "caller-left"})
AWAY = frozenset({"paused", "not-responding"})
LOGGED_OUT = "logged-out"


@dataclass(frozen=True, slots=True)
class Line:
    """One line; *at* in seconds since 1970."""

    at: float
    call: str
    queue: str
    agent: str
    event: str
    data: tuple[str, ...] = ("",)

    def __str__(self) -> str:
        """Return ``time|callid|queue|agent|event|data…`` (Asterisk: ``ast_queue_log``)."""
        cells = (str(int(self.at)), self.call, self.queue, self.agent, self.event, *self.data)
        return "|".join(_cell(cell) for cell in cells)


def _cell(text: str) -> str:
    """A caller's number may hold anything; a line has one meaning only."""
    return "".join(" " if letter == "|" or not letter.isprintable() else letter for letter in text)


@dataclass(slots=True)
class _Ringing:
    agent: str
    queue: str
    since: float
    leg: str = ""


@dataclass(slots=True)
class _Call:
    """One call on its way through the queues."""

    id: str
    lines: list[Line] = field(default_factory=list)
    caller: str = ""
    queue: str = NONE
    entered_at: float | None = None
    position: int = 1
    ringing: dict[str, _Ringing] = field(default_factory=dict)
    agent: str | None = None
    held_s: int = 0
    talking_since: float | None = None
    talk_ended_at: float | None = None
    talked_s: float = 0.0

    def say(self, at: float, event: str, *data: object, agent: str = NONE, queue: str | None = None) -> None:
        cells = tuple("" if cell is None else str(cell) for cell in data)
        self.lines.append(Line(at, self.id, queue or self.queue, agent, event, cells))


def call_lines(entries: Iterable[Entry]) -> list[Line]:
    """Return the lines of one call, whose whole journal *entries* is."""
    call: _Call | None = None
    for entry in entries:
        if entry.kind == "outreach.requested":  # it was in no queue; `app_queue` knows nothing of such calls
            return []
        call = call or _Call(call_of(entry.stream) or NONE)
        step = _STEPS.get(entry.kind)
        if step is not None:
            step(call, entry.at, entry.data)
    return call.lines if call else []


def _arrived(call: _Call, _at: float, data: Mapping[str, Any]) -> None:
    call.caller = data.get("caller") or ""


def _entered(call: _Call, at: float, data: Mapping[str, Any]) -> None:
    call.queue, call.entered_at = data.get("queue") or NONE, at
    call.position = data.get("position") or 1
    call.say(at, "ENTERQUEUE", "", call.caller, call.position)


def _left(call: _Call, at: float, data: Mapping[str, Any]) -> None:
    if data.get("reason") != "connected":
        _leave(call, at, "ABANDON" if data.get("reason") == "abandoned" else "EXITWITHTIMEOUT")


def _leave(call: _Call, at: float, event: str) -> None:
    """Position, original position, seconds waited: the journal knows the place at entry only."""
    if call.entered_at is not None:
        call.say(at, event, call.position, call.position, int(at - call.entered_at))
        call.entered_at = None


def _offered(call: _Call, at: float, data: Mapping[str, Any]) -> None:
    queue = data.get("queue") or call.queue
    call.ringing[str(data.get("offer"))] = _Ringing(data.get("agent") or NONE, queue, at)


def _rang(call: _Call, at: float, data: Mapping[str, Any]) -> None:
    ringing = call.ringing.get(str(data.get("offer")))
    if ringing is not None:
        ringing.since, ringing.leg = at, data.get("leg") or ""


def _offer_ended(call: _Call, at: float, data: Mapping[str, Any]) -> None:
    ringing = call.ringing.get(str(data.get("offer")))
    if ringing is None or data.get("result") == "answered":
        return
    event = "RINGCANCELED" if data.get("result") in RING_CANCELED else "RINGNOANSWER"
    call.say(at, event, round((at - ringing.since) * 1_000), agent=ringing.agent, queue=ringing.queue)


def _connected(call: _Call, at: float, data: Mapping[str, Any]) -> None:
    call.agent, call.talking_since = data.get("agent") or NONE, at
    waited = data.get("waited_s")
    if waited is None:
        waited = 0 if call.entered_at is None else at - call.entered_at
    call.held_s, call.entered_at = int(waited), None
    ringing = call.ringing.get(str(data.get("offer"))) or _Ringing(call.agent, call.queue, at)
    call.say(at, "CONNECT", call.held_s, ringing.leg, int(at - ringing.since), agent=call.agent)


def _talk_ended(call: _Call, at: float, data: Mapping[str, Any]) -> None:
    if call.talking_since is not None:
        call.talk_ended_at = at
        call.talked_s = data.get("talked_s") or at - call.talking_since


def _ended(call: _Call, at: float, data: Mapping[str, Any]) -> None:
    """Say who hung up; this is known only now, and stands at the time the talk ended."""
    by_caller = data.get("ended_by") == EndedBy.CALLER
    _leave(call, at, "ABANDON" if by_caller else "EXITWITHTIMEOUT")
    if call.agent is None or call.talking_since is None:
        return
    ended_at = at if call.talk_ended_at is None else call.talk_ended_at
    talked = at - call.talking_since if call.talk_ended_at is None else call.talked_s
    event = "COMPLETECALLER" if by_caller else "COMPLETEAGENT"
    call.say(ended_at, event, call.held_s, int(talked), call.position, agent=call.agent)
    call.agent = None


def _transferred(call: _Call, at: float, data: Mapping[str, Any]) -> None:
    """Say to whom and what that is, where ``app_queue`` writes extension and context."""
    if call.agent is None or call.talking_since is None:
        return
    talked = at - call.talking_since if call.talk_ended_at is None else call.talked_s
    where = (data.get("name") or "", data.get("target") or "")
    call.say(at, "BLINDTRANSFER", *where, call.held_s, int(talked), call.position, agent=call.agent)
    call.agent = call.talking_since = call.talk_ended_at = None


def _taken_over(call: _Call, at: float, data: Mapping[str, Any]) -> None:
    """Say that the operator handed the call over; of other takeovers ``app_queue`` knows nothing."""
    if not data.get("invited_by") or call.agent is None:
        return
    to = data.get("agent") or NONE
    call.say(
        at, "ATTENDEDTRANSFER", "BRIDGE", to, call.held_s, int(call.talked_s), call.position, agent=call.agent
    )
    call.agent = call.talking_since = None


_STEPS = {
    "call.arrived": _arrived,
    "queue.entered": _entered,
    "queue.left": _left,
    "offer.made": _offered,
    "offer.rang": _rang,
    "offer.ended": _offer_ended,
    "call.connected": _connected,
    "call.talk_ended": _talk_ended,
    "call.transferred": _transferred,
    "call.taken_over": _taken_over,
    "call.ended": _ended,
}


def agent_lines(
    entries: Iterable[Entry], queues_of: Mapping[AgentName, Sequence[QueueName]], before: str = LOGGED_OUT
) -> list[Line]:
    """Return the lines of one operator, whose *entries* these are, in order; *before* is the state before.

    *queues_of* names the queues that each operator serves.
    """
    lines: list[Line] = []
    for entry in entries:
        state = str(entry.data.get("state"))
        agent = AgentName(entry.stream.removeprefix(AGENT))
        lines += _change(entry, before, state, agent, queues_of.get(agent, ()))
        before = state
    return lines


def _change(
    entry: Entry, before: str, state: str, agent: AgentName, queues: Sequence[QueueName]
) -> Iterable[Line]:
    def each(event: str, data: str = "") -> Iterable[Line]:
        return [Line(entry.at, NONE, queue, agent, event, (data,)) for queue in queues]

    def everywhere(event: str, data: str = "") -> Iterable[Line]:
        return [Line(entry.at, NONE, NONE, agent, f"{event}ALL"), *each(event, data)]

    if before == LOGGED_OUT and state != LOGGED_OUT:
        yield from each("ADDMEMBER", "PAUSED" if state in AWAY else "")
    if before in AWAY and state not in AWAY:
        yield from everywhere("UNPAUSE")
    if state in AWAY and state != before:
        told = entry.data.get("reason") or ""
        yield from everywhere("PAUSE", AUTO_PAUSE if state == "not-responding" else told)
    if state == LOGGED_OUT and before != LOGGED_OUT:
        yield from each("REMOVEMEMBER")
