"""The names of all sounds that a centre has. Light: it loads no speech engine and renders nothing.

Whoever only looks whether everything is there (the controller, which must start within a moment) asks here.
"""

from config.schema import Centre
from sounds import catalogue
from sounds.voice import BEEP

MUSIC = "moh/madoguchi"
"""Music on hold; its folder is the class directory for ``musiconhold.conf``."""


def rendered_names(centre: Centre) -> frozenset[str]:
    """Return the names of all sounds that ``sounds.building.build`` makes for *centre*."""
    return frozenset((*catalogue.load(centre).texts(), MUSIC, BEEP))
