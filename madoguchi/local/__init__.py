"""Runs one copy of the centre on this machine: set-up, start, stop, state.

``prepare``, ``up``, ``down``, ``status`` and ``follow_logs`` are what the command line and the Makefile call;
every failure is a `LocalError` of one sentence.
"""

from config.settings import Settings
from madoguchi.local.errors import LocalError
from madoguchi.local.logs import follow_logs
from madoguchi.local.preparing import prepare
from madoguchi.local.run_file import RunFile
from madoguchi.local.starting import start
from madoguchi.local.state import Status, status
from madoguchi.local.steps import Steps
from madoguchi.local.stopping import down

__all__ = ["LocalError", "RunFile", "Status", "down", "follow_logs", "prepare", "status", "up"]


def up() -> RunFile:
    """Start the copy that the environment names, wait until it takes calls, return its ``run.json``."""
    from madoguchi.local.centre_contents import CentreContents  # noqa: PLC0415 -- brings in every other floor

    return start(Settings.from_environment(), CentreContents(), Steps())
