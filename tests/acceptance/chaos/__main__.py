"""``make chaos``: the long form. Counts and seed come from the environment, see `COUNTS`."""

import sys

from tests.acceptance.chaos.long import strike_all
from tests.acceptance.chaos.strikes import How

COUNTS = {
    ("controller", How.KILL): "CHAOS_CONTROLLER_KILLS=200",
    ("controller", How.TERM): "CHAOS_CONTROLLER_ENDS=20",
    ("controller", How.FREEZE): "CHAOS_CONTROLLER_FREEZES=20",
    ("postgres", How.KILL): "CHAOS_POSTGRES_KILLS=50",
    ("postgres", How.FREEZE): "CHAOS_POSTGRES_FREEZES=5",
    ("rescue", How.KILL): "CHAOS_RESCUE_KILLS=50",
    ("rescue", How.FREEZE): "CHAOS_RESCUE_FREEZES=5",
    ("worker", How.KILL): "CHAOS_WORKER_KILLS=50",
    ("worker", How.FREEZE): "CHAOS_WORKER_FREEZES=5",
    ("asterisk", How.FREEZE): "CHAOS_ASTERISK_FREEZES=5",
    ("carrier", How.CUT): "CHAOS_CARRIER_CUTS=5",
    ("control", How.CUT): "CHAOS_CONTROL_CUTS=5",
    ("asterisk", How.KILL): "CHAOS_ASTERISK_KILLS=20",
}
"""What is struck how often, with the variable that changes it."""


if __name__ == "__main__":
    sys.exit(strike_all(COUNTS, 30))
