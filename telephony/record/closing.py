"""Closes the book of a call: works out how it ended and writes its record."""

from dataclasses import dataclass
from datetime import datetime

from telephony.entries import Entry
from telephony.model.facts import EndedBy, Outcome
from telephony.model.ids import AgentName, CallId, QueueName
from telephony.record.book import Book, plus, rounded, seconds, text, was_seen
from telephony.record.shape import INBOUND, JST, OUTBOUND, CallRecord, OfferRecord, RecordingRecord

CALLER_MOST = 64
"""Longest caller kept in a record (a number has 15 digits at most); the journal has all of it."""

NO_OUTCOME = "the journal names no outcome"


@dataclass(frozen=True, slots=True)
class _End:
    at: float
    outcome: str
    ended_by: str
    reason: str | None
    recovered: bool


def _end(book: Book) -> _End | None:
    """Return how the call ended.

    The dialplan's own list knows better than a recovery that found the call gone, and never better than a
    controller that saw the end.
    """
    ended, unserved = book.ended, book.unserved
    if unserved is not None and (ended is None or not was_seen(ended)):
        outcome = _unseen(book, unserved) if book.connected_at is None else Outcome.ANSWERED
        return _End(unserved.at, outcome, *_by_and_reason(unserved, outcome), recovered=True)
    if ended is None:
        return None
    recovered = bool(ended.data.get("recovered"))
    outcome = _unseen(book, ended) if recovered else _outcome(ended)
    return _End(ended.at, outcome, *_by_and_reason(ended, outcome), recovered=recovered)


def _unseen(book: Book, entry: Entry) -> Outcome:
    """Return how a call ended whose end no controller saw: who was promised a call left with that promise.

    The promise is a controller's, or the rescue's, which took a number meanwhile.
    """
    told = _outcome(entry)
    promised = book.number_left or book.callback is not None
    return Outcome.CALLBACK_REQUESTED if promised and told is not Outcome.ANSWERED else told


def _outcome(entry: Entry) -> Outcome:
    told = text(entry.data, "outcome")
    return Outcome(told) if told in set(Outcome) else Outcome.FAILED


def _by_and_reason(entry: Entry, outcome: Outcome) -> tuple[str, str | None]:
    told = text(entry.data, "ended_by")
    reason = text(entry.data, "reason")
    if outcome is Outcome.FAILED and not reason:
        reason = NO_OUTCOME
    return (told if told is not None and told in set(EndedBy) else EndedBy.SYSTEM.value), reason


def close(book: Book) -> CallRecord:
    """Return the record of what *book* knows."""
    end = _end(book)
    arrival = {**(book.unserved.data if book.unserved else {}), **book.arrival}
    started = book.arrived_at or _arrival_of_unserved(book) or book.first_at
    if end is not None:
        _stop_everything(book, end.at)
    caller = text(arrival, "caller")
    return CallRecord(
        id=book.call,
        started_at=_time(started),
        sip_call_id=text(arrival, "sip_call_id"),
        caller=caller and caller[:CALLER_MOST],
        dialled=text(arrival, "dialled"),
        answered_at=_time_or_none(book.answered_at),
        connected_at=_time_or_none(book.connected_at),
        ended_at=None if end is None else _time(max(end.at, started)),
        outcome=None if end is None else str(end.outcome),
        ended_by=None if end is None else end.ended_by,
        reason=None if end is None else end.reason,
        queue=_queue(book),
        menu_path=tuple(book.menu_path),
        agent=None if book.agent is None else AgentName(book.agent),
        waited_s=rounded(book.told_waited_s if book.waiting.total is None else book.waiting.total),
        talked_s=rounded(book.talked_s),
        held_s=rounded(book.held.total),
        acw_s=rounded(book.acw_s),
        offers=tuple(OfferRecord(AgentName(o.agent), _time(o.at), o.result) for o in book.offers),
        disposition=book.disposition,
        reservations=tuple(book.reservations),
        recording=None if book.file is None else RecordingRecord(book.file),
        recovered=end is not None and end.recovered,
        direction=INBOUND if book.callback_of is None and book.outreach is None else OUTBOUND,
        callback=None if book.callback is None else CallId(book.callback),
        callback_of=None if book.callback_of is None else CallId(book.callback_of),
        attempts=book.attempts,
        outreach=book.outreach,
    )


def _stop_everything(book: Book, at: float) -> None:
    book.waiting.stop(at)
    book.held.stop(at)
    if book.talking_since is not None:
        book.talked_s = plus(book.talked_s, max(0.0, at - book.talking_since))


def _queue(book: Book) -> QueueName | None:
    told = text(book.ended.data, "queue") if book.ended else None
    queue = told or book.queue
    return None if queue is None else QueueName(queue)


def _arrival_of_unserved(book: Book) -> float | None:
    return seconds(book.unserved.data, "arrived_at") if book.unserved else None


def _time(at: float) -> datetime:
    return datetime.fromtimestamp(at, JST)


def _time_or_none(at: float | None) -> datetime | None:
    return None if at is None else _time(at)
