"""Fixtures that every test may ask for, and who may run beside whom.

``make test`` runs two processes. Whatever talks to a real Asterisk, PostgreSQL or browser stays in one, in
order, because it measures time and shares what is up; what only computes runs beside it, politely.
"""

import contextlib
import os
from pathlib import Path

import pytest

pytest_plugins = ["tests.postgres_fixture"]

COMPUTING = tuple(Path(__file__).parent / name for name in ("unit", "simulation"))
POLITE, USUAL = 10, 0


def _only_computes(item: pytest.Item) -> bool:
    return any(item.path.is_relative_to(folder) for folder in COMPUTING)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Keep everything real together (``--dist loadgroup``)."""
    if not _only_computes(item):
        item.add_marker(pytest.mark.xdist_group("real"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what is real: it takes longest."""
    items.sort(key=_only_computes)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let tests that only compute give way to those that keep time, which share the machine with them."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        with contextlib.suppress(PermissionError):  # only root may become less polite again
            os.setpriority(os.PRIO_PROCESS, 0, POLITE if _only_computes(item) else USUAL)
