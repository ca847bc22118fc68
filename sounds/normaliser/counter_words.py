"""Counting where the engine goes wrong: 8分 is ハップン, not ハチフン; 1,234 is one number."""

import re

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_EIGHT = re.compile(r"(?<![\d.])(\d*)8(分(?!間|の)|回|階|件|個|[かヶカケ箇]月)")
_EIGHT_WORDS = {"分": "ハップン", "回": "ハッカイ", "階": "ハッカイ", "件": "ハッケン", "個": "ハッコ"}


def _eight(match: re.Match[str]) -> str:
    tens = f"{match[1]}0" if match[1].strip("0") else ""
    return tens + _EIGHT_WORDS.get(match[2], "ハッカゲツ")


def say_counters(text: str) -> str:
    """Rewrite the counted things of cleaned *text*."""
    return _EIGHT.sub(_eight, _THOUSANDS.sub("", text))
