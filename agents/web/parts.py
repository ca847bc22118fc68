"""What the HTTP interface is made of, handed to every handler through the application."""

from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web

from agents.accounts import Accounts
from agents.audit.trail import Trail
from agents.desk.desk import OperatorDesk
from agents.devices import Devices
from agents.ports import Centre, Figures, Health, Records
from agents.roster import Roster
from agents.sessions import Sessions
from agents.signing_in import Door
from agents.tickets import Tickets
from agents.undoing import Undoing
from agents.web.built import Pages
from agents.web.sockets import Sockets
from config.schema import Centre as Plan


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the running centre that the interface stands on.

    *cli_token* is the command line's bearer token, good from loopback only; the key of device cookies is made
    from it. *public_url* is where browsers reach us when a reverse proxy on this machine stands in front;
    *origins* are further origins, besides our own, from which pages may open the desk and write. *pages* are
    the console's; *sip_websocket* is where browser phones reach Asterisk (None: there are none).
    """

    centre: Centre
    desk: OperatorDesk
    roster: Roster
    records: Records
    health: Health
    figures: Figures
    plan: Callable[[], Plan]
    cli_token: str
    sessions: Sessions
    trail: Trail
    public_url: str | None = None
    origins: frozenset[str] = frozenset()
    pages: Pages = field(default_factory=Pages)
    sip_websocket: str | None = None
    tickets: Tickets = field(default_factory=Tickets)
    sockets: Sockets = field(default_factory=Sockets)
    undoing: Undoing = field(default_factory=Undoing)
    devices: Devices = field(init=False)
    door: Door = field(init=False)
    accounts: Accounts = field(init=False)

    def __post_init__(self) -> None:
        # The documented way to fill a field of a frozen dataclass.
        object.__setattr__(self, "devices", Devices(self.cli_token))
        object.__setattr__(self, "door", Door(self.roster, self.devices))
        object.__setattr__(self, "accounts", Accounts(self.roster, self.door))

    @property
    def proxied(self) -> bool:
        """Whether a reverse proxy on this machine passes requests on."""
        return self.public_url is not None

    @property
    def secure(self) -> bool:
        """Whether browsers reach us over TLS: cookies are then ``Secure`` with the ``__Host-`` prefix."""
        return self.public_url is not None and self.public_url.startswith("https:")


PARTS = web.AppKey("parts", Parts)


def parts_of(request: web.Request) -> Parts:
    """Return the parts that answer *request*."""
    return request.app[PARTS]
