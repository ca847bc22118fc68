"""Prepares the machine: Debian's packages, the console's pages and Asterisk's root. Again changes nothing."""

from madoguchi.local import asterisk_root, console, machine, packages
from madoguchi.local.steps import Steps


def prepare(steps: Steps | None = None, *, callers: bool = True) -> str:
    """Make the machine ready and return the version of Asterisk.

    *callers*: also install what places and answers calls in the demo and the tests. Raises `LocalError`.
    """
    steps = steps or Steps()
    machine.require_root()
    machine.require_debian()
    packages.install((*packages.SERVER, *(packages.CALLERS if callers else ())), steps)
    console.prepare(steps)
    asterisk_root.prepare(steps)
    return asterisk_root.version()
