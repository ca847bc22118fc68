"""SMS through whoever sends them for the centre: one POST of JSON a message."""

import asyncio
from http import HTTPStatus
from pathlib import Path

import aiohttp

from booking.messages.message import Message
from booking.messages.ports import Sent, Unclear
from booking.outgoing.answers import Later, verdict
from config.schema.base import as_phone_number
from config.secret_files import SecretError, read_secret

PATIENCE_S = 15.0
LONGEST_ANSWER = 64 * 1024
SHORTEST_TOKEN = 8

_PERHAPS_SENT = frozenset(
    {HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT}
)
"""Something broke after the request was read: perhaps behind the moment at which the SMS went out."""


class WebhookSink:
    """Fills `booking.messages.ports.Sink`. *secret* is the file with the provider's token."""

    repeatable = False
    """Not every provider looks at the key."""

    def __init__(self, url: str, secret: Path) -> None:
        self._url, self._secret = url, secret

    async def send(self, message: Message) -> Sent:
        """Send one SMS."""
        try:
            token = await asyncio.to_thread(read_secret, self._secret, shortest=SHORTEST_TOKEN)
        except SecretError as error:
            return Later(str(error), everybody=True)
        headers = {"Authorization": f"Bearer {token.decode()}", "Idempotency-Key": message.key}
        content = {"to": as_phone_number(message.to), "text": message.text, "reference": message.key}
        limit = aiohttp.ClientTimeout(total=PATIENCE_S)
        try:
            async with (
                aiohttp.ClientSession(timeout=limit) as http,
                http.post(self._url, json=content, headers=headers, allow_redirects=False) as answer,
            ):
                said = await answer.content.read(LONGEST_ANSWER)
        except aiohttp.ClientConnectorError as error:
            return Later(f"no connection ({type(error).__name__})", everybody=True)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return Unclear(f"no answer ({type(error).__name__})")
        if answer.status in _PERHAPS_SENT:
            return Unclear(f"answer {answer.status}")
        return verdict(answer.status, said, answer.headers.get("Retry-After"))
