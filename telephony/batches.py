"""What many hand to one writing thread: each entry waits a moment for others that share its commit.

Putting costs one append to a queue and never blocks. It knows nothing of what is written, or where.
"""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(slots=True)
class Batch(Generic[Item]):
    """What one commit takes: *items*, those who wait for it, and whether it is the last."""

    items: list[Item] = field(default_factory=list)
    waiters: list[Future[None]] = field(default_factory=list)
    last: bool = False

    def is_written(self) -> None:
        """Tell those who wait."""
        for waiter in self.waiters:
            if waiter.set_running_or_notify_cancel():
                waiter.set_result(None)


class Batches(Generic[Item]):
    """The queue to the writing thread.

    *gather_s* is how long an item that does not hurry may wait for others, *most* how many one commit takes.
    """

    def __init__(self, gather_s: float, most: int) -> None:
        self._gather_s, self._most = gather_s, most
        self._queue: SimpleQueue[tuple[Item] | Future[None] | None] = SimpleQueue()
        self._hurry = threading.Event()

    def __len__(self) -> int:
        """Return about how many items wait."""
        return self._queue.qsize()

    def put(self, item: Item, *, hurry: bool = False) -> None:
        """Queue *item*."""
        self._queue.put((item,))
        if hurry:
            self._hurry.set()

    async def all_written(self) -> None:
        """Return when everything put before is written."""
        done: Future[None] = Future()
        self._queue.put(done)
        self._hurry.set()
        await asyncio.wrap_future(done)

    def end(self) -> None:
        """Let the batch that holds everything put so far be the last."""
        self._queue.put(None)
        self._hurry.set()

    # --- in the writing thread ---

    def __iter__(self) -> Iterator[Batch[Item]]:
        """Give batches, waiting for each, up to the last."""
        last = False
        while not last:
            batch = self._gather()
            yield batch
            batch.is_written()
            last = batch.last

    def _gather(self) -> Batch[Item]:
        batch: Batch[Item] = Batch()
        self._add(batch, self._queue.get())
        if batch.items:
            self._hurry.wait(self._gather_s)
        self._hurry.clear()
        try:
            while len(batch.items) < self._most and not batch.last:
                self._add(batch, self._queue.get_nowait())
        except Empty:
            pass
        return batch

    @staticmethod
    def _add(batch: Batch[Item], item: tuple[Item] | Future[None] | None) -> None:
        if item is None:
            batch.last = True
        elif isinstance(item, Future):
            batch.waiters.append(item)
        else:
            batch.items.append(item[0])
