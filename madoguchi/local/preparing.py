"""Prepares the machine: Debian's packages and Asterisk's root. Doing it again changes nothing."""

from madoguchi.local import asterisk_root, machine, packages
from madoguchi.local.steps import Steps


def prepare(steps: Steps | None = None, *, callers: bool = True) -> str:
    """Make the machine ready and return the version of Asterisk.

    *callers*: also install what places and answers calls in the demo and the tests. Raises `LocalError`.
    """
    steps = steps or Steps()
    machine.check_runtime()
    machine.require_root()
    machine.require_debian()
    packages.install((*packages.SERVER, *(packages.CALLERS if callers else ())), steps)
    asterisk_root.prepare(steps)
    return asterisk_root.version()
