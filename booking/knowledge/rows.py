"""A line of the table in which city and contractor keep their agreed answers."""

import re
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    model_validator,
)

from booking.sheets import Sheet
from booking.wishes import Day, OneLine, SafeText, fault
from config.references import CARD, FORBIDDEN, says_forbidden

_SEPARATORS = re.compile(r"[;；、,，\s]+")
_MOST_KEYWORDS = 40


def _for_citizens(text: str) -> str:
    if says_forbidden(text):
        raise fault(f"「{FORBIDDEN}」ではなく「{CARD}」と書いてください。")
    return text


def _words(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    words = tuple(dict.fromkeys(word for word in _SEPARATORS.split(value) if word))
    if len(words) > _MOST_KEYWORDS:
        raise fault(f"検索語は{_MOST_KEYWORDS}個までです。")
    return words


_Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=300),
    SafeText,
    OneLine,
    AfterValidator(_for_citizens),
]
_Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=4_000),
    SafeText,
    AfterValidator(_for_citizens),
]


def _number(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}", text):
        raise fault("番号は英数字とハイフンで、20文字までです（例：K-01）。")
    return text


class QuestionRow(BaseModel):
    """One agreed answer. Without *agreed_on* it is a draft, which nobody is shown."""

    model_config = ConfigDict(frozen=True)

    number: Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_number)]
    category: _Line
    question: _Line
    answer: _Text
    keywords: Annotated[tuple[_Line, ...], BeforeValidator(_words)] = ()
    agreed_on: Day | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_until and self.valid_from and self.valid_until < self.valid_from:
            raise fault("有効終了日が有効開始日より前です。")
        return self


SHEET = Sheet(
    QuestionRow,
    {
        "number": "番号",
        "category": "分類",
        "question": "質問",
        "answer": "回答",
        "keywords": "検索語",
        "agreed_on": "合意日",
        "valid_from": "有効開始日",
        "valid_until": "有効終了日",
    },
)
"""The table: headings in Japanese, or the fields' own names."""
