"""The catalogue: what is said, what operations staff may change, and what they are told when it is wrong."""

import pytest

from sounds import catalogue
from sounds.template import Fixed, Kind, Slot, cut, fill
from tests.unit.sounds.centres import centre

NEEDED = {
    *("greeting", "recording-notice", "menu-main", "invalid-key", "no-key", "connecting", "please-wait"),
    *("position", "expected-wait", "sorry-closing", "queue-full", "system-unavailable", "goodbye"),
    *("lines-full", "system-unavailable-end", "number-not-in-use", "next-opening", "callback-number"),
}


def texts_of(prompt: str, **changes: object) -> list[str]:
    segments = catalogue.load(centre(**changes)).prompts[prompt].segments
    return [segment.text if isinstance(segment, Fixed) else segment.suffix for segment in segments]


def test_every_prompt_is_there_and_usable() -> None:
    loaded = catalogue.load(centre())
    assert loaded.problems == ()
    assert loaded.prompts.keys() >= NEEDED


def test_no_prompt_calls_the_card_anything_but_my_number_card() -> None:
    said = "".join(catalogue.load(centre()).texts().values())
    assert "マイナンバーカード" in said
    assert "個人番号" not in said
    assert "マイナカード" not in said


@pytest.mark.parametrize(
    ("title", "greeting"),
    [
        ("松阪市マイナンバーカード交付予約コールセンター", "松阪市マイナンバーカード交付予約コールセンター"),
        ("マイナンバーカード予約センター", "松阪市マイナンバーカード予約センター"),
    ],
)
def test_the_greeting_names_city_and_centre_once(title: str, greeting: str) -> None:
    assert texts_of("greeting", title=title) == [f"お電話ありがとうございます。{greeting}でございます。"]


def test_an_override_replaces_a_text_and_may_use_the_settings() -> None:
    assert texts_of("goodbye", prompts={"goodbye": "{city}でした。"}) == ["松阪市でした。"]


def test_operations_may_add_prompts_of_their_own() -> None:
    assert texts_of("menu-card", prompts={"menu-card": "更新は、1番。"}) == ["更新は、1番。"]


@pytest.mark.parametrize(
    ("prompt", "text", "sentence"),
    [
        (
            "goodbye",
            "個人番号カード",
            "prompts.goodbye says 個人番号カード; callers always hear マイナンバーカード (R23).",
        ),
        ("goodbye", "", "prompts.goodbye says nothing."),
        ("goodbye", "{", "prompts.goodbye has a { or } that belongs to no {name:kind}."),
        ("goodbye", "a\x07", "prompts.goodbye: The text has a control character (U+0007) at place 2."),
        (
            "position",
            "{place:number}番です",
            "prompts.position fills in {place:number}, which no call provides; it has {position:number}.",
        ),
        (
            "position",
            "{position}番です",
            """prompts.position has {position}, which is no setting; \
write {name:kind} with a kind of number, date, time, phone, holiday, digits.""",
        ),
        (
            "goodbye",
            "あ" * 10_000,
            "prompts.goodbye: The text has 10000 characters; 1000 is the most that is spoken.",
        ),
    ],
)
def test_a_wrong_override_is_one_sentence_and_the_own_text_stays(
    prompt: str, text: str, sentence: str
) -> None:
    loaded = catalogue.load(centre(prompts={prompt: text}))
    assert loaded.problems == (sentence,)
    assert loaded.prompts[prompt] == catalogue.load(centre()).prompts[prompt]


def test_settings_cannot_smuggle_a_slot_in() -> None:
    loaded = catalogue.load(centre(title="{position:number}"))
    said = [problem.split(",")[0] for problem in loaded.problems]
    assert "prompts.greeting fills in {position:number}" in said
    assert "prompts.callback-greeting fills in {position:number}" in said
    assert "numbers.+81120123456.greeting is 'greeting'" in said


def test_a_prompt_that_the_centre_uses_but_nobody_wrote_is_named() -> None:
    loaded = catalogue.load(centre(recording={"notice": "recording-notise"}))
    assert loaded.problems == (
        """recording.notice is 'recording-notise', but there is no such prompt; \
did you mean 'recording-notice'?""",
    )


def test_the_disaster_announcement_has_nothing_to_fill_in() -> None:
    (problem,) = catalogue.load(centre(emergency={"message": "position"})).problems
    assert problem.startswith("emergency.message is 'position', which has something to fill in; ")


def test_a_counted_slot_takes_the_words_up_to_the_next_pause_with_it() -> None:
    assert cut("順番は、{position:number}番目です。お待ちください。") == (
        Fixed("順番は、"),
        Slot("position", Kind.NUMBER, "番目です。"),
        Fixed("お待ちください。"),
    )


def test_constants_are_filled_in_once_and_not_read_again() -> None:
    assert fill("{city}と{title}", {"city": "{title}", "title": "窓口"}) == "{title}と窓口"


BOOKED = {
    "booking": {
        "channels": [{"name": "keypad"}],
        "services": [
            {
                "name": "collection",
                "title": "受取",
                "bring": ["交付通知書（はがき）", "本人確認書類（運転免許証など）"],
                "note": "必ずご本人がお越しください。",
            },
            {"name": "advice", "title": "相談"},
        ],
        "venues": [
            {
                "name": "koseki",
                "title": "市役所 戸籍住民課",
                "address": "殿町",
                "hours": [{"days": ["mon"], "opens": "09:00", "closes": "17:00"}],
                "counters": [{"name": "card", "title": "窓口", "services": ["collection"]}],
            }
        ],
    },
    "self_service": {"service": "collection"},
}


def test_who_books_by_keypad_hears_the_venues_and_what_to_bring_of_the_plan() -> None:
    assert texts_of("venue-koseki", **BOOKED) == ["市役所 戸籍住民課、"]
    (bring,) = texts_of("bring-collection", **BOOKED)
    assert bring == (
        "お持ちいただくものは、交付通知書、はがき、本人確認書類、運転免許証などです。必ずご本人がお越しください。"
    )
    assert "bring-advice" not in catalogue.load(centre(**BOOKED)).prompts
    own = texts_of("venue-koseki", **BOOKED, prompts={"venue-koseki": "市役所の1階、"})
    assert own == ["市役所の1階、"]


def test_without_self_service_no_sound_is_made_for_it() -> None:
    assert "venue-koseki" not in catalogue.load(centre(booking=BOOKED["booking"])).prompts
