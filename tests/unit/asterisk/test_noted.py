"""What the dialplan noted of calls that we place, as Asterisk's own database tells it."""

import pytest

from telephony.asterisk.errors import Refused, Unavailable
from telephony.asterisk.manager_link import Fields
from telephony.asterisk.noted import noted_dials, read
from telephony.model.events import DialStatus, NotedDial
from telephony.model.ids import Instant, OfferId

LEG = "cb-7~8~201"


def test_a_talk_has_its_beginning_its_end_and_who_hung_up() -> None:
    answered = ("/madoguchi/answered/201", f"{LEG},1800000000.250")
    returned = ("/madoguchi/returned/201", f"{LEG},1800000020.500,ANSWER,operator")
    talked = NotedDial(
        Instant(1_800_000_000.25), Instant(1_800_000_020.5), DialStatus.ANSWER, by_operator=True
    )
    assert read([answered, returned]) == {OfferId("8"): talked}
    assert read([returned, answered]) == {OfferId("8"): talked}
    assert read([answered])[OfferId("8")] == NotedDial(Instant(1_800_000_000.25))


def test_lines_of_different_calls_of_one_phone_are_kept_apart() -> None:
    """The answer of an earlier callback says nothing about a later one that was busy."""
    found = read(
        [
            ("/madoguchi/answered/201", f"{LEG},1800000000.250"),
            ("/madoguchi/returned/201", "or-9~10~201,1800000050.000,BUSY,"),
        ]
    )
    assert found[OfferId("8")].status is None
    assert found[OfferId("10")] == NotedDial(None, Instant(1_800_000_050.0), DialStatus.BUSY)


@pytest.mark.parametrize(
    "line",
    [
        ("", ""),
        ("/madoguchi/answered/201", ""),
        ("/madoguchi/answered/201", f"{LEG},soon"),
        ("/madoguchi/answered/201", "madoguchi-1.2,1800000000.0"),
        ("/madoguchi/returned/201", f"{LEG},1800000000.0"),
        ("/madoguchi/else/201", f"{LEG},1800000000.0"),
    ],
)
def test_a_line_that_is_none_of_the_dialplans_says_nothing(line: tuple[str, str]) -> None:
    assert read([line]) == {}


def test_an_operator_who_left_before_anybody_was_dialled_is_no_end_of_a_dial() -> None:
    assert read([("/madoguchi/returned/201", f"{LEG},1800000000.0,,operator")])[OfferId("8")] == NotedDial()


async def test_an_asterisk_that_says_no_has_noted_nothing_and_one_that_is_silent_is_asked_again() -> None:
    async def refuses(action: str, **_: str) -> list[Fields]:
        raise Refused(action)

    async def silent(action: str, **_: str) -> list[Fields]:
        raise Unavailable(action)

    assert await noted_dials(refuses) == {}
    with pytest.raises(Unavailable):
        await noted_dials(silent)
