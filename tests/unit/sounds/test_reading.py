"""What callers hear is what a person would say: whole tables of dates, times and counted things."""

import pytest

import sounds
from sounds.errors import TextError
from tests.unit.sounds import spoken


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("松阪市", "マツサカシ"),
        ("嬉野地域振興局", "ウレシノチイキシンコーキョク"),
        ("三雲地域振興局", "ミクモチイキシンコーキョク"),
        ("飯南地域振興局", "イイナンチイキシンコーキョク"),
        ("飯高地域振興局", "イイタカチイキシンコーキョク"),
        (
            "嬉野・三雲・飯南・飯高の各地域振興局",
            "ウレシノ、ミクモ、イイナン、イイタカノカクチイキシンコーキョク",
        ),
        ("三重県松阪市殿町", "ミエケンマツサカシトノマチ"),
        ("松阪市役所戸籍住民課", "マツサカシヤクショコセキジューミンカ"),
        ("松阪市マイナンバーカードセンター", "マツサカシマイナンバーカードセンター"),
        ("公金受取口座", "コーキンウケトリコーザ"),
        ("マイナポータル", "マイナポータル"),
        ("健康保険証", "ケンコーホケンショー"),
        ("暗証番号", "アンショーバンゴー"),
    ],
)
def test_local_names_and_words_of_the_service(written: str, expected: str) -> None:
    assert expected == sounds.read(written)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2027年1月4日", "ニセンニジューナナネンイチガツヨッカ"),
        ("2027-01-04", "ニセンニジューナナネンイチガツヨッカ"),
        ("2027/1/4(月)", "ニセンニジューナナネンイチガツヨッカゲツヨービ"),
        ("２０２７年０１月０４日（月）", "ニセンニジューナナネンイチガツヨッカゲツヨービ"),
        ("2027-01-04T08:30", "ニセンニジューナナネンイチガツヨッカハチジサンジュップン"),
        ("1/4（月・祝）", "イチガツヨッカゲツヨービ、シュクジツ"),
        ("令和9年1月1日", "レーワキューネンイチガツツイタチ"),
        ("8:30", "ハチジサンジュップン"),
        ("８：３０", "ハチジサンジュップン"),
        ("8時05分", "ハチジゴフン"),
        ("13時0分", "ジューサンジチョード"),
        ("13:00", "ジューサンジチョード"),
        ("17時15分", "ジューシチジジューゴフン"),
        ("午前0時", "ゴゼンレージ"),
        ("午後0時15分", "ゴゴレージジューゴフン"),
        ("9:00～17:15", "クジカラジューシチジジューゴフン"),
        ("平日9時00分から17時00分まで", "ヘージツクジカラジューシチジマデ"),
        ("9:00-12:00", "クジカラジューニジ"),
        ("0分", "レーフン"),
        ("10時半", "ジュージハン"),
    ],
)
def test_dates_and_times(written: str, expected: str) -> None:
    assert expected == sounds.read(written)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("0120-95-0178", "ゼロイチニーゼロ、キューゴー、ゼロイチナナハチ"),
        ("０１２０－１２３－４５６", "ゼロイチニーゼロ、イチニーサン、ヨンゴーロク"),
        ("0120123456", "ゼロイチニーゼロ、イチニーサン、ヨンゴーロク"),
        ("0598-53-4321", "ゼロゴーキューハチ、ゴーサン、ヨンサンニーイチ"),
        ("(0598)53-4321", "ゼロゴーキューハチ、ゴーサン、ヨンサンニーイチ"),
        ("0598534321", "ゼロゴーキューハチ、ゴーサン、ヨンサンニーイチ"),
        ("09012345678", "ゼロキューゼロ、イチニーサンヨン、ゴーロクナナハチ"),
        ("+81-90-1234-5678", "ゼロキューゼロ、イチニーサンヨン、ゴーロクナナハチ"),
    ],
)
def test_telephone_numbers_are_read_digit_by_digit(written: str, expected: str) -> None:
    assert expected == sounds.read(written)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1,234件", "センニヒャクサンジューヨンケン"),
        ("108回", "ヒャクハッカイ"),
        ("8階", "ハッカイ"),
        ("8か月", "ハッカゲツ"),
        ("8分間", "ハップンカン"),
        ("8分の1", "ハチブンノイチ"),
        ("5～10分", "ゴカラジュップン"),
        ("＊を押す", "コメジルシヲオス"),
        ("＃", "シャープ"),
        ("2027-13-45", "ニーゼロニーナナ、イチサン、ヨンゴー"),
    ],
)
def test_numbers_and_signs(written: str, expected: str) -> None:
    assert expected == sounds.read(written)


def test_every_day_of_every_month() -> None:
    expected = {
        f"{m}月{d}日": month + day
        for m, month in enumerate(spoken.MONTHS, 1)
        for d, day in enumerate(spoken.DAYS, 1)
    }
    assert expected == {written: sounds.read(written) for written in expected}


def test_every_weekday_after_every_day() -> None:
    names = dict(zip("月火水木金土日", spoken.WEEKDAYS, strict=True))
    expected = {
        f"1月{d}日（{written}）": f"イチガツ{day}{said}ヨービ"
        for d, day in enumerate(spoken.DAYS, 1)
        for written, said in names.items()
    }
    assert expected == {written: sounds.read(written) for written in expected}


def test_every_minute_of_the_day() -> None:
    expected = {
        f"{h}:{m:02}": spoken.hour(h) + (spoken.minutes(m) if m else "チョード")
        for h in range(24)
        for m in range(60)
    }
    assert expected == {written: sounds.read(written) for written in expected}


def test_counted_things_to_ninety_nine() -> None:
    counts = range(1, 100)
    expected = (
        {f"{n}番目": spoken.number(n) + "バンメ" for n in counts}
        | {f"{n}分": spoken.minutes(n) for n in counts}
        | {f"{n}人": spoken.people(n) for n in counts}
    )
    assert expected == {written: sounds.read(written) for written in expected}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no word"),
        ("。、！", "no word"),
        ("お待ち\x00ください", "control character (U+0000) at place 4"),
        ("お待ち\u202eください", "control character (U+202E)"),
        ("\ud800", "control character (U+D800)"),
        ("\ue000", "control character (U+E000)"),
        ("電話☎", "'☎' at place 3"),
        ("あ" * 10_000, "10000 characters; 1000 is the most"),
    ],
)
def test_text_that_cannot_be_spoken_is_refused(text: str, reason: str) -> None:
    with pytest.raises(TextError) as refusal:
        sounds.read(text)
    assert reason in str(refusal.value)


def test_a_name_of_forty_characters_is_read_whole() -> None:
    department = "松阪市環境生活部戸籍住民課マイナンバーカード交付推進係嬉野三雲飯南飯高地域担当窓口"
    assert len(department) >= 40
    reading = sounds.read(department)
    assert reading.startswith("マツサカシカンキョーセーカツブコセキジューミンカマイナンバーカード")
    assert reading.endswith("ウレシノミクモイイナンイイタカチイキタントーマドグチ")
