"""Folds a call's journal entries into its record: a function for each kind of entry, a table that names them.

Pure and tolerant, like the record itself. Entries of kinds that say nothing about the record (a menu's
question, the ringing of a phone) are passed over.
"""

from collections.abc import Callable, Iterable, Mapping

from telephony.entries import Entry, call_of
from telephony.model.ids import CallId
from telephony.record.book import Book, OfferSeen, plus, seconds, text, was_seen
from telephony.record.closing import close
from telephony.record.shape import CallRecord


def fold(entries: Iterable[Entry]) -> CallRecord:
    """Return the record of the call whose *entries* (in order, at least one) these are."""
    book: Book | None = None
    for entry in entries:
        book = book or Book(call_of(entry.stream) or CallId(entry.stream), entry.at)
        handler = _HANDLERS.get(entry.kind)
        if handler is not None:
            handler(book, entry)
    if book is None:
        raise ValueError("A call without entries has no record.")
    return close(book)


# --- one function for each kind of entry -----------------------------------------------------------------


def _arrived(book: Book, entry: Entry) -> None:
    book.arrival = {**entry.data}
    book.arrived_at = entry.at


def _answered(book: Book, entry: Entry) -> None:
    book.answered_at = book.answered_at or entry.at


def _key(book: Book, entry: Entry) -> None:
    """Take the path back with ``*``, forward with any key that the menu understood."""
    key = text(entry.data, "key")
    if key == "*":
        del book.menu_path[-1:]
    elif key is not None and entry.data.get("understood", True):
        book.menu_path.append(key)


def _queued(book: Book, entry: Entry) -> None:
    book.queue = text(entry.data, "queue") or book.queue
    if book.connected_at is None:  # whoever was transferred into a line has been served
        book.waiting.start(entry.at)


def _left_queue(book: Book, entry: Entry) -> None:
    book.waiting.stop(entry.at)


def _offered(book: Book, entry: Entry) -> None:
    book.offers.append(OfferSeen(text(entry.data, "offer") or "", text(entry.data, "agent") or "", entry.at))


def _offer_ended(book: Book, entry: Entry) -> None:
    for offer in book.offers:
        if offer.id == entry.data.get("offer"):
            offer.result = text(entry.data, "result")
            offer.at = seconds(entry.data, "dialled_at") or offer.at


def _connected(book: Book, entry: Entry) -> None:
    agent = text(entry.data, "agent")
    if not agent:
        return
    if book.connected_at is None:
        book.told_waited_s = seconds(entry.data, "waited_s")
    book.agent = agent
    book.connected_at = book.connected_at or entry.at
    book.talking_since = entry.at
    book.waiting.stop(entry.at)
    book.held.total = book.held.total or 0.0


def _taken_over(book: Book, entry: Entry) -> None:
    """Name the supervisor, who finished the call; the offers tell who answered it."""
    book.agent = text(entry.data, "agent") or book.agent
    book.talking_since = entry.at


def _held(book: Book, entry: Entry) -> None:
    book.held.start(entry.at)


def _unheld(book: Book, entry: Entry) -> None:
    book.held.stop(entry.at)


def _talk_ended(book: Book, entry: Entry) -> None:
    talked = seconds(entry.data, "talked_s")
    if talked is None and book.talking_since is not None:
        talked = max(0.0, entry.at - book.talking_since)
    book.talked_s = plus(book.talked_s, talked)
    book.talking_since = None
    book.held.stop(entry.at)


def _acw_ended(book: Book, entry: Entry) -> None:
    book.acw_s = plus(book.acw_s, seconds(entry.data, "acw_s"))


def _disposed(book: Book, entry: Entry) -> None:
    book.disposition = text(entry.data, "disposition")


def _reserved(book: Book, entry: Entry) -> None:
    reservation = text(entry.data, "reservation")
    if reservation and reservation not in book.reservations:
        book.reservations.append(reservation)


def _recording(book: Book, entry: Entry) -> None:
    book.file = text(entry.data, "file") or book.file


def _message(book: Book, entry: Entry) -> None:
    """Take a voice message for the call's recording; a conversation that was recorded comes first."""
    book.file = book.file or text(entry.data, "file")


def _number_left(book: Book, _entry: Entry) -> None:
    """Note that the rescue promised the caller to be called back."""
    book.number_left = True


def _ended(book: Book, entry: Entry) -> None:
    """Believe the first end; a recovery that found the call gone gives way to one who saw it."""
    if book.ended is None or not was_seen(book.ended):
        book.ended = entry


def _callback_requested(book: Book, entry: Entry) -> None:
    """Begin the record of a callback: it has waited since the caller stood in line."""
    book.arrived_at = entry.at
    book.arrival = {"caller": text(entry.data, "number"), "dialled": text(entry.data, "dialled")}
    book.callback_of = text(entry.data, "asked_by")
    book.queue = text(entry.data, "queue")
    since = seconds(entry.data, "since")
    book.waiting.start(entry.at if since is None else since)


def _outreach_requested(book: Book, entry: Entry) -> None:
    """Begin the record of an outreach call."""
    book.arrived_at = entry.at
    book.arrival = {"caller": text(entry.data, "number"), "dialled": text(entry.data, "dialled")}
    row = entry.data.get("outreach")
    book.outreach = row if isinstance(row, int) else 0


def _callback_promised(book: Book, entry: Entry) -> None:
    book.callback = text(entry.data, "callback")


def _attempted(book: Book, _entry: Entry) -> None:
    book.attempts += 1


def _rang(book: Book, entry: Entry) -> None:
    book.arrival["sip_call_id"] = text(entry.data, "sip_call_id")


def _reached(book: Book, entry: Entry) -> None:
    book.answered_at = entry.at


def _unserved(book: Book, entry: Entry) -> None:
    book.unserved = entry


_HANDLERS: Mapping[str, Callable[[Book, Entry], None]] = {
    "call.arrived": _arrived,
    "call.answered": _answered,
    "menu.key": _key,
    "queue.entered": _queued,
    "queue.left": _left_queue,
    "offer.made": _offered,
    "offer.ended": _offer_ended,
    "call.connected": _connected,
    "call.taken_over": _taken_over,
    "call.held": _held,
    "call.unheld": _unheld,
    "call.talk_ended": _talk_ended,
    "call.acw_ended": _acw_ended,
    "call.disposed": _disposed,
    "call.reserved": _reserved,
    "recording.started": _recording,
    "message.kept": _message,
    "callback.number_left": _number_left,
    "call.ended": _ended,
    "callback.requested": _callback_requested,
    "callback.promised": _callback_promised,
    "callback.taken_up": _callback_promised,
    "callback.attempted": _attempted,
    "callback.rang": _rang,
    "callback.reached": _reached,
    "outreach.requested": _outreach_requested,
    "outreach.dialled": _attempted,
    "outreach.rang": _rang,
    "outreach.reached": _reached,
    "call.unserved": _unserved,
}
