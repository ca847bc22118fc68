"""Where this copy of the centre lives and which ports it uses, from the environment alone."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.layout import Layout

HIGHEST_PORT = 65_535


class SettingsError(Exception):
    """An environment variable holds something that cannot be used; the message says which and why."""


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, str(default))
    if not text.isdigit() or not 0 < int(text) <= HIGHEST_PORT:
        raise SettingsError(f"{name}={text!r} is not a port; give a number from 1 to {HIGHEST_PORT}.")
    return int(text)


@dataclass(frozen=True, slots=True)
class Settings:
    """The environment of one copy. Two copies differ in *home* and in the ports, and run side by side."""

    home: Path
    centre_file: Path
    database_url: str | None
    sip_port: int
    http_port: int
    asterisk_http_port: int
    ami_port: int

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
        )
