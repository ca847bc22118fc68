"""What callers can hear without an operator, and the message they can leave instead of waiting (R3)."""

from typing import Annotated

from pydantic import Field

from config.schema.base import Part, Seconds, Slug


class Guide(Part):
    """A guidance announcement: documents to bring, venues, the web. *prompt* is its text."""

    name: Slug
    title: str
    prompt: Slug


class Message(Part):
    """Voice messages: at most *limit_s*, ended by *silence_s* of silence; to be dealt with within *due_s*."""

    limit_s: Annotated[Seconds, Field(ge=5, le=600)] = 120
    silence_s: Annotated[Seconds, Field(ge=2, le=30)] = 5
    due_s: Annotated[float, Field(gt=0, le=30 * 86_400)] = 86_400
