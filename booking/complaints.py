"""Words for what is wrong with what people typed: pydantic's findings as sentences for an operator."""

from collections.abc import Iterator

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from booking.errors import FieldFault

TITLES = {
    "slot": "枠",
    "name": "お名前",
    "kana": "フリガナ",
    "phone": "電話番号",
    "people": "人数",
    "birth_date": "生年月日",
    "family": "ご家族",
    "notice_number": "交付通知書の番号",
    "notes": "メモ",
    "email": "メールアドレス",
    "consent": "お知らせの希望",
    "hold": "仮押さえ",
    "call": "通話",
    "state": "状態",
    "version": "版",
    "service": "用件",
    "venue": "会場",
    "from": "期間の始め",
    "until": "期間の終わり",
    "if_duplicate": "重複したときの扱い",
    "kind": "種類",
    "content": "内容",
    "caller": "発信者の電話番号",
    "due_at": "期限",
    "to": "連絡先",
    "note": "メモ",
    "report": "報告",
    "outcome": "結果",
    "retry_at": "次にかける日時",
    "why": "理由",
    "reason": "聞く理由",
    "at_s": "秒",
    "text": "コメント",
    "points": "点",
    "comment": "講評",
    "list": "名簿の名前",
    "number": "番号",
    "category": "分類",
    "question": "質問",
    "answer": "回答",
    "keywords": "検索語",
    "agreed_on": "合意日",
    "valid_from": "有効開始日",
    "valid_until": "有効終了日",
}
_COMPLAINTS = {
    "missing": "{title}を入力してください。",
    "string_too_short": "{title}を入力してください。",
    "string_too_long": "{title}が長すぎます（{max_length}文字まで）。",
    "string_type": "{title}は文字で入力してください。",
    "int_type": "{title}は整数で入力してください。",
    "int_parsing": "{title}は整数で入力してください。",
    "greater_than_equal": "{title}は{ge}以上にしてください。",
    "less_than_equal": "{title}は{le}までです。",
    "too_long": "{title}は{max_length}人分までです。",
    "extra_forbidden": "この項目（{field}）は使えません。",
}
_PLAIN_COMPLAINT = "{title}が正しくありません。"


def faults_of(error: ValidationError) -> Iterator[FieldFault]:
    """Yield what is wrong, field by field, in sentences for an operator."""
    for item in error.errors(include_url=False, include_input=False):
        field = ".".join(str(step)[:40] for step in item["loc"]) or "body"
        yield FieldFault(field, _complaint(item, field))


def _complaint(item: ErrorDetails, field: str) -> str:
    last = next((step for step in reversed(item["loc"]) if isinstance(step, str)), "")
    title = TITLES.get(last, "送られた内容")
    if item["type"] == "booking":
        return item["msg"]
    return _COMPLAINTS.get(item["type"], _PLAIN_COMPLAINT).format(
        title=title, field=field, **item.get("ctx", {})
    )
