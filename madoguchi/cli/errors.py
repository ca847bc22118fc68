"""What a command says when it cannot do what was asked."""

from collections.abc import Mapping
from typing import Any


class CommandError(Exception):
    """Refused or failed; the message is one sentence for the person at the keyboard.

    *problem* is what the centre answered (RFC 9457), where it did.
    """

    def __init__(self, sentence: str, status: int = 1, problem: Mapping[str, Any] | None = None) -> None:
        super().__init__(sentence)
        self.status, self.problem = status, problem or {}


class CentreDown(CommandError):
    """The centre is not running, or does not answer."""


class WrongUsage(CommandError):
    """The command line is not one that can be carried out."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, status=2)
