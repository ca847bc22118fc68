"""How the city's own reservation system hears of each change (R7). Its secret is no setting of this file."""

from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from config.schema.base import Part, Seconds


class Adapter(StrEnum):
    """The way to the city's system."""

    HTTP = "http"
    FILES = "files"
    NONE = "none"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _safe_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("is not an address; write it like https://yoyaku.example.jp/changes")
    if parts.username or parts.password:
        raise ValueError("has a password in it; secrets stand in files of their own")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ValueError("would carry personal data unencrypted; write https://")
    return text


SafeUrl = Annotated[str, AfterValidator(_safe_url)]
"""https, or http on this machine."""


def _absolute(text: str) -> str:
    if not Path(text).is_absolute():
        raise ValueError("must begin with /, so that it is the same folder for everybody")
    return text


Folder = Annotated[str, AfterValidator(_absolute)]


class Delivery(Part):
    """``[booking.delivery]``.

    *url* is for ``http``. *folder* is for ``files``; with *reply_folder* a change is delivered when the
    city's reply file says so, without it when its file is in the folder. A pause after a failure doubles from
    *first_pause_s* to *longest_pause_s*. An alert opens when something has waited for *alert_after_s*.
    """

    adapter: Adapter = Adapter.NONE
    url: SafeUrl | None = None
    folder: Folder | None = None
    reply_folder: Folder | None = None
    timeout_s: Annotated[Seconds, Field(gt=0, le=60)] = 10
    first_pause_s: Annotated[Seconds, Field(gt=0)] = 1
    longest_pause_s: Annotated[Seconds, Field(gt=0)] = 300
    alert_after_s: Annotated[Seconds, Field(gt=0)] = 600

    @model_validator(mode="after")
    def _has_what_its_adapter_needs(self) -> Self:
        if self.adapter is Adapter.HTTP and self.url is None:
            raise ValueError('has adapter "http" but no url')
        if self.adapter is Adapter.FILES and self.folder is None:
            raise ValueError('has adapter "files" but no folder')
        if self.longest_pause_s < self.first_pause_s:
            raise ValueError("has a longest_pause_s below first_pause_s")
        return self
