"""What Asterisk is told: its whole configuration, rendered from the centre, the roster and the settings.

`render` is pure, `write` puts the files in place and says which ones changed.
"""

from dialplan.publish import Owner, make_directories, write
from dialplan.render import Secrets, outbound_address, render

__all__ = ["Owner", "Secrets", "make_directories", "outbound_address", "render", "write"]
