"""The messages to one person, numbered, so that a lost connection misses nothing.

Every socket of a person (several tabs) is a reader of the same log with its own place in it. A reader that
comes back says the last ``seq`` it saw; if the log still has what followed, it goes on there, else it starts
again from a snapshot. The log never knows what the messages mean or how they are sent.
"""

from collections import deque
from collections.abc import Callable

KEPT = 512
"""Messages that a reader may be behind; a busy supervisor's screen gets about ten a second."""


class MessageLog:
    """The last `KEPT` messages to one person.

    *start* must be larger than any ``seq`` this person was ever sent (also by an earlier run of the
    program): then a ``seq`` of an earlier log can never be taken for one of this log. Callers pass the
    microseconds since 1970, which grow faster than messages do.
    """

    def __init__(self, start: int) -> None:
        self._messages: deque[bytes] = deque(maxlen=KEPT)
        self._last = start
        self._readers: set[Callable[[], None]] = set()

    @property
    def last_seq(self) -> int:
        """The number of the newest message, or the start when there is none yet."""
        return self._last

    @property
    def has_readers(self) -> bool:
        """Whether at least one socket follows this log."""
        return bool(self._readers)

    def append(self, body: bytes) -> None:
        """Number and keep *body* (a JSON object with at least one member), and tell the readers."""
        self._last += 1
        self._messages.append(numbered(self._last, body))
        for reader in tuple(self._readers):
            reader()

    def after(self, seq: int) -> list[bytes] | None:
        """Return the messages that follow *seq*, or None when some of them are gone or never were here."""
        missing = self._last - seq
        if not 0 <= missing <= len(self._messages):
            return None
        # By place, from the end, where readers are: nobody walks through the whole deque for every message.
        return [self._messages[place] for place in range(-missing, 0)]

    def join(self, reader: Callable[[], None]) -> None:
        """Call *reader* whenever there is a new message; it must not block."""
        self._readers.add(reader)

    def leave(self, reader: Callable[[], None]) -> None:
        """Stop calling *reader*."""
        self._readers.discard(reader)


def numbered(seq: int, body: bytes) -> bytes:
    """Return the message *body* with its ``seq`` put in front; *body* is encoded once for many readers."""
    return b'{"seq":%d,%b' % (seq, body[1:])
