"""Sends e-mail through the server of ``[mail]``: one message, one attempt. Who tries again decides when.

For every floor above that writes to people: cases, reports. It keeps nothing; whoever must not lose a
message keeps it in the database until `Post.send` has returned.
"""

from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import localtime
from typing import Protocol

import aiosmtplib

from config.schema.mail import Encryption
from config.schema.mail import Mail as Server

PATIENCE_S = 20.0
_PERMANENT = 500
"""SMTP replies from here on say that trying again changes nothing (RFC 5321, section 4.2.1)."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail. *name* is the same for every attempt, so that a repeated delivery can be recognised."""

    recipients: tuple[str, ...]
    subject: str
    text: str
    name: str


class NotSent(Exception):
    """The message was not taken; the sentence says why. *for_good*: another attempt would be in vain."""

    def __init__(self, sentence: str, *, for_good: bool = False) -> None:
        super().__init__(sentence)
        self.for_good = for_good


class Post(Protocol):
    """Where e-mail goes out."""

    @property
    def is_there(self) -> bool:
        """Whether there is a server at all."""
        ...

    async def send(self, letter: Letter) -> None:
        """Hand *letter* over. Raises `NotSent`."""
        ...


class Smtp:
    """The server that is in force; *server* is asked at every letter, so a change needs no restart."""

    def __init__(self, server: Callable[[], Server], password: str | None) -> None:
        self._server, self._password = server, password

    @property
    def is_there(self) -> bool:
        """Whether a server is configured."""
        return self._server().host is not None

    async def send(self, letter: Letter) -> None:
        """Hand *letter* over for all recipients. Raises `NotSent` if none of them got it."""
        server = self._server()
        if server.host is None or server.sender is None:
            raise NotSent("No mail server is configured.", for_good=True)
        signs_in = server.user is not None and self._password is not None
        try:
            await aiosmtplib.send(
                _message(letter, server.sender),
                hostname=server.host,
                port=server.port,
                username=server.user if signs_in else None,
                password=self._password if signs_in else None,
                use_tls=server.encryption is Encryption.TLS,
                start_tls=server.encryption is Encryption.STARTTLS,
                timeout=PATIENCE_S,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = [refused.code for refused in error.recipients]
            raise NotSent(
                f"All recipients were refused: {codes}.", for_good=min(codes) >= _PERMANENT
            ) from error
        except (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPDataError) as error:
            raise NotSent(
                f"Refused: {error.code} {error.message}", for_good=error.code >= _PERMANENT
            ) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise NotSent(f"{type(error).__name__}: {error}") from error


def _message(letter: Letter, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = ", ".join(letter.recipients)
    message["Subject"] = letter.subject
    message["Date"] = localtime()
    message["Message-ID"] = f"<{letter.name}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    message.set_content(letter.text)
    return message
