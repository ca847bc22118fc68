"""The passwords of trunks that register with their carrier, each in a file of its own, mode 0600."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import structlog

from config.secret_files import SecretError, read_secret

_ENDING = ".secret"

log = structlog.get_logger(__name__)


class TrunkPasswords(Mapping[str, str]):
    """Trunk → password, read when it is asked for: another password holds from the next publication on.

    A password that cannot be used is not there; the log says why.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __getitem__(self, trunk: str) -> str:
        file = self._folder / f"{trunk}{_ENDING}"
        if not file.exists():
            raise KeyError(trunk)
        try:
            password = read_secret(file, shortest=1).decode("ascii")
        except (SecretError, UnicodeDecodeError) as error:
            log.warning("trunk.password_unusable", trunk=trunk, reason=str(error))
            raise KeyError(trunk) from error
        if not password.isprintable():
            log.warning("trunk.password_unusable", trunk=trunk, reason="it has more than one line")
            raise KeyError(trunk)
        return password

    def __iter__(self) -> Iterator[str]:
        return (file.stem for file in sorted(self._folder.glob(f"*{_ENDING}")))

    def __len__(self) -> int:
        return sum(1 for _ in self)
