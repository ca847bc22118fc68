"""Whether this machine's clock is kept right: the kernel knows whether somebody disciplines it."""

import ctypes
import os

from madoguchi.doctor.finding import Finding, ok, warning

_ERROR = 5
"""``TIME_ERROR`` of adjtimex(2): the clock is not synchronised."""

_SIZE = 256
"""More than ``struct timex`` on any machine; all zeros ask and change nothing (``modes = 0``)."""


def clock() -> Finding:
    """Say whether the kernel's clock is synchronised (adjtimex(2))."""
    libc = ctypes.CDLL(None, use_errno=True)
    state = libc.adjtimex(ctypes.create_string_buffer(_SIZE))
    if state < 0:
        why = os.strerror(ctypes.get_errno())
        return warning("time", "The kernel does not say: {why}.", _MEND, why=why)
    if state == _ERROR:
        return warning("time", "Nobody keeps this machine's clock right.", _MEND)
    return ok("time", "The clock is synchronised.")


_MEND = "Install chrony or systemd-timesyncd; hours, callbacks and sign-in codes go by this clock."
