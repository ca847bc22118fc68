"""Lets one set-up or start run at a time. A lock ends with the last process that holds it."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def only_one(lock_file: Path, on_wait: Callable[[], None]) -> Iterator[int]:
    """Hold *lock_file* for the body and yield its descriptor; call *on_wait* once if another holds it.

    A child that inherits the descriptor holds the lock too, so work that outlives us is never doubled.
    """
    lock_file.parent.mkdir(parents=True, exist_ok=True)
    with lock_file.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            on_wait()
            fcntl.flock(file, fcntl.LOCK_EX)
        yield file.fileno()
