"""Where this copy of the centre lives and which ports it uses, from the environment alone."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from config.layout import Layout

HIGHEST_PORT = 65_535


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

    @property
    def websocket_sip(self) -> str:
        """Where browser phones reach Asterisk: beside the console where a reverse proxy stands in front."""
        if self.public_url is None:
            return f"ws://127.0.0.1:{self.asterisk_http_port}/ws"
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
            standby=_flag(environ, "MADOGUCHI_STANDBY", default=False),
            smtp_password=environ.get("MADOGUCHI_SMTP_PASSWORD") or None,
        )
