"""The one stream of the floor that everybody who watches it follows (ADR 23).

Changes are gathered for a moment, encoded once, numbered, and written to every socket. Who comes back says
the last ``seq`` and gets what followed, or a snapshot, which is also made once for all who need it now.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import islice
from typing import Any

from agents.desk.alerts import Alert
from agents.floor.frames import text_frame
from agents.floor.listener import Listener
from agents.floor.picture import Changes, Picture
from agents.ports import Centre
from config.schema import Centre as Plan
from telephony.model.ids import AgentName, CallId, QueueName

GATHER_S = 0.08
"""A burst of changes becomes one message."""

LOOK_S = 0.5
"""How often those who are behind are looked at while nothing happens."""

KEPT = 600
"""Messages that a reader may have missed: about a minute of a busy floor."""

REMEMBERED_S = 60.0
"""After the last one has left, messages are made and kept for so long."""

AT_ONCE = 40
"""Sockets written to before calls get their turn: about half a millisecond."""


class FloorFeed:
    """Everybody who watches the floor, and what they are told. `run` must be running beside it."""

    def __init__(
        self, centre: Callable[[], Centre], plan: Callable[[], Plan], alerts: Callable[[], tuple[Alert, ...]]
    ) -> None:
        self.watched = asyncio.Event()
        """Set while anybody watches."""

        self._picture = Picture(centre, plan, alerts)
        self._changes = Changes()
        self._something = asyncio.Event()
        self._listeners: dict[Listener, None] = {}
        # Larger than any number of an earlier run: seconds since 1970 grow faster than messages do.
        self._seq = time.time_ns() // 1_000
        self._kept: deque[bytes] = deque(maxlen=KEPT)
        self._snapshot: tuple[int, bytes] = (0, b"")
        self._left_at = 0.0

    # --- what happens on the floor; each returns at once -----------------------------------------------

    def note_call(self, call: CallId) -> None:
        """This call changed."""
        self._note(lambda: self._changes.calls.add(call))

    def note_agent(self, agent: AgentName) -> None:
        """This operator changed."""
        self._note(lambda: self._changes.agents.add(agent))

    def note_queue(self, queue: QueueName) -> None:
        """This queue changed."""
        self._note(lambda: self._changes.queues.add(queue))

    def note_alert(self, alert: Alert) -> None:
        """This alert opened, changed or closed."""
        self._note(lambda: self._changes.alerts.update({alert.key: alert}))

    def note_notice(self, notice: Mapping[str, Any]) -> None:
        """Somebody wrote to everybody."""
        self._note(lambda: self._changes.notices.append(notice))

    def show_figures(self, figures: Mapping[str, Any]) -> None:
        """Show *figures*, if anything in them is new."""
        if figures != self._picture.figures:
            self._picture.figures = figures
            self._note(lambda: setattr(self._changes, "figures", True))

    # --- who watches -----------------------------------------------------------------------------------

    def join(self, listener: Listener, resume_from: int | None) -> None:
        """Let *listener* follow, after number *resume_from* if what came since is still known."""
        for frame in self._since(resume_from):
            listener.take(frame)
        self._listeners[listener] = None
        self.watched.set()

    def leave(self, listener: Listener) -> None:
        """Tell *listener* nothing more."""
        self._listeners.pop(listener, None)
        if not self._listeners:
            self.watched.clear()
            self._left_at = time.monotonic()

    async def run(self) -> None:
        """Publish until cancelled."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._something.wait(), LOOK_S)
            if self._something.is_set():
                await asyncio.sleep(GATHER_S)
                await self._publish()
            for listener in list(self._listeners):
                listener.catch_up(self._whole)
            if not self._listeners and time.monotonic() - self._left_at > REMEMBERED_S:
                self._kept.clear()

    async def _publish(self) -> None:
        changes, self._changes = self._changes, Changes()
        self._something.clear()
        self._seq += 1
        frame = text_frame(self._picture.delta(self._seq, changes))
        self._kept.append(frame)
        for place, listener in enumerate(list(self._listeners), start=1):
            if listener in self._listeners:
                listener.take(frame)
            if place % AT_ONCE == 0:
                await asyncio.sleep(0)

    def _note(self, add: Callable[[], object]) -> None:
        """Keep a change for the next message; with nobody there, only that something changed."""
        if self._listeners or self._kept:
            add()
            self._something.set()
        else:
            self._seq += 1  # so that no earlier snapshot or number is taken for the newest

    def _since(self, seq: int | None) -> list[bytes]:
        missing = -1 if seq is None else self._seq - seq
        if 0 <= missing <= len(self._kept):
            return list(islice(self._kept, len(self._kept) - missing, None)) or [self._nothing_new()]
        return [self._whole()]

    def _nothing_new(self) -> bytes:
        return text_frame(self._picture.delta(self._seq, Changes()))

    def _whole(self) -> bytes:
        """Return the snapshot that goes with the newest number; what changes later comes with the next."""
        if self._snapshot[0] != self._seq:
            self._snapshot = (self._seq, text_frame(self._picture.snapshot(self._seq)))
        return self._snapshot[1]
