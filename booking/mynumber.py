"""Finds a My Number in a text, so that none is ever stored (番号法 article 20 forbids keeping it).

A My Number has 12 digits; the last is a check digit (総務省令第85号 of 2014, article 5), which
``stdnum.jp.in_`` knows. People write it in full-width digits and with spaces or hyphens, and next to other
numbers.
"""

import re
import unicodedata
from itertools import accumulate

import phonenumbers
from stdnum.jp import in_

LENGTH = 12
_SEPARATORS = r"[\s\-‐‑‒–—―−ーｰ_・･.,、。/|:()\[\]]{1,3}"
_RUN = re.compile(rf"\+?\d+(?:{_SEPARATORS}\d+)*")
_GROUP = re.compile(r"\d+")

REFUSAL = (
    "マイナンバー（個人番号）と思われる12桁の数字が入っています。"
    "マイナンバーは予約に必要なく、保存できません。数字を消してから登録してください。"
)
"""What an operator reads; why it is refused, and what to do."""


def holds_my_number(text: str) -> bool:
    """Return whether 12 digits that could be a My Number stand in *text*, with or without separators.

    Looks at whole groups of digits that follow each other: a telephone number beside it hides nothing, and
    12 digits in the middle of a longer number are not taken for one.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return any(_in_run(run) for run in _RUN.findall(plain))


def _in_run(run: str) -> bool:
    groups = _GROUP.findall(run)
    return any(
        in_.is_valid("".join(str(int(digit)) for digit in joined))
        for start in range(len(groups))
        for joined in accumulate(groups[start:])
        if len(joined) == LENGTH and not (start == 0 and run.startswith("+") and _is_phone(joined))
    )


def _is_phone(digits: str) -> bool:
    """Return whether ``+digits`` can be dialled: Japan's mobile numbers in E.164 have 12 digits, too."""
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(f"+{digits}"))
    except phonenumbers.NumberParseException:
        return False
