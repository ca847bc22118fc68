"""E-mail through the centre's mail server (``[mail]``, RFC 5321)."""

import hashlib
from collections.abc import Callable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime

import aiosmtplib

from booking.messages.message import Message
from booking.messages.ports import Sent, Unclear
from booking.outgoing.answers import LONGEST_REASON, Later, Refused, Taken, one_line
from config.schema.mail import Encryption, Mail

PATIENCE_S = 20.0
_PERMANENT = 500
"""Replies from here on will be the same next time (RFC 5321, section 4.2.1)."""


class MailSink:
    """Fills `booking.messages.ports.Sink`. *title* is the centre's, shown beside the sender's address."""

    repeatable = False

    def __init__(self, mail: Callable[[], Mail], password: str | None, title: Callable[[], str]) -> None:
        self._mail, self._password, self._title = mail, password, title

    async def send(self, message: Message) -> Sent:
        """Send one e-mail."""
        mail = self._mail()
        if mail.host is None or mail.sender is None:
            return Later("[mail] in centre.toml names no host and sender", everybody=True)
        try:
            letter = letter_of(message, mail.sender, self._title())
        except ValueError as error:
            return Refused(one_line(str(error), LONGEST_REASON))
        client = self._client(mail)
        try:
            await client.connect()
        except (aiosmtplib.SMTPException, OSError) as error:
            client.close()
            return Later(_reason(error), everybody=True)
        try:
            return await _hand_over(client, letter)
        finally:
            client.close()

    def _client(self, mail: Mail) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=mail.host,
            port=mail.port,
            username=mail.user,
            password=self._password if mail.user is not None else None,
            use_tls=mail.encryption is Encryption.TLS,
            start_tls=mail.encryption is Encryption.STARTTLS,
            timeout=PATIENCE_S,
        )


def letter_of(message: Message, sender: str, title: str) -> EmailMessage:
    """Return the e-mail. Raises ValueError for what no header may hold (RFC 5322), such as a line break."""
    letter = EmailMessage(policy=SMTP)
    letter["From"] = Address(display_name=title, addr_spec=sender)
    letter["To"] = Address(addr_spec=message.to)
    letter["Subject"] = message.subject or ""
    letter["Date"] = localtime()
    name = hashlib.sha256(message.key.encode()).hexdigest()[:32]
    letter["Message-ID"] = f"<{name}@{sender.rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence answers it
    letter.set_content(message.text)
    return letter


async def _hand_over(client: aiosmtplib.SMTP, letter: EmailMessage) -> Sent:
    try:
        await client.send_message(letter)
    except aiosmtplib.SMTPRecipientsRefused as error:
        return _refusal(error.recipients[0].code, error)
    except aiosmtplib.SMTPSenderRefused as error:
        return Later(_reason(error), everybody=True)
    except aiosmtplib.SMTPResponseException as error:
        return _refusal(error.code, error)
    except aiosmtplib.SMTPNotSupported as error:
        return Refused(_reason(error))
    except (aiosmtplib.SMTPException, OSError) as error:
        return Unclear(_reason(error))
    return Taken()


def _refusal(code: int, error: Exception) -> Sent:
    return Refused(_reason(error)) if code >= _PERMANENT else Later(_reason(error), everybody=False)


def _reason(error: Exception) -> str:
    return one_line(f"{type(error).__name__}: {error}", LONGEST_REASON)
