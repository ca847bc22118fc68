"""The door for text: one form of every character, and nothing that cannot be spoken gets in."""

import re
import unicodedata

from sounds.errors import TextError

MAX_TEXT = 1000
"""Characters. The longest prompt has about 200; a minute of speech has about 400."""

_CONTROL = {"Cc", "Cf", "Cs", "Co", "Cn"}
_HYPHENS_IN_NUMBERS = re.compile(r"(?<=\d)[‐‑‒–—―−ー](?=\d)")
_SPOKEN_SIGNS = str.maketrans({"*": "コメジルシ", "#": "シャープ", "※": "、", "&": "アンド", "〜": "~"})
_MARK_SHOWN = 20


def clean(text: str) -> str:
    """Return *text* in compatibility form (half-width digits, full-width kana) on one line.

    Raises `TextError` for text that is too long, holds control or unassigned characters or symbols
    without a reading (☎), or has nothing to say.
    """
    if len(text) > MAX_TEXT:
        raise TextError(f"The text has {len(text)} characters; {MAX_TEXT} is the most that is spoken.")
    one_line = " ".join(text.split())
    _refuse_unspeakable(one_line)
    compatible = unicodedata.normalize("NFKC", one_line).translate(_SPOKEN_SIGNS)
    if not any(unicodedata.category(character)[0] in "LN" for character in compatible):
        raise TextError(f"The text {text[:_MARK_SHOWN]!r} has no word in it that could be spoken.")
    return _join_lines(_HYPHENS_IN_NUMBERS.sub("-", compatible))


def _refuse_unspeakable(text: str) -> None:
    for place, character in enumerate(text, start=1):
        if unicodedata.category(character) in _CONTROL:
            raise TextError(f"The text has a control character (U+{ord(character):04X}) at place {place}.")
        compatible = unicodedata.normalize("NFKC", character)
        if unicodedata.category(compatible[0]) == "So":
            raise TextError(f"The text has {character!r} at place {place}, which nobody can say; use words.")


def _join_lines(text: str) -> str:
    """Drop the blanks that a line break left beside Japanese punctuation: they are not pauses."""
    return re.sub(r"(?<=[、。!?]) +", "", text)
