"""What ``secrets.json`` holds for the controller."""

import json
from dataclasses import dataclass

from config.settings import Settings
from config.trunk_passwords import TrunkPasswords
from dialplan import Secrets


@dataclass(frozen=True, slots=True)
class Passwords:
    """For Asterisk's two interfaces, and for the command line."""

    ari: str
    ami: str
    cli: str

    @classmethod
    def read(cls, settings: Settings) -> "Passwords":
        """Read them. Raises OSError, ValueError or KeyError."""
        kept = json.loads(settings.layout.secrets_file.read_text(encoding="utf-8"))
        return cls(kept["ari_password"], kept["ami_password"], kept["cli_token"])

    def of_asterisk(self, settings: Settings) -> Secrets:
        """Return what Asterisk's files hold; trunks' passwords are read when those are rendered."""
        return Secrets(self.ari, self.ami, TrunkPasswords(settings.layout.trunk_passwords))
