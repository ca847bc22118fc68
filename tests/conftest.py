"""Fixtures that every test may ask for, and who may run beside whom.

``make test`` runs two processes. Tests of whole copies stay in one, in order, and tests of single real parts
in the other, because they share what is up; most of both is waiting for telephones. What only computes comes
last, politely.
"""

import contextlib
import os

import pytest
from xdist.scheduler import LoadScopeScheduling

pytest_plugins = ["tests.postgres_fixture"]

COMPUTING = ("tests/unit/", "tests/simulation/")
POLITE, USUAL = 10, 0


class Lanes(LoadScopeScheduling):
    """Hands whole copies and single parts out as one piece each, and what only computes file by file."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(COMPUTING):
            return nodeid.partition("::")[0]
        return "whole copies" if nodeid.startswith("tests/acceptance/") else "single parts"


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Lanes:
    """Keep tests together that share what is up (a hook of pytest-xdist)."""
    return Lanes(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let tests that only compute give way to those that keep time, which share the machine with them."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        with contextlib.suppress(PermissionError):  # only root may become less polite again
            os.setpriority(os.PRIO_PROCESS, 0, POLITE if item.nodeid.startswith(COMPUTING) else USUAL)
