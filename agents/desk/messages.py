"""The shapes of what the desk sends: one function per message type, from views to JSON.

Every message is a JSON object ``{"seq", "type", "at", …}``; ``seq`` is put in front by the log. Times are
ISO 8601 with offset, durations seconds.

=============== ==========================================================================================
snapshot        user, role, agent | null, offers, call | null, agents, queues, calls, alerts, pause_reasons,
                dispositions
offer           offer, call, queue, queue_title, script, caller, caller_written, withheld, dialled,
                menu_path, arrived_at, waited_s, priority, callback | null, history | null, history_state
offer_ended     offer, call, result
outreach        call, outreach, result, proposed | null   (an outreach call that has reached nobody)
call            call {id, state, …}, and history when it has just become known; state "ended" is the last
agent, queue    the object, as ``/api/agents`` and ``/api/queues`` give it; state "removed" is the last
alert           key, severity ("warning" | "critical"), text, runbook, opened_at, closed_at | null,
                acknowledged_by | null, acknowledged_at | null
notice          level ("info" | "problem"), code, text, ref (of the message it answers); by (of a broadcast)
=============== ==========================================================================================

``callback`` is set when the call is a callback: ``{"number", "asked_by", "asked_from", "asked_at", "due_by",
"attempts", "results", …}``; picking up rings the citizen.
``call.outreach`` (and that of an ``offer``) is the row of an outreach call, else null; its states are
``dialling`` (one's own phone rings), ``reaching`` (the target's), ``talking``. *result* of the ``outreach``
message says how it failed, *proposed* what came of it in the words of the outreach list.
``call.line`` is set while it stands in line: ``{"tier", "tiers", "tier_opens_at", "step", "steps",
"step_comes_at", "choices"}`` (``telephony.views.WaitingView``).
``call.consultation`` names whom the operator asked to join: ``[{"operator", "mode", "joined"}]``.
``call.supervision`` names the supervisors who are on it: ``[{"supervisor", "mode", "since"}]``.
``history`` is ``{"calls": […], "reservations": […] | null}``; ``history_state`` is ``ready``, ``pending`` (a
``call`` message will bring it), ``unavailable`` (the database cannot be reached) or ``withheld`` (no number).
"""

import json
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from agents.desk.alerts import Alert
from agents.writing import iso, optional_iso, phone_number
from config.schema import Centre, Queue
from telephony.model.commands import EndOffer, ShowOffer, ShowOutreach
from telephony.model.ids import CallId, Instant
from telephony.model.measures.measure import Measure
from telephony.model.outreach.shape import PROPOSED
from telephony.model.supervision.session import Mode
from telephony.views import AgentView, CallbackView, CallView, QueueView, WaitingView

CONSULTED = {
    Mode.LISTEN: "advise",
    Mode.WHISPER: "advise",
    Mode.BARGE: "conference",
    Mode.TAKEOVER: "complete",
    Mode.CONSULT: "consult",
}
"""What a mode is called for somebody whom the operator asked to join."""

ENDED = "ended"
"""The state in the last message about a call."""


def encode(kind: str, at: str, content: Mapping[str, Any]) -> bytes:
    """Return the message without its number; what is not valid Unicode in a text becomes ``?``."""
    message = {"type": kind, "at": at, **content}
    try:
        return orjson.dumps(message)
    except TypeError:
        # A lone surrogate (undecodable bytes of a hostile caller id), which orjson refuses to write.
        return json.dumps(message, ensure_ascii=False).encode("utf-8", "replace")


def call_content(view: CallView, zone: ZoneInfo) -> dict[str, Any]:
    """A live call as an object."""
    return {
        "id": view.id,
        "state": view.state,
        "caller": view.caller,
        "caller_written": phone_number(view.caller),
        "withheld": view.caller is None,
        "dialled": view.dialled,
        "queue": view.queue,
        "menu_path": view.menu_path,
        "arrived_at": iso(view.arrived_at, zone),
        "waiting_since": optional_iso(view.waiting_since, zone),
        "connected_at": optional_iso(view.connected_at, zone),
        "agent": view.agent,
        "offer": view.offer,
        "priority": view.priority,
        "recording_paused": view.recording_paused,
        "callback": _callback_of(view, zone),
        "supervision": [
            {"supervisor": each.supervisor, "mode": each.mode, "since": iso(each.since, zone)}
            for each in view.supervision
        ],
        "consultation": [
            {"operator": each.operator, "mode": CONSULTED[Mode(each.mode)], "joined": each.joined}
            for each in view.consultation
        ],
        "line": None if view.line is None else _line_content(view.line, zone),
        "outreach": view.outreach,
    }


def _line_content(view: WaitingView, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "tier": view.tier,
        "tiers": view.tiers,
        "tier_opens_at": optional_iso(view.tier_opens_at, zone),
        "step": view.step,
        "steps": view.steps,
        "step_comes_at": optional_iso(view.step_comes_at, zone),
        "choices": list(view.choices),
    }


def for_operator(content: dict[str, Any], plan: Centre) -> dict[str, Any]:
    """Return a live call as its operator may see it: who listens only if the setting says so."""
    return content if plan.supervision.shown_to_operator else {**content, "supervision": []}


def callback_content(view: CallbackView, zone: ZoneInfo) -> dict[str, Any]:
    """What is known of a callback, as an object."""
    return {
        "number": view.number,
        "number_written": phone_number(view.number),
        "asked_by": view.asked_by,
        "asked_from": view.asked_from,
        "asked_at": iso(view.asked_at, zone),
        "due_by": iso(view.due_by, zone),
        "attempts": view.attempts,
        "results": list(view.results),
        "rests_until": optional_iso(view.rests_until, zone),
        "position": view.position,
    }


def _callback_of(view: CallView, zone: ZoneInfo) -> dict[str, Any] | None:
    return None if view.callback is None else callback_content(view.callback, zone)


def ended_call_content(call: CallId) -> dict[str, Any]:
    """A call that is over, as an object: its record is at ``/api/calls/{id}``."""
    return {"id": call, "state": ENDED}


def agent_content(view: AgentView, zone: ZoneInfo) -> dict[str, Any]:
    """An operator as an object."""
    return {
        "name": view.name,
        "title": view.title,
        "extension": view.extension,
        "state": view.state,
        "reason": view.reason,
        "since": iso(view.since, zone),
        "call": view.call,
        "pending_pause": view.pending_pause,
        "registered": view.registered,
        "acw_until": optional_iso(view.acw_until, zone),
    }


def queue_content(view: QueueView, zone: ZoneInfo) -> dict[str, Any]:
    """A queue as an object."""
    return {
        "name": view.name,
        "title": view.title,
        "waiting": view.waiting,
        "longest_wait_since": optional_iso(view.longest_wait_since, zone),
        "ready": view.ready,
        "talking": view.talking,
        "paused": view.paused,
        "expected_wait_s": None if view.expected_wait_s is None else round(view.expected_wait_s, 1),
        "measures": [measure_content(measure, zone) for measure in view.measures],
    }


def measure_content(measure: Measure, zone: ZoneInfo) -> dict[str, Any]:
    """What is changed about a queue for a while, as an object."""
    return {
        "kind": measure.kind,
        "since": iso(measure.since, zone),
        "until": iso(measure.until, zone),
        "by": measure.by,
        "waiting": measure.waiting,
        "tiers": [tier.model_dump() for tier in measure.tiers],
    }


def alert_content(alert: Alert, zone: ZoneInfo) -> dict[str, Any]:
    """An alert as an object; with ``closed_at`` it is over."""
    return {
        "key": alert.key,
        "severity": alert.severity,
        "text": alert.text,
        "runbook": alert.runbook,
        "opened_at": iso(alert.opened_at, zone),
        "closed_at": optional_iso(alert.closed_at, zone),
        "acknowledged_by": alert.acknowledged_by,
        "acknowledged_at": optional_iso(alert.acknowledged_at, zone),
    }


def offer_content(
    command: ShowOffer, view: CallView | None, queue: Queue | None, now: Instant, zone: ZoneInfo
) -> dict[str, Any]:
    """Everything that the screen-pop shows, but the history. *view* is None if the call is already gone."""
    content: dict[str, Any] = {"offer": command.offer, "call": command.call}
    if queue is not None:
        content |= {"queue": queue.name, "queue_title": queue.title, "script": queue.script}
    if view is None:
        return content
    return content | {
        "caller": view.caller,
        "caller_written": phone_number(view.caller),
        "withheld": view.caller is None,
        "dialled": view.dialled,
        "menu_path": view.menu_path,
        "arrived_at": iso(view.arrived_at, zone),
        "waited_s": round(now - (view.waiting_since or view.arrived_at), 1),
        "priority": view.priority,
        "callback": _callback_of(view, zone),
        "outreach": view.outreach,
    }


def offer_ended_content(command: EndOffer) -> dict[str, Any]:
    """The end of an offer."""
    return {"offer": command.offer, "call": command.call, "result": command.result}


def outreach_content(command: ShowOutreach) -> dict[str, Any]:
    """An outreach call that has reached nobody."""
    return {
        "call": command.call,
        "outreach": command.row,
        "result": command.result,
        "proposed": PROPOSED.get(command.result),
    }
