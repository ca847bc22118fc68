"""One writing for what people write in many ways, so that a search finds a name however it was heard.

Kana: half-width, hiragana, ヴ, small letters, long vowels (おおの/オーノ, サトウ/サトー).
Kanji: old and new forms (髙/高, 𠮷/吉). Keys are for comparing only and are never shown. A key may put two
names together (ヂ/ジ): a search that finds one too many is better than one that misses.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

import jaconv
import phonenumbers

_ROWS = {
    "ア": "アカサタナハマヤラワガザダバパ",
    "イ": "イキシチニヒミリギジビピ",
    "ウ": "ウクスツヌフムユルグズブプ",
    "エ": "エケセテネヘメレゲゼベペ",
    "オ": "オコソトノホモヨロゴゾドボポ",
}
_VOWEL = {kana: vowel for vowel, row in _ROWS.items() for kana in row}
_AS_LONG = {("オ", "ウ"): "オ", ("エ", "イ"): "エ"}
"""こう is said コー, けい ケー."""

_SOUNDS = (
    *(("ヴァ", "バ"), ("ヴィ", "ビ"), ("ヴェ", "ベ"), ("ヴォ", "ボ"), ("ヴュ", "ビユ"), ("ヴ", "ブ")),
    *(("ヷ", "バ"), ("ヸ", "ビ"), ("ヹ", "ベ"), ("ヺ", "ボ")),
)
_SAME = str.maketrans("ァィゥェォッャュョヮヵヶヂヅヲヰヱ", "アイウエオツヤユヨワカケジズオイエ")

_OLD_AND_NEW = (
    "髙高 﨑崎 碕崎 嵜崎 𠮷吉 邊辺 邉辺 齋斉 齊斉 斎斉 澤沢 濱浜 濵浜 廣広 嶋島 嶌島 櫻桜 "
    "國国 眞真 惠恵 榮栄 德徳 淺浅 瀨瀬 靜静 增増 藏蔵 壽寿 條条 實実 龍竜 瀧滝 冨富 舘館 "
    "渕淵 埜野 峯峰 槇槙 圓円 應応 學学 關関 覺覚 巖巌 氣気 舊旧 曉暁 勳勲 薰薫 縣県 檢検 "
    "劍剣 黑黒 穗穂 晝昼 齒歯 兒児 淨浄 敍叙 將将 稱称 燒焼 讓譲 釀醸 粹粋 錢銭 攝摂 專専 "
    "戰戦 禪禅 曽曾 總総 聰聡 莊荘 乘乗 臺台 擇択 單単 團団 遲遅 鐵鉄 轉転 傳伝 當当 黨党 "
    "燈灯 讀読 貮弐 拜拝 賣売 發発 蠻蛮 祕秘 濟済 佛仏 拂払 變変 辨弁 寶宝 豐豊 萬万 彌弥 "
    "藥薬 與与 譽誉 搖揺 樣様 來来 賴頼 亂乱 覽覧 綠緑 壘塁 禮礼 靈霊 勞労 郞郎 凉涼 步歩 "
    "每毎 淚涙 戶戸 鷗鴎 籔薮 藪薮 檜桧 靑青 淸清 緖緒 敎教 尙尚 ヶケ 栁柳 舩船 籐藤 俠侠 "
    "桒桑 栢柏 蘆芦 菴庵 鄕郷 鄉郷 雞鶏 鷄鶏 亞亜 惡悪 壓圧 圍囲 醫医 壹壱 隱隠 衞衛 驛駅 "
    "緣縁 鹽塩 奧奥 橫横 假仮 價価 畫画 會会 懷懐 擴拡 樂楽 卷巻 觀観 歡歓 顏顔 歸帰 戲戯 "
    "峽峡 狹狭 區区 驅駆 莖茎 徑径 輕軽 藝芸 險険 圈圏 獻献 顯顕 恆恒 號号 雜雑 參参 慘惨 "
    "殘残 絲糸 嶽岳 "
)
_NEW_FORM = str.maketrans({pair[0]: pair[1] for pair in _OLD_AND_NEW.split()})
"""One name in several forms, to the usual one: 人名用漢字別表第二 (old forms that names may have) and
the variants that city counters meet most. A list of our own; extend it here."""

_VARIATION_SELECTORS = re.compile("[\\ufe00-\\ufe0f\U000e0100-\U000e01ef]")
_NO_LETTER = re.compile(r"[^\w]|_")


def _plain(text: str) -> str:
    text = _VARIATION_SELECTORS.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return jaconv.hira2kata(text)


def kana_key(text: str) -> str:
    """Return the key of a name in kana."""
    sound = _plain(text)
    for written, said in _SOUNDS:
        sound = sound.replace(written, said)
    key = ""
    for kana in sound.translate(_SAME):
        before = _VOWEL.get(key[-1:], "")
        if kana in "ー〜~":
            key += before
        elif not _NO_LETTER.match(kana):
            key += _AS_LONG.get((before, kana), kana)
    return key


def name_key(text: str) -> str:
    """Return the key of a name as it is written."""
    return _NO_LETTER.sub("", _plain(text).translate(_NEW_FORM))


def party_keys(name: str, kana: str, family: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return what a whole party is found by, one name beside the other."""
    return {
        "name_key": "|".join([name_key(name), *(name_key(each["name"]) for each in family)]),
        "kana_key": "|".join([kana_key(kana), *(kana_key(each["kana"]) for each in family)]),
    }


def kana_in_full(text: str) -> str:
    """Return kana as it is kept and shown: full-width katakana, one space between names."""
    return " ".join(jaconv.hira2kata(unicodedata.normalize("NFKC", text)).split())


def phone_key(text: str) -> str | None:
    """Return the national digits of a Japanese number, E.164 of another, None for what is no number."""
    try:
        parsed = phonenumbers.parse(unicodedata.normalize("NFKC", text).replace("ー", "-"), "JP")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    japanese = parsed.country_code == 81  # noqa: PLR2004 -- Japan's country code (ITU-T E.164)
    style = phonenumbers.PhoneNumberFormat
    written = phonenumbers.format_number(parsed, style.NATIONAL if japanese else style.E164)
    return re.sub(r"\D", "", written) if japanese else written


def text_key(text: str) -> str:
    """Return the key of a text: its words, in one writing of kana and kanji, with one space between them."""
    words = _NO_LETTER.sub(" ", unicodedata.normalize("NFKC", text)).split()
    keys = (kana_key(word).translate(_NEW_FORM) for word in words)
    return " ".join(key for key in keys if key)


def bigrams(key: str) -> list[str]:
    """Return every pair of letters that stand beside each other in the words of *key*.

    Japanese does not put spaces between words, so pairs are what an index can be made of. A word of one
    letter is its own pair.
    """
    found = (word[i : i + 2] for word in key.split() for i in range(max(1, len(word) - 1)))
    return list(dict.fromkeys(found))


def index_grams(*keys: str) -> list[str]:
    """Return what *keys* are found by: pairs, and single letters for questions of one letter."""
    pairs = dict.fromkeys(gram for key in keys for gram in bigrams(key))
    letters = dict.fromkeys(letter for key in keys for letter in key if letter != " ")
    return list(pairs | letters)
