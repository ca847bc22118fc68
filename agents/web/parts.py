"""What the HTTP interface is made of, handed to every handler through the application."""

from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web

from agents.desk.desk import OperatorDesk
from agents.ports import Centre, Health, Records
from agents.roster import Roster
from agents.sessions import Sessions, Tickets
from agents.signing_in import Door
from agents.web.sockets import Sockets
from config.schema import Centre as Plan


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the running centre that the interface stands on.

    *cli_token* is the command line's bearer token, good from loopback only. *secure* says that browsers
    reach us over TLS (through a proxy): cookies are then ``Secure`` with the ``__Host-`` prefix. *origins*
    are further origins, besides our own, from which pages may open the desk and write.
    """

    centre: Centre
    desk: OperatorDesk
    roster: Roster
    records: Records
    health: Health
    plan: Callable[[], Plan]
    cli_token: str
    door: Door
    secure: bool = False
    origins: frozenset[str] = frozenset()
    sessions: Sessions = field(default_factory=Sessions)
    tickets: Tickets = field(default_factory=Tickets)
    sockets: Sockets = field(default_factory=Sockets)


PARTS = web.AppKey("parts", Parts)


def parts_of(request: web.Request) -> Parts:
    """Return the parts that answer *request*."""
    return request.app[PARTS]
