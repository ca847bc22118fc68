"""The processes that the supervisor runs, by name. What people's commands need is not loaded for them."""

from madoguchi.cli import running
from madoguchi.loading import loading

NAMES = frozenset({"controller", "worker", "rescue"})


def run(name: str) -> int:
    """Run the program *name*, one of `NAMES`, to its end; return its exit status. Raises `WrongUsage`."""
    settings = running.settings()
    if name == "controller":
        with loading():
            from madoguchi.app import controller  # noqa: PLC0415 - the whole house
        return controller(settings)
    if name == "worker":
        with loading():
            from madoguchi.work import work  # noqa: PLC0415 - half of the house
        work(settings)
    else:
        with loading():
            from madoguchi.rescue import rescue  # noqa: PLC0415 - a third of the house
        rescue(settings)
    return 0
