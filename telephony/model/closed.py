"""Calls that nobody answers now: outside hours, and in the disaster mode (R4, R17).

The announcement is put together from the calendar: the reason, and when it opens next. It is heard to its
end, and the record says ``closed`` or ``emergency``. Outside hours the caller may then book by keypad, if the
plan has that.
"""

from collections.abc import Iterable, Mapping

from config.schema import AtClosing
from telephony.model import self_offer
from telephony.model.call import Call, Verdict
from telephony.model.ending import end_with_words, leave_line
from telephony.model.facts import EndedBy, Outcome
from telephony.model.floor import Floor
from telephony.model.ids import Instant, QueueName
from telephony.model.rulings import Reason, Ruling

REASON_PROMPTS = {
    Reason.DAY_OFF: "closed-day-off",
    Reason.HOLIDAY: "closed-holiday",
    Reason.YEAR_END: "closed-year-end",
    Reason.BEFORE: "closed-before-hours",
    Reason.AFTER: "closed-after-hours",
    Reason.BREAK: "closed-between-hours",
    Reason.EXCEPTION: "closed-exception",
    Reason.AD_HOC: "closed-exception",
}
"""What is said for each reason to be closed."""


def turned_away(floor: Floor, call: Call, queue: QueueName | None = None) -> bool:
    """Say why nobody answers and end *call*, if it comes outside hours. Return whether it did.

    *queue* is the one that the caller has chosen; None at the door, where one open queue is enough.
    """
    if floor.emergency is not None:
        _say_emergency(floor, call, floor.emergency)
        return True
    ruling = _closed(floor, call, queue)
    if ruling is None:
        return False
    call.queue = queue
    prompts, variables = _words(floor, call, ruling, queue)
    if self_offer.is_offered(floor):
        self_offer.offer(floor, call, prompts, variables)
    else:
        _end_closed(floor, call, ruling, (*prompts, "call-again"), variables)
    return True


def dismiss(floor: Floor, call: Call, *first: str) -> None:
    """End a call that came outside hours and has no more to do here."""
    ruling = floor.calendar.ruling(floor.now, call.dialled, call.queue)
    _end_closed(floor, call, ruling, (*first, "call-again"), {})


def sent_away(floor: Floor, call: Call) -> bool:
    """End a call that stands in line, if its time is over. Return whether it was."""
    if leaves_line_at(floor, call, within_s=0.0) is None:
        return False
    leave_line(floor, call, "closed")
    if floor.emergency is not None:
        _say_emergency(floor, call, floor.emergency)
    else:
        ruling = floor.calendar.ruling(floor.now, call.dialled, call.queue)
        prompts, variables = _words(floor, call, ruling, call.queue)
        _end_closed(floor, call, ruling, (*prompts, "call-again"), variables)
    return True


def leaves_line_at(floor: Floor, call: Call, within_s: float) -> Instant | None:
    """Return when *call* may stand in line no longer; None if that is not *within_s*."""
    if floor.emergency is not None:
        return floor.now
    if floor.plan.hours.at_closing is AtClosing.SERVE:
        return None
    return floor.calendar.next_closing(floor.now, call.dialled, call.queue, within_s)


def _closed(floor: Floor, call: Call, queue: QueueName | None) -> Ruling | None:
    """Return why *call* cannot be taken, or None. Who came in time is served, if the plan says so."""
    calendar, number = floor.calendar, call.dialled
    ruling = calendar.ruling(floor.now, number, queue)
    wanted = tuple(floor.queues) if queue is None else (queue,)
    moments = [floor.now]
    if floor.plan.hours.at_closing is AtClosing.SERVE:
        moments.append(call.arrived_at)
    if ruling.open or any(calendar.is_open(at, number, name) for at in moments for name in wanted):
        return None
    return ruling


def _say_emergency(floor: Floor, call: Call, message: str) -> None:
    prompt = _if_sayable(floor, message) or floor.plan.emergency.message
    end_with_words(floor, call, Verdict(Outcome.EMERGENCY, EndedBy.SYSTEM), [prompt])


def _words(
    floor: Floor, call: Call, ruling: Ruling, queue: QueueName | None
) -> tuple[list[str], dict[str, object]]:
    """Return what says why nobody answers, and when somebody will."""
    prompts = [_if_sayable(floor, ruling.message) or REASON_PROMPTS[ruling.reason]]
    variables: dict[str, object] = {"name": ruling.name}
    opens = floor.calendar.next_opening(floor.now, call.dialled, queue)
    if opens is not None:
        local = floor.calendar.local(opens)
        today = local.date() == floor.calendar.local(floor.now).date()
        prompts.append("next-opening-today" if today else "next-opening")
        variables |= {"day": local.date(), "at": local.time()}
    return prompts, variables


def _end_closed(
    floor: Floor, call: Call, ruling: Ruling, prompts: Iterable[str], variables: Mapping[str, object]
) -> None:
    end_with_words(floor, call, Verdict(Outcome.CLOSED, EndedBy.SYSTEM, ruling.text), prompts, variables)


def _if_sayable(floor: Floor, message: str | None) -> str | None:
    """Return the prompt that somebody chose, unless its text was taken away since."""
    try:
        return message if message and floor.voice.phrase(message) else None
    except KeyError:
        return None
