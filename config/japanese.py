"""What can be wrong with ``centre.toml``, in Japanese: the catalogue, by the English that it stands for.

A mistake is found and worded once, in English, by pydantic, a validator or `config.references`. Here the
finished English is recognised by its template, and its values are put into the Japanese; a value that is a
phrase of its own (``{expected}``, ``{hint}``, ``{complaint}``) is looked up in the same way. A test finds
every complaint of the schema that has no template here.
"""

import re
from collections.abc import Mapping
from functools import cache
from string import Formatter

PHRASES = frozenset({"expected", "hint", "complaint"})
"""Names of values that are looked up themselves."""

WORDS: Mapping[str, str] = {
    "a table": "表",
    "a list": "一覧",
    "an empty list": "空の一覧",
    "more": "大きい値",
    "less": "小さい値",
}

COMPLAINTS: Mapping[str, str] = {
    # the shape
    "is {value}; {expected}": "{value} は使えません。{expected}",
    "({value}) {complaint}": "（{value}）{complaint}",
    "is not a key that is known here; {hint}": "ここにこの項目はありません。{hint}",
    "is missing; it has no default, so write it": "必要な項目がありません。書いてください",
    "it must be a number": "数で書いてください",
    "it must be a whole number": "整数で書いてください",
    'it must be text in quotes ("…")': '"…" で囲んだ文字で書いてください',
    "it must be a table of its own keys": "項目を持つ表で書いてください",
    "it must be a list": "[…] の一覧で書いてください",
    "it must be true or false": "true か false を書いてください",
    "it must be an address or a network, like 203.0.113.7 or 203.0.113.0/28": (
        "203.0.113.7 や 203.0.113.0/28 のような、アドレスかネットワークを書いてください"
    ),
    "it must be more than {limit}": "{limit} より大きくしてください",
    "it must be at least {limit}": "{limit} 以上にしてください",
    "it must be less than {limit}": "{limit} より小さくしてください",
    "it must be at most {limit}": "{limit} 以下にしてください",
    "it may have at most {limit} characters": "{limit} 文字までにしてください",
    "it must have at least {limit} characters": "{limit} 文字以上にしてください",
    "it may have at most {limit} entries": "{limit} 個までにしてください",
    "it must have at least {limit} entries": "{limit} 個以上にしてください",
    "it must be {choices}": "{choices} のどれかを書いてください",
    "it must be a short name of small letters, digits and hyphens": (
        "英小文字で始まる、英小文字・数字・ハイフンの短い名前にしてください"
    ),
    "it must be a day of the year, like 12-29": "12-29 のような月日を書いてください",
    "it must be one key of a telephone: a digit, * or #": "電話機のキーを一つ（数字、* か #）書いてください",
    "it must be an extension of 3 to 6 digits that does not begin with 0, like 201": (
        "201 のような、0 で始まらない3〜6桁の内線番号を書いてください"
    ),
    'did you mean "{word}"?': '"{word}" のことではありませんか',
    "the {kind} are: {names}": "書けるもの：{names}",
    "there are no {kind}": "まだ一つもありません（{kind}）",
    # the file
    "does not exist; write it, or name another one in MADOGUCHI_CONFIG": (
        "ありません。作るか、別のファイルを MADOGUCHI_CONFIG で指してください"
    ),
    "has bytes that are not UTF-8, the first at byte {byte}; save it as UTF-8": (
        "UTF-8 でない文字があります（最初は {byte} バイト目）。UTF-8 で保存してください"
    ),
    "is not TOML: {why}": "TOML として読めません：{why}",
    # between the tables
    'names "{word}", which is not among the {table}; {hint}': '"{word}" は {table} にありません。{hint}',
    'is "{value}", which {place} has already; each needs its own': (
        '"{value}" は {place} でもう使われています。別のものにしてください'
    ),
    "is {value}; it must be {wanted} than {before} before it: {why}": (
        "{value} です。前の段の {before} より{wanted}にしてください。"
        "後の段ほど、遅く、重みの小さい担当者に広げます"
    ),
    'is "{number}", which is not among the numbers of this centre': (
        '"{number}" は、このセンターの番号ではありません'
    ),
    'is "callback", but no trunk has an outbound address to place it': (
        '"callback" ですが、かけ直しに使える outbound のある回線がありません'
    ),
    'is "self-service", but [self_service] does not say what is booked': (
        '"self-service" ですが、何を予約するかを [self_service] に書いていません'
    ),
    "needs a channel keypad among booking.channels": "booking.channels に keypad が要ります",
    'names "{name}", a contact without email': '"{name}" は email のない連絡先です',
    "is the trunk itself; name another one": "その回線自身です。別の回線にしてください",
    'names "{name}", a trunk without outbound': '"{name}" は outbound のない回線です',
    "must lead to a guide: {why}": (
        "guide に進むものにしてください。待っている人が、順番を保ったまま聞くからです"
    ),
    "says {word}; citizens always hear and read {card} (R23)": (
        "「{word}」とあります。市民には、いつも「{card}」と伝えます（R23）"
    ),
    # single values
    "is not a telephone number; write it like 0120-123-456": (
        "電話番号ではありません。0120-123-456 のように書いてください"
    ),
    "has too few or too many digits; write it like 0120-123-456": (
        "桁数が合いません。0120-123-456 のように書いてください"
    ),
    'is no account name: letters, digits and signs, without spaces and " ; \\ < > , @': (
        '利用者名として使えません。英数字と記号で、空白と " ; \\ < > , @ を含まないようにしてください'
    ),
    "is taken: it always leads to {meaning}; leave it out": (
        "このキーは、もう決まっています（{meaning}）。消してください"
    ),
    "is not an e-mail address; write it like name@example.jp": (
        "メールアドレスではありません。name@example.jp のように書いてください"
    ),
    "is not a time zone; Japan's is Asia/Tokyo": "時間帯の名前ではありません。日本は Asia/Tokyo です",
    'is not a time of day; write it like "09:00" or "17:15"': (
        '時刻ではありません。"09:00" や "17:15" のように書いてください'
    ),
    "is not an address; write it like https://yoyaku.example.jp/changes": (
        "アドレスではありません。https://yoyaku.example.jp/changes のように書いてください"
    ),
    "has a password in it; secrets stand in files of their own": (
        "パスワードが入っています。秘密は専用のファイルに置いてください"
    ),
    "would carry personal data unencrypted; write https://": (
        "個人情報が暗号化されずに流れます。https:// で書いてください"
    ),
    "must begin with /, so that it is the same folder for everybody": (
        "/ から始まるフォルダーを書いてください"
    ),
    "covers {count} addresses; name the carrier's own, at most a /16 network": (
        "{count} 個のアドレスを含みます。電話会社のものだけを、広くても /16 で書いてください"
    ),
    "has a brace without its other half; write {{{{ for a brace itself": (
        "波かっこが片方しかありません。文字としての波かっこは {{{{ と書いてください"
    ),
    "has {{{field}}}; in braces may stand {names}": (
        "{{{field}}} は使えません。波かっこに書けるもの：{names}"
    ),
    "has more than one line": "一行で書いてください",
    # single tables
    "needs both opens and closes, or neither for a day that is closed": (
        "opens と closes の両方を書くか、休みの日なら両方とも書かないでください"
    ),
    "has slots of {minutes} minutes at {counter}, too short for a service of {service}": (
        "{counter} の枠は {minutes} 分で、{service} 分かかる用件には短すぎます"
    ),
    "opens at {opens}, which is not before {closes}": (
        "始まり（{opens}）が終わり（{closes}）より前ではありません"
    ),
    "has {names} twice among its {table}; each needs its own": (
        "{table} に {names} が二つあります。名前はそれぞれ別にしてください"
    ),
    "has steps of escalation that are not later than the one before": (
        "前の段より遅くない escalation の段があります"
    ),
    'has adapter "http" but no url': 'adapter が "http" ですが、url がありません',
    'has adapter "files" but no folder': 'adapter が "files" ですが、folder がありません',
    "has a longest_pause_s below first_pause_s": "longest_pause_s が first_pause_s より短くなっています",
    "closes before it opens; a night is two tables, until 24:00 and from 00:00": (
        "終わりが始まりより前です。夜をまたぐときは、24:00 までと 00:00 からの二つに分けてください"
    ),
    "needs either closed = true, or both opens and closes": (
        "closed = true か、opens と closes の両方を書いてください"
    ),
    "ends on {day}, before it begins": "終わりの日（{day}）が始まりより前です",
    "has a host but no sender; write the address that mails come from": (
        "host がありますが sender がありません。差出人のアドレスを書いてください"
    ),
    "needs exactly one of queue, menu or guide": "queue、menu、guide のうち、一つだけを書いてください",
    'has sms "webhook" but no sms_url': 'sms が "webhook" ですが、sms_url がありません',
    "has sms_opens that is not before sms_closes": "sms_opens が sms_closes より前ではありません",
    "needs menu if it does guidance, and only then": "guidance のときだけ、menu を書いてください",
    "needs options, the prompt that names its keys, if it has keys, and only then": (
        "キーがあるときだけ、それを案内する options を書いてください"
    ),
    "has criteria of the same name; each needs its own": "同じ名前の項目があります。別の名前にしてください",
    "needs a last overflow step with no condition but after_s, so that no caller is forgotten": (
        "だれも置き去りにならないよう、最後の overflow は after_s だけを条件にしてください"
    ),
    "has an overflow[{place}] that is never used: a step above it, which asks for less, comes first": (
        "overflow[{place}] は使われません。上の、条件のゆるい段が先になります"
    ),
    "is written as another number than it has": "written が、番号と違っています",
    "has a number that costs extra or is abroad; write transfer = false to only tell it": (
        "追加料金のかかる番号か海外の番号です。伝えるだけなら transfer = false と書いてください"
    ),
    "needs listen_port, where {transport} is taken, for example 5061": (
        "{transport} を受けるポート listen_port（たとえば 5061）が要ります"
    ),
    "needs transport tls: the keys of encrypted sound stand in SIP": (
        "音声を暗号化する鍵は SIP に入るので、transport を tls にしてください"
    ),
    "needs registration, for outbound account names its user": (
        "outbound の account は登録の利用者名なので、registration が要ります"
    ),
    "needs outbound, the address that qualify_s asks": "qualify_s で確かめる相手 outbound が要ります",
}


def in_japanese(english: str) -> str | None:
    """Return the Japanese of a complaint or phrase; None for one that the catalogue does not have."""
    for pattern, japanese in _patterns():
        if found := pattern.fullmatch(english):
            return japanese.format(**{name: _value(name, text) for name, text in found.groupdict().items()})
    return None


def _value(name: str, text: str) -> str:
    known = in_japanese(text) if name in PHRASES else WORDS.get(text)
    return text if known is None else known


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Return template and Japanese; the templates with the most words of their own come first."""
    ordered = sorted(COMPLAINTS, key=lambda template: -len(re.sub(r"\{\w+\}", "", template)))
    return [(_pattern(template), COMPLAINTS[template]) for template in ordered]


def _pattern(template: str) -> re.Pattern[str]:
    parts = [
        re.escape(literal) + ("" if name is None else f"(?P<{name}>.+?)")
        for literal, name, _, _ in Formatter().parse(template)
    ]
    return re.compile("".join(parts), re.DOTALL)
