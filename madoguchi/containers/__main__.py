"""``python -m madoguchi.containers base``: what ``make docker-base`` calls."""

import sys
from collections.abc import Sequence

from madoguchi.containers import base
from madoguchi.local.errors import LocalError
from madoguchi.local.steps import Steps


def main(arguments: Sequence[str]) -> int:
    """Make the base images; a failure is one sentence on standard error."""
    if list(arguments) != ["base"]:
        print("usage: python -m madoguchi.containers base", file=sys.stderr)  # noqa: T201 -- this is a command
        return 2
    try:
        base.make(Steps())
    except LocalError as error:
        print(error, file=sys.stderr)  # noqa: T201 -- this is a command
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
