"""How a person reads numbers, dates and times aloud, written down independently of the engine.

Katakana as spoken, long vowels as ー. Sources: NHK's tables of counters; the irregular ones by hand.
"""

ONES = ("", "イチ", "ニ", "サン", "ヨン", "ゴ", "ロク", "ナナ", "ハチ", "キュー")
HUNDREDS = (
    *("", "ヒャク", "ニヒャク", "サンビャク", "ヨンヒャク", "ゴヒャク"),
    *("ロッピャク", "ナナヒャク", "ハッピャク", "キューヒャク"),
)
THOUSANDS = (
    *("", "セン", "ニセン", "サンゼン", "ヨンセン", "ゴセン"),
    *("ロクセン", "ナナセン", "ハッセン", "キューセン"),
)
MINUTE_ENDS = (
    *("ジュップン", "イップン", "ニフン", "サンプン", "ヨンプン", "ゴフン"),
    *("ロップン", "ナナフン", "ハップン", "キューフン"),
)
MONTHS = (
    *("イチガツ", "ニガツ", "サンガツ", "シガツ", "ゴガツ", "ロクガツ", "シチガツ", "ハチガツ", "クガツ"),
    *("ジューガツ", "ジューイチガツ", "ジューニガツ"),
)
DAYS = (
    *("ツイタチ", "フツカ", "ミッカ", "ヨッカ", "イツカ", "ムイカ", "ナノカ", "ヨーカ", "ココノカ", "トーカ"),
    *("ジューイチニチ", "ジューニニチ", "ジューサンニチ", "ジューヨッカ", "ジューゴニチ", "ジューロクニチ"),
    *("ジューシチニチ", "ジューハチニチ", "ジュークニチ", "ハツカ", "ニジューイチニチ", "ニジューニニチ"),
    *("ニジューサンニチ", "ニジューヨッカ", "ニジューゴニチ", "ニジューロクニチ", "ニジューシチニチ"),
    *("ニジューハチニチ", "ニジュークニチ", "サンジューニチ", "サンジューイチニチ"),
)
HOLIDAYS = {
    "元日": "ガンジツ",
    "成人の日": "セージンノヒ",
    "建国記念の日": "ケンコクキネンノヒ",
    "天皇誕生日": "テンノータンジョービ",
    "春分の日": "シュンブンノヒ",
    "昭和の日": "ショーワノヒ",
    "憲法記念日": "ケンポーキネンビ",
    "みどりの日": "ミドリノヒ",
    "こどもの日": "コドモノヒ",
    "海の日": "ウミノヒ",
    "山の日": "ヤマノヒ",
    "敬老の日": "ケーローノヒ",
    "秋分の日": "シュウブンノヒ",
    "スポーツの日": "スポーツノヒ",
    "文化の日": "ブンカノヒ",
    "勤労感謝の日": "キンロウカンシャノヒ",
    "国民の休日": "コクミンノキュージツ",
    "振替休日": "フリカエキュージツ",
}
HOUR_ONES = ("レー", "イチ", "ニ", "サン", "ヨ", "ゴ", "ロク", "シチ", "ハチ", "ク")
WEEKDAYS = ("ゲツ", "カ", "スイ", "モク", "キン", "ド", "ニチ")
PEOPLE_ONES = ("", "イチ", "ニ", "サン", "ヨ", "ゴ", "ロク", "シチ", "ハチ", "キュー")
DIGITS = ("ゼロ", "イチ", "ニー", "サン", "ヨン", "ゴー", "ロク", "ナナ", "ハチ", "キュー")


def tens(number: int) -> str:
    """Return the tens of *number*: 23 → ニジュー."""
    count = number // 10 % 10
    return ("" if count == 1 else ONES[count]) + "ジュー" if count else ""


def number(value: int) -> str:
    """Return *value* (0 to 9999) as it is counted."""
    if value == 0:
        return "ゼロ"
    return THOUSANDS[value // 1000] + HUNDREDS[value // 100 % 10] + tens(value) + ONES[value % 10]


def minutes(value: int) -> str:
    """Return 0 to 99 minutes."""
    if value == 0:
        return "レーフン"
    if value % 10 == 0:
        return tens(value).removesuffix("ジュー") + "ジュップン"
    return tens(value) + MINUTE_ENDS[value % 10]


def hour(value: int) -> str:
    """Return the hour of the day, 0 to 23."""
    if value and value % 10 == 0:
        return tens(value) + "ジ"
    return tens(value) + HOUR_ONES[value % 10] + "ジ"


def people(value: int) -> str:
    """Return how many people, 1 to 99."""
    few = {1: "ヒトリ", 2: "フタリ"}
    return few.get(value) or tens(value) + PEOPLE_ONES[value % 10] + "ニン"
