"""A centre small enough to start in seconds: a real Asterisk without calls, a stand-in controller, no sounds.

Everything around it (supervisor, PostgreSQL, Asterisk's root, the namespaces) is the real thing.
"""

import sys
from collections.abc import Sequence

from config.layout import ASTERISK_VIEW
from config.settings import Settings
from dialplan import make_directories
from madoguchi.local.contents import Description, Place, Progress
from madoguchi.local.programs import Program

_ASTERISK_CONF = f"""\
[directories]
astetcdir => {ASTERISK_VIEW}/asterisk/etc
astmoddir => /usr/lib/x86_64-linux-gnu/asterisk/modules
astvarlibdir => {ASTERISK_VIEW}/asterisk/lib
astdbdir => {ASTERISK_VIEW}/asterisk/lib
astkeydir => {ASTERISK_VIEW}/asterisk/lib
astdatadir => /usr/share/asterisk
astspooldir => {ASTERISK_VIEW}/asterisk/spool
astrundir => {ASTERISK_VIEW}/asterisk/run
astlogdir => {ASTERISK_VIEW}/asterisk/log
"""


class SmallCentre:
    """Fills `madoguchi.local.contents.Contents`."""

    def check(self, settings: Settings) -> None:
        """Put the page there that says that the stand-in controller is ready."""
        pages = settings.home / "pages"
        pages.mkdir(exist_ok=True)
        (pages / "readyz").write_text("ready", encoding="utf-8")

    def read_in_force(self, settings: Settings) -> None:
        """Nothing is in force."""

    def build_sounds(self, settings: Settings, progress: Progress) -> None:
        """Nothing is heard."""

    def fill_database(self, place: Place) -> None:
        """Nothing is stored."""

    def write_asterisk(self, place: Place, owner: tuple[int, int]) -> None:
        """Write just enough for Asterisk to run."""
        layout = place.settings.layout
        make_directories(layout, owner)
        (layout.asterisk_etc / "asterisk.conf").write_text(_ASTERISK_CONF, encoding="utf-8")
        (layout.asterisk_etc / "modules.conf").write_text("[modules]\nautoload = no\n", encoding="utf-8")

    def services(self, place: Place) -> Sequence[Program]:
        """A controller that says it is ready."""
        pages = str(place.settings.home / "pages")
        server = ("-m", "http.server", "--bind", "127.0.0.1", "--directory", pages)
        argv = [sys.executable, *server, str(place.settings.http_port)]
        return [Program("controller", argv, rank=300, ahead=True, ready_url=f"{place.http_url}/readyz")]

    def describe(self, place: Place) -> Description:
        """A number that nobody can call."""
        return Description(
            trunk={
                "number": f"0120{place.settings.sip_port:06}",
                "carrier_address": "127.0.0.2",
                "outbound": None,
            },
            logins=[],
            phones=[],
        )
