"""A line of the table in which the city lists whom to call."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from booking.sheets import Sheet
from booking.wishes import E164, Name, Notes, fault

KINDS = {"business": "事業所", "care-home": "福祉施設", "other": "その他"}
_BY_TITLE = {title: kind for kind, title in KINDS.items()}


def _kind(value: object) -> object:
    word = str(value).strip()
    kind = _BY_TITLE.get(word, word)
    if kind not in KINDS:
        raise fault(f"種別は {'、'.join(KINDS.values())} のどれかです。")
    return kind


class TargetRow(BaseModel):
    """One business or care home."""

    model_config = ConfigDict(frozen=True)

    name: Name
    phone: E164
    kind: Annotated[Literal["business", "care-home", "other"], BeforeValidator(_kind)] = "business"
    address: Name | None = None
    contact: Name | None = None
    notes: Notes | None = None


SHEET = Sheet(
    TargetRow,
    {
        "name": "名称",
        "phone": "電話番号",
        "kind": "種別",
        "address": "所在地",
        "contact": "担当者",
        "notes": "備考",
    },
)
"""The table: headings in Japanese, or the fields' own names."""
