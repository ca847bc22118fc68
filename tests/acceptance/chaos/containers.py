"""``docker kill`` of every container under load, judged as all chaos is (docs/operations.md).

``python -m tests.acceptance.chaos.containers``; needs ``make docker-base`` and a container engine, takes six
minutes. Counts and seed come from the environment, see `COUNTS`.
"""

import sys

from tests.acceptance.chaos.long import strike_all
from tests.acceptance.chaos.strikes import How

COUNTS = {
    ("controller", How.CONTAINER): "CHAOS_CONTROLLER_KILLS=10",
    ("postgres", How.CONTAINER): "CHAOS_POSTGRES_KILLS=5",
    ("rescue", How.CONTAINER): "CHAOS_RESCUE_KILLS=5",
    ("worker", How.CONTAINER): "CHAOS_WORKER_KILLS=5",
    ("asterisk", How.CONTAINER): "CHAOS_ASTERISK_KILLS=2",
}
"""What is struck how often. The controller is whichever of the two leads."""


if __name__ == "__main__":
    sys.exit(strike_all(COUNTS, 15, RUNTIME="docker"))
