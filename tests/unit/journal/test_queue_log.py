"""Our journal in the words of app_queue. Expected lines are written by hand from Asterisk's documentation."""

from typing import Any

import pytest

from telephony.model.commands import Record
from telephony.model.ids import AgentName, Instant, QueueName
from telephony.queue_log import agent_lines, call_lines
from tests.journal_samples import Script, abandoned_call, answered_call, numbered

T = 1_000_000.0
QUEUES = {AgentName("aoki"): [QueueName("booking"), QueueName("card")]}


def lines_of(script: Script) -> list[str]:
    return [str(line) for line in call_lines(script.entries)]


def waiting(caller: str | None = "0311112222") -> Script:
    return (
        Script("m-7.1", T)
        .at(0, "call.arrived", caller=caller, dialled="0120123456", sip_call_id="s", number="main")
        .at(10, "queue.entered", queue="booking", priority=0, position=4)
    )


def ended(script: Script, second: float, by: str = "caller", outcome: str = "abandoned") -> Script:
    return script.at(second, "call.ended", outcome=outcome, ended_by=by, reason=None, recovered=False)


def ringing(result: str) -> Script:
    script = waiting().at(12, "offer.made", offer="5", agent="aoki", queue="booking")
    return script.at(12.5, "offer.rang", offer="5", agent="aoki", leg="m-7.2").at(
        18, "offer.ended", offer="5", agent="aoki", result=result
    )


def talking() -> Script:
    return ringing("answered").at(
        18, "call.connected", offer="5", agent="aoki", queue="booking", waited_s=8.0
    )


ENTER = "1000010|m-7.1|booking|NONE|ENTERQUEUE||0311112222|4"
CONNECT = "1000018|m-7.1|booking|aoki|CONNECT|8|m-7.2|5"

TABLE = [
    pytest.param(
        ended(waiting().at(50, "queue.left", queue="booking", reason="abandoned"), 50),
        [ENTER, "1000050|m-7.1|booking|NONE|ABANDON|4|4|40"],
        id="ABANDON(position|origposition|waittime)",
    ),
    pytest.param(
        ended(waiting().at(50, "queue.left", queue="booking", reason="closed"), 55, "system"),
        [ENTER, "1000050|m-7.1|booking|NONE|EXITWITHTIMEOUT|4|4|40"],
        id="EXITWITHTIMEOUT(position|origposition|waittime)",
    ),
    pytest.param(
        ended(talking().at(78, "call.talk_ended", agent="aoki", talked_s=60.0), 78, "caller", "answered"),
        [ENTER, CONNECT, "1000078|m-7.1|booking|aoki|COMPLETECALLER|8|60|4"],
        id="COMPLETECALLER(holdtime|calltime|origposition)",
    ),
    pytest.param(
        ended(talking().at(78, "call.talk_ended", agent="aoki", talked_s=60.0), 79, "agent", "answered"),
        [ENTER, CONNECT, "1000078|m-7.1|booking|aoki|COMPLETEAGENT|8|60|4"],
        id="COMPLETEAGENT(holdtime|calltime|origposition)",
    ),
    pytest.param(
        ended(talking(), 88, "system", "answered"),
        [ENTER, CONNECT, "1000088|m-7.1|booking|aoki|COMPLETEAGENT|8|70|4"],
        id="a talk whose end was not written lasts until the call ended",
    ),
    pytest.param(
        ringing("rna"),
        [ENTER, "1000018|m-7.1|booking|aoki|RINGNOANSWER|5500"],
        id="RINGNOANSWER(ringtime in milliseconds)",
    ),
    pytest.param(
        ringing("busy"),
        [ENTER, "1000018|m-7.1|booking|aoki|RINGNOANSWER|5500"],
        id="a busy phone is RINGNOANSWER, as in app_queue",
    ),
    pytest.param(
        ended(ringing("caller-left"), 18),
        [ENTER, "1000018|m-7.1|booking|aoki|RINGCANCELED|5500", "1000018|m-7.1|booking|NONE|ABANDON|4|4|8"],
        id="RINGCANCELED, then ABANDON",
    ),
    pytest.param(
        waiting(None)
        .at(30, "queue.left", queue="booking", reason="moved")
        .at(30, "queue.entered", queue="card", position=1),
        [
            "1000010|m-7.1|booking|NONE|ENTERQUEUE|||4",
            "1000030|m-7.1|booking|NONE|EXITWITHTIMEOUT|4|4|20",
            "1000030|m-7.1|card|NONE|ENTERQUEUE|||1",
        ],
        id="moved to another queue; number withheld",
    ),
    pytest.param(
        waiting("1|2\n3").at(11, "menu.key", key="1"),
        ["1000010|m-7.1|booking|NONE|ENTERQUEUE||1 2 3|4"],
        id="a caller cannot add fields or lines",
    ),
]


@pytest.mark.parametrize(("script", "expected"), TABLE)
def test_a_call_in_app_queues_words(script: Script, expected: list[str]) -> None:
    assert expected == lines_of(script)


def test_whole_calls() -> None:
    assert ["ENTERQUEUE", "RINGNOANSWER", "CONNECT", "COMPLETECALLER"] == [
        line.event for line in call_lines(answered_call("m-1.1").entries)
    ]
    assert ["ENTERQUEUE", "ABANDON"] == [line.event for line in call_lines(abandoned_call("m-1.1").entries)]


def shift(*states: tuple[str, str | None]) -> list[str]:
    facts: list[dict[str, Any]] = [
        {"state": state, "reason": reason, "call": None} for state, reason in states
    ]
    records = [Record("agent:aoki", Instant(T + n), "agent.state", fact) for n, fact in enumerate(facts)]
    return [str(line) for line in agent_lines(numbered(records), QUEUES)]


def test_signing_in_and_out_are_memberships_of_each_queue() -> None:
    assert [
        "1000000|NONE|booking|aoki|ADDMEMBER|",
        "1000000|NONE|card|aoki|ADDMEMBER|",
        "1000002|NONE|booking|aoki|REMOVEMEMBER|",
        "1000002|NONE|card|aoki|REMOVEMEMBER|",
    ] == shift(("ready", None), ("offered", None), ("logged-out", None))


def test_a_break_pauses_everywhere_and_its_reason_is_told() -> None:
    assert [
        "1000001|NONE|NONE|aoki|PAUSEALL|",
        "1000001|NONE|booking|aoki|PAUSE|lunch",
        "1000001|NONE|card|aoki|PAUSE|lunch",
        "1000002|NONE|NONE|aoki|UNPAUSEALL|",
        "1000002|NONE|booking|aoki|UNPAUSE|",
        "1000002|NONE|card|aoki|UNPAUSE|",
    ] == shift(("ready", None), ("paused", "lunch"), ("ready", None))[2:]


def test_not_responding_is_an_auto_pause() -> None:
    assert "1000001|NONE|booking|aoki|PAUSE|Auto-Pause" in shift(("ready", None), ("not-responding", None))


def test_signing_in_for_a_break_adds_a_paused_member() -> None:
    assert "1000000|NONE|booking|aoki|ADDMEMBER|PAUSED" == shift(("paused", "training"))[0]
