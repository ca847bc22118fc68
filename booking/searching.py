"""Finds reservations: by number, phone, kana or name, in part and in any writing (R8)."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from booking.content import joined_content
from booking.database import MESSAGES, RESERVATIONS, connected
from booking.errors import NotThere
from booking.numbers import ReservationId
from booking.search_keys import kana_key, name_key, phone_key
from booking.shapes import Plan
from storage import Pool
from telephony.record import iso

MOST_FOUND = 50
OF_CALLER = 5
_DIGITS = re.compile(r"[\d\s\-‐−ー()+]+")
_KANA = re.compile(r"[ァ-ヺー・\s]+")


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for; None does not limit. *words* is whatever somebody typed."""

    words: str | None = None
    phone: str | None = None
    kana: str | None = None
    name: str | None = None
    venue: str | None = None
    state: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class Searching:
    """Reads reservations."""

    def __init__(self, pool: Pool, plan: Plan) -> None:
        self._pool, self._plan = pool, plan

    async def find(self, wanted: Search) -> tuple[list[dict[str, Any]], bool]:
        """Return what matches, those to come first, and whether there are more."""
        keys = keys_of(wanted)
        values = (wanted.venue, wanted.state, wanted.since, wanted.until, MOST_FOUND + 1)
        async with connected(self._pool) as connection:
            rows = await connection.fetch(RESERVATIONS["search"], *keys, *values)
        found = [joined_content(dict(row), self._plan) for row in rows]
        return found[:MOST_FOUND], len(found) > MOST_FOUND

    async def one(self, number: ReservationId) -> dict[str, Any]:
        """Return one reservation with its history and messages. Raises `NotThere`."""
        async with connected(self._pool) as connection:
            row = await connection.fetchrow(RESERVATIONS["one"], number)
            history = await connection.fetch(RESERVATIONS["history"], number)
            messages = await connection.fetch(MESSAGES["of_reservation"], number)
        if row is None:
            raise NotThere("この番号の予約はありません。番号をもう一度確かめてください。")
        return joined_content(dict(row), self._plan) | {
            "history": [_entry(dict(each)) for each in history],
            "messages": [_message(dict(each)) for each in messages],
        }

    async def of_phone(self, phone: str) -> Sequence[Mapping[str, Any]]:
        """Return the latest reservations of a telephone number, for the screen-pop. Raises `Unavailable`."""
        key = phone_key(phone)
        if key is None:
            return []
        async with connected(self._pool) as connection:
            rows = await connection.fetch(RESERVATIONS["of_phone"], key, OF_CALLER)
        return [joined_content(dict(row), self._plan) for row in rows]


def keys_of(wanted: Search) -> tuple[str | None, str | None, str | None, str | None]:
    """Return what to compare with: digits, kana key, name key, notice number.

    Digits are a number or a phone, kana a kana name; anything else may be a name or a notice number.
    """
    words = unicodedata.normalize("NFKC", wanted.words or "").strip()
    digits = _national(wanted.phone) if wanted.phone else None
    kana = kana_key(wanted.kana) if wanted.kana else None
    name = name_key(wanted.name) if wanted.name else None
    if words and _DIGITS.fullmatch(words):
        return _national(words), kana, name, words
    if words and _KANA.fullmatch(_katakana(words)):
        return digits, kana_key(words), name, None
    return digits, kana, name or (name_key(words) if words else None), words or None


def _national(text: str) -> str:
    """Return the digits of *text*, which may be a part; an international number becomes a national one."""
    plain = unicodedata.normalize("NFKC", text)
    whole = phone_key(plain) if plain.lstrip().startswith("+") else None
    return re.sub(r"\D", "", whole or plain)


def _katakana(text: str) -> str:
    return "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in text)


def _entry(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"at": iso(row["at"])}


def _message(row: dict[str, Any]) -> dict[str, Any]:
    settled = row["settled_at"]
    return row | {
        "created_at": iso(row["created_at"]),
        "settled_at": None if settled is None else iso(settled),
    }
