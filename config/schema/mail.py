"""The server that e-mail leaves through (R19). Its password comes from the environment, not from here."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import EmailStr, Field, model_validator

from config.schema.base import Part


class Encryption(StrEnum):
    """How the way to the server is kept from listeners (RFC 8314)."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class Mail(Part):
    """The outgoing mail server. Without *host* no e-mail is sent; screens show everything all the same."""

    host: str | None = None
    port: Annotated[int, Field(ge=1, le=65_535)] = 587
    encryption: Encryption = Encryption.STARTTLS
    user: str | None = None
    sender: EmailStr | None = None

    @model_validator(mode="after")
    def _says_who_sends(self) -> Self:
        if self.host is not None and self.sender is None:
            raise ValueError("has a host but no sender; write the address that mails come from")
        return self
