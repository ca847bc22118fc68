"""What every part of the schema shares: strictness and a few field types."""

import re
from typing import Annotated

import phonenumbers
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

RESERVED_KEYS = {"0": "an operator", "*": "the menu before"}
"""Keys that mean the same in every menu (R3)."""


class Part(BaseModel):
    """A table of ``centre.toml``: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def as_phone_number(text: str) -> str:
    """Return *text* in E.164; accepts national (0120-…) and international (+81…) writing.

    Raises ValueError: what is wrong, without its subject.
    """
    try:
        parsed = phonenumbers.parse(text, "JP")
    except phonenumbers.NumberParseException as error:
        raise ValueError("is not a telephone number; write it like 0120-123-456") from error
    if not phonenumbers.is_possible_number(parsed):
        raise ValueError("has too few or too many digits; write it like 0120-123-456")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _national(e164: str) -> str:
    parsed = phonenumbers.parse(e164, "JP")
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    return re.sub(r"\D", "", written)


def national_digits(e164: str) -> str:
    """Return the digits that are dialled inside Japan: ``+81120123456`` → ``0120123456``."""
    return _national(e164)


def _account(name: str) -> str:
    if not name.isascii() or not name.isprintable() or set(name) & set(' ";\\<>,@'):
        raise ValueError('is no account name: letters, digits and signs, without spaces and " ; \\ < > , @')
    return name


def _not_reserved(key: str) -> str:
    if meaning := RESERVED_KEYS.get(key):
        raise ValueError(f"is taken: it always leads to {meaning}; leave it out")
    return key


Slug = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=40),
    Field(description="a short name: small letters, digits and hyphens"),
]
PhoneNumber = Annotated[str, AfterValidator(as_phone_number)]
Host = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$", max_length=253),
    Field(description="a host name or an IPv4 address"),
]
Port = Annotated[int, Field(ge=1, le=65_535)]
Account = Annotated[str, StringConstraints(min_length=1, max_length=80), AfterValidator(_account)]
Seconds = Annotated[float, Field(ge=0, le=86_400)]
Weight = Annotated[int, Field(ge=0, le=10)]
MenuKey = Annotated[str, StringConstraints(pattern=r"^[0-9*#]$"), AfterValidator(_not_reserved)]
