"""What an operator's screen may send, and the one sentence that everything else gets."""

import pytest

from agents.desk.actions import ACTIONS, Refusal, read
from agents.desk.requests import SHAPES


def test_every_shape_has_an_action_and_every_action_a_shape() -> None:
    assert ACTIONS.keys() == SHAPES.keys()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not-json"),
        ("{", "not-json"),
        ("[" * 5_000, "not-json"),
        ("[]", "not-object"),
        ("null", "not-object"),
        ("{}", "unknown-type"),
        ('{"type":["state"]}', "unknown-type"),
        ('{"type":"__class__"}', "unknown-type"),
        ('{"type":"state","state":"talking"}', "bad-field"),
        ('{"type":"reject","offer":{"$ne":null}}', "bad-field"),
        ('{"type":"reject","offer":"1","extra":1}', "bad-field"),
        ('{"type":"reject","offer":"' + "9" * 200 + '"}', "bad-field"),
        ('{"type":"disposition","call":"c","disposition":"a\\u0000b"}', "bad-field"),
        ('{"type":"disposition","call":"c","disposition":"  "}', "bad-field"),
        ('{"type":"state","state":"ready","ref":[1]}', "bad-field"),
    ],
)
def test_what_is_not_a_request_gets_one_japanese_sentence(text: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(text)
    assert refused.value.code == code
    assert "。" in refused.value.text


def test_the_fields_at_fault_are_named() -> None:
    with pytest.raises(Refusal, match="対応結果・通話番号が正しくありません。"):
        read('{"type":"disposition","call":1,"disposition":2}')


def test_the_mark_of_a_bad_request_comes_back() -> None:
    with pytest.raises(Refusal) as refused:
        read('{"type":"reject","ref":"r-1"}')
    assert refused.value.ref == "r-1"
