"""From Asterisk's JSON to facts: every event we understand, and everything hostile or broken."""

from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.asterisk.decode import Heard, LegMade, decode
from telephony.asterisk.errors import DecodeError
from telephony.model.events import (
    CallArrived,
    CallerLeft,
    CitizenAnswered,
    CitizenRang,
    CitizenReturned,
    DialStatus,
    Event,
    KeyPressed,
    MessageRecorded,
    OfferAnswered,
    OfferDialled,
    OfferRang,
    OfferReturned,
    OperatorLeft,
    PlaybackEnded,
)
from telephony.model.ids import CallId, LegId, OfferId, PlaybackId, SupervisionId
from telephony.model.supervision.events import SupervisorAnswered, SupervisorLeft
from telephony.model.transferring.events import CallerTransferred
from tests.unit.asterisk.messages import (
    AT_INSTANT,
    CALL,
    LEG,
    Json,
    channel,
    destroyed,
    dial,
    event,
    key,
    playback_finished,
    recorded,
    stasis_start,
)

THIS = CallId(CALL)
OFFER = OfferId("17")
ARRIVED = CallArrived(THIS, "+819011112222", "+81120123456", "1-22589@127.0.0.2", AT_INSTANT)

SUPERVISOR_LEG = LegId(f"sv-3~499~{CALL}")
CALLBACK, OPERATOR_LEG = CallId("cb-7"), LegId("cb-7~8~201")


OUTSIDE = {"context": "referral-carrier", "exten": "0598000001*0120000000*30*17"}


def of_operator(message: Json) -> Json:
    """Return a ``Dial`` of a leg that we made for a callback: nobody dials it but us."""
    del message["caller"]
    return {**message, "peer": channel(identity=OPERATOR_LEG)}


def of_supervisor(message: Json) -> Json:
    """Return a ``Dial`` of a leg that we made to a supervisor's phone."""
    del message["caller"]
    return {**message, "peer": channel(identity=SUPERVISOR_LEG)}


def of_citizen(message: Json) -> Json:
    """Return a ``Dial`` of a citizen by an operator's leg."""
    return {**message, "caller": channel(context="callback-carrier", identity=OPERATOR_LEG, app="Dial")}


UNDERSTOOD: list[tuple[Json, Event]] = [
    (stasis_start("arrived"), ARRIVED),
    (stasis_start("after", "17", "NOANSWER"), OfferReturned(THIS, OFFER, DialStatus.NOANSWER)),
    (stasis_start("after", "17", "ANSWER"), OfferReturned(THIS, OFFER, DialStatus.ANSWER)),
    (stasis_start("after", "17", "INVALIDARGS"), OfferReturned(THIS, OFFER, DialStatus.CHANUNAVAIL)),
    (stasis_start("transfer", "17", "202"), CallerTransferred(THIS, OFFER, "202")),
    (stasis_start("transfer", "17", "0"), CallerTransferred(THIS, OFFER, None)),
    (dial("RINGING", **OUTSIDE), OfferRang(THIS, OFFER, LegId(LEG))),
    (dial("ANSWER", **OUTSIDE), OfferAnswered(THIS, OFFER)),
    (dial(""), OfferDialled(THIS, OFFER, LegId(LEG))),
    (dial("RINGING"), OfferRang(THIS, OFFER, LegId(LEG))),
    (dial("ANSWER"), OfferAnswered(THIS, OFFER)),
    (key("5"), KeyPressed(THIS, "5")),
    (playback_finished("done"), PlaybackEnded(THIS, PlaybackId("p1"), heard=True)),
    (playback_finished("failed"), PlaybackEnded(THIS, PlaybackId("p1"), heard=False)),
    (recorded(duration=9, talking_duration=7), MessageRecorded(THIS, "m-1-message", 9.0, 7.0)),
    (recorded(duration=5, talking_duration=0), MessageRecorded(THIS, "m-1-message", 5.0, 0.0)),
    (recorded("RecordingFailed"), MessageRecorded(THIS, "m-1-message", 0.0, 0.0)),
    (destroyed(), CallerLeft(THIS, 16)),
    (destroyed(served="17"), CallerLeft(THIS, 16, OfferId("17"))),
    (stasis_start("callback", identity=OPERATOR_LEG), LegMade(OPERATOR_LEG)),
    (stasis_start("supervision", identity=SUPERVISOR_LEG), LegMade(SUPERVISOR_LEG)),
    (of_supervisor(dial("ANSWER")), SupervisorAnswered(SupervisionId("sv-3"))),
    (destroyed(identity=SUPERVISOR_LEG), SupervisorLeft(SupervisionId("sv-3"))),
    (of_operator(dial("RINGING")), OfferRang(CALLBACK, OfferId("8"), OPERATOR_LEG)),
    (of_operator(dial("ANSWER")), OfferAnswered(CALLBACK, OfferId("8"))),
    (of_citizen(dial("")), CitizenRang(CALLBACK, OfferId("8"), LegId(LEG), "1-22589@127.0.0.2")),
    (of_citizen(dial("RINGING")), CitizenRang(CALLBACK, OfferId("8"), LegId(LEG), "1-22589@127.0.0.2")),
    (of_citizen(dial("ANSWER")), CitizenAnswered(CALLBACK, OfferId("8"))),
    (
        stasis_start("called", "8", "BUSY", identity=OPERATOR_LEG),
        CitizenReturned(CALLBACK, OfferId("8"), DialStatus.BUSY),
    ),
    (
        event("ChannelDestroyed", cause=17, cause_txt="", channel=channel(identity=OPERATOR_LEG)),
        OperatorLeft(CALLBACK, OfferId("8"), 17),
    ),
]

IGNORED: list[Json] = [
    of_operator(dial("")),
    of_supervisor(dial("RINGING")),
    of_supervisor(dial("BUSY")),
    of_operator(dial("NOANSWER")),
    of_citizen(dial("BUSY")),
    event("ChannelDtmfReceived", digit="5", duration_ms=100, channel=channel(identity=OPERATOR_LEG)),
    event("ChannelVarset", variable="X", value="1"),
    event("ApplicationReplaced"),
    dial("NOANSWER"),
    dial("CANCEL"),
    dial("RINGING", context="elsewhere"),
    dial("RINGING", exten="201"),
    key("5", app="Dial"),
    playback_finished("done", target="bridge:b1"),
    recorded(target="bridge:b1", duration=9),
    {name: value for name, value in dial("RINGING").items() if name != "caller"},
]


@pytest.mark.parametrize(("message", "fact"), UNDERSTOOD)
def test_an_event_becomes_a_fact_with_asterisks_own_time(message: Json, fact: Event) -> None:
    assert decode(message) == Heard(AT_INSTANT, fact)


@pytest.mark.parametrize("message", IGNORED)
def test_what_says_nothing_to_us_is_ignored(message: Json) -> None:
    assert decode(message) is None


def test_a_caller_who_forbids_showing_the_number_has_none() -> None:
    heard = decode(stasis_start("arrived", "prohib_not_screened"))
    assert heard is not None
    assert heard.event == replace(ARRIVED, caller=None)


def test_a_caller_from_the_fallback_of_an_offer_has_no_dialled_number() -> None:
    heard = decode(stasis_start("arrived", context="offer", exten="201*20*17*r"))
    assert heard is not None
    assert isinstance(heard.event, CallArrived)
    assert heard.event.dialled == ""


@pytest.mark.parametrize(
    "message",
    [
        stasis_start(),
        stasis_start("teleported"),
        stasis_start("after", "17"),
        destroyed("16"),
        {**destroyed(), "timestamp": "yesterday"},
        {**destroyed(), "channel": None},
        {**key("5"), "digit": 5},
        {"no": "type"},
        {},
    ],
)
def test_a_broken_message_is_a_decode_error(message: Json) -> None:
    with pytest.raises(DecodeError):
        decode(message)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path to everything inside a message."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, below in inside:
        yield (*path, name)
        yield from _places(below, (*path, name))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(), inside, max_size=3),
    max_leaves=6,
)


@st.composite
def damaged(draw: st.DrawFn) -> Json:
    """Draw an event with one thing in it removed or replaced by any JSON."""
    message = deepcopy(draw(st.sampled_from([message for message, _ in UNDERSTOOD])))
    *way, last = draw(st.sampled_from(list(_places(message))))
    holder: Any = message
    for step in way:
        holder = holder[step]
    if draw(st.booleans()):
        del holder[last]
    else:
        holder[last] = draw(json_values)
    return message


@given(damaged())
@settings(max_examples=400, deadline=None)
def test_damaged_events_are_facts_or_nothing_or_decode_errors(message: Json) -> None:
    try:
        heard = decode(message)
    except DecodeError:
        return
    assert heard is None or isinstance(heard.event, Event)


@given(json_values)
def test_any_json_at_all_is_nothing_or_a_decode_error(message: Any) -> None:
    with suppress(DecodeError):
        assert decode(message) is None


@given(number=st.text(max_size=300), exten=st.text(max_size=300), protocol_id=st.text(max_size=600))
def test_whatever_a_caller_writes_arrives_short_and_printable(
    number: str, exten: str, protocol_id: str
) -> None:
    heard = decode(stasis_start("arrived", number=number, exten=exten, protocol_id=protocol_id))
    assert heard is not None
    assert isinstance(heard.event, CallArrived)
    caller, dialled, call_id = heard.event.caller, heard.event.dialled, heard.event.sip_call_id
    assert caller is None or (0 < len(caller) <= 64 and caller.isprintable())
    assert len(dialled) <= 64
    assert dialled.isprintable()
    assert len(call_id) <= 255
    assert call_id.isprintable()
