"""What Asterisk is told: its whole configuration, rendered from the centre, the roster and the settings.

`render` is pure, `write` puts the files in place and says which ones changed; `read_custom` and `lint` are
about the dialplan that operations staff add, `meant` and `deviations` about whether Asterisk took everything.
"""

from dialplan.added import NO_CUSTOM, Custom, UnreadableCustom, read_custom
from dialplan.differences import difference, differences
from dialplan.lint import Finding, lint
from dialplan.meant import Inventory, deviations, meant
from dialplan.modules import USED_MODULES
from dialplan.publish import Owner, live_files, make_directories, write, write_files
from dialplan.reading import Step
from dialplan.render import REALM, Secrets, digest, render
from dialplan.trunks import outbound_address

__all__ = [
    "NO_CUSTOM",
    "REALM",
    "USED_MODULES",
    "Custom",
    "Finding",
    "Inventory",
    "Owner",
    "Secrets",
    "Step",
    "UnreadableCustom",
    "deviations",
    "difference",
    "differences",
    "digest",
    "lint",
    "live_files",
    "make_directories",
    "meant",
    "outbound_address",
    "read_custom",
    "render",
    "write",
    "write_files",
]
