"""Where this copy of the centre lives and which ports it uses, from the environment alone."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from config.layout import Layout

HIGHEST_PORT = 65_535

LOOPBACK = "127.0.0.1"

PRIVATE = tuple(
    ip_network(each)
    for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "127.0.0.0/8")
)
"""Where Asterisk's interfaces may be: on this machine, or in a network that nobody outside reaches."""


class SettingsError(Exception):
    """An environment variable holds something that cannot be used; the message says which and why."""


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, str(default))
    if not text.isdigit() or not 0 < int(text) <= HIGHEST_PORT:
        raise SettingsError(f"{name}={text!r} is not a port; give a number from 1 to {HIGHEST_PORT}.")
    return int(text)


_YES, _NO = frozenset({"1", "yes", "true"}), frozenset({"0", "no", "false"})


def _flag(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = environ.get(name, "").strip().lower()
    if not text:
        return default
    if text not in _YES | _NO:
        raise SettingsError(f"{name}={text!r} must be yes or no.")
    return text in _YES


def _private(environ: Mapping[str, str], name: str) -> str:
    text = environ.get(name, "").strip() or LOOPBACK
    try:
        address = ip_address(text)
    except ValueError:
        raise SettingsError(f"{name}={text!r} is no IP address; give one such as 10.99.0.1.") from None
    if not any(address in network for network in PRIVATE if network.version == address.version):
        raise SettingsError(
            f"{name}={text!r} is a public address, from which nobody may reach Asterisk's interfaces; "
            "give its address in a private network between the two machines (a VPN)."
        )
    return str(address)


def _address(environ: Mapping[str, str], name: str) -> str | None:
    text = environ.get(name, "").rstrip("/")
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path or parts.query:
        raise SettingsError(f"{name}={text!r} must be an address such as https://madoguchi.example.jp.")
    return text


@dataclass(frozen=True, slots=True)
class Settings:
    """The environment of one copy. Two copies differ in *home* and in the ports, and run side by side.

    *sample_accounts*: whether the very first start makes accounts to try the system out with. *public_url*:
    where browsers reach the console when a reverse proxy on this machine, mostly with TLS, stands in front.
    *custom_folder*: the dialplan that operations staff add, ``*.conf``.
    """

    home: Path
    centre_file: Path
    database_url: str | None
    sip_port: int
    http_port: int
    asterisk_http_port: int
    ami_port: int
    sample_accounts: bool = True
    public_url: str | None = None
    custom_folder: Path = Path("dialplan/custom")
    standby: bool = False
    """Whether a second controller runs, which takes over when the first one dies."""
    smtp_password: str | None = field(default=None, repr=False)
    """What ``[mail]`` of ``centre.toml`` signs in with."""
    asterisk_address: str = LOOPBACK
    """Where Asterisk's HTTP and manager ports are: on this machine, or on another one (docs/adr/0031)."""

    @property
    def asterisk_is_elsewhere(self) -> bool:
        """Whether Asterisk runs on another machine, where its files, sounds and recordings are too."""
        return not ip_address(self.asterisk_address).is_loopback

    def refusal(self, what: str) -> str | None:
        """Return why *what* (an imperative) cannot be done here, if Asterisk's files are elsewhere."""
        if not self.asterisk_is_elsewhere:
            return None
        return f"{what} on the machine that has Asterisk ({self.asterisk_address}); its files are not here."

    @property
    def ari_url(self) -> str:
        """Where ARI is."""
        address = self.asterisk_address
        host = f"[{address}]" if ":" in address else address
        return f"http://{host}:{self.asterisk_http_port}/ari"

    @property
    def manager_address(self) -> tuple[str, int]:
        """Where AMI is."""
        return self.asterisk_address, self.ami_port

    @property
    def websocket_sip(self) -> str:
        """Where browser phones reach Asterisk: beside the console where a reverse proxy stands in front."""
        if self.public_url is None:
            return f"{self.ari_url.replace('http', 'ws', 1).removesuffix('/ari')}/ws"
        return f"{self.public_url.replace('http', 'ws', 1)}/ws"

    @property
    def layout(self) -> Layout:
        """The directories below *home*."""
        return Layout(self.home)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read ``MADOGUCHI_*`` and ``DATABASE_URL``. Raises `SettingsError`."""
        return cls(
            home=Path(environ.get("MADOGUCHI_HOME", ".local")).absolute(),
            centre_file=Path(environ.get("MADOGUCHI_CONFIG", "config/centre.toml")).absolute(),
            database_url=environ.get("DATABASE_URL") or None,
            sip_port=_port(environ, "MADOGUCHI_SIP_PORT", 5060),
            http_port=_port(environ, "MADOGUCHI_HTTP_PORT", 8080),
            asterisk_http_port=_port(environ, "MADOGUCHI_ASTERISK_HTTP_PORT", 8088),
            ami_port=_port(environ, "MADOGUCHI_AMI_PORT", 5038),
            sample_accounts=_flag(environ, "MADOGUCHI_SAMPLE_ACCOUNTS", default=True),
            public_url=_address(environ, "MADOGUCHI_PUBLIC_URL"),
            custom_folder=Path(environ.get("MADOGUCHI_DIALPLAN", "dialplan/custom")).absolute(),
            standby=_flag(environ, "MADOGUCHI_STANDBY", default=True),
            smtp_password=environ.get("MADOGUCHI_SMTP_PASSWORD") or None,
            asterisk_address=_private(environ, "MADOGUCHI_ASTERISK_ADDRESS"),
        )
