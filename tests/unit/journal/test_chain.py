"""A call as a chain of talks, and a transfer in the record and in app_queue's words."""

from telephony.queue_log import call_lines
from telephony.record import chain, fold
from tests.journal_samples import Script

T = 1_000_000.0


def talk(script: Script, agent: str, begins: float, ends: float, offer: str = "1") -> Script:
    """Add a talk."""
    connected = script.at(
        begins, "call.connected", offer=offer, agent=agent, queue="booking", waited_s=begins - 10
    )
    return connected.at(ends, "call.talk_ended", agent=agent, talked_s=ends - begins)


def transferred(script: Script, at: float, target: str, name: str) -> Script:
    """Let the caller leave an operator."""
    return script.at(at, "call.transferred", how="blind", by="agent", target=target, name=name)


def ended(script: Script, at: float) -> Script:
    """Add the end."""
    last = {"outcome": "answered", "ended_by": "caller", "reason": None, "recovered": False}
    return script.at(at, "call.ended", **last)


def begun() -> Script:
    """Return a call that aoki has talked on, and transfers to baba."""
    script = Script("m-7.1", T).at(0, "call.arrived", caller="0311112222", dialled="0120", sip_call_id="s")
    queued = script.at(10, "queue.entered", queue="booking", priority=0, position=1)
    return transferred(talk(queued, "aoki", 18, 60), 60, "operator", "baba")


def legs(script: Script) -> list[tuple[str, str, float, float | None]]:
    """Return who talked, why, and from when to when after the beginning."""
    return [
        (leg.who, leg.why, leg.since.timestamp() - T, leg.until and leg.until.timestamp() - T)
        for leg in chain(script.entries)
    ]


def test_a_call_that_was_transferred_is_one_chain_and_one_record() -> None:
    script = ended(talk(begun(), "baba", 65, 100, "2"), 100)
    assert [("aoki", "queue", 18, 60), ("baba", "transfer", 65, 100)] == legs(script)
    record = fold(script.entries)
    assert ("baba", 8.0, 77.0) == (record.agent, record.waited_s, record.talked_s)


def test_a_caller_who_came_back_and_then_went_outside() -> None:
    failed = begun().at(
        70, "call.transfer_failed", target="operator", name="baba", returning=False, result="rna"
    )
    back = transferred(talk(failed, "aoki", 72, 80, "3"), 80, "referral", "koseki")
    outside = back.at(80, "referral.called", referral="koseki", offer="4").at(
        85, "referral.answered", referral="koseki"
    )
    talked = outside.at(99, "referral.ended", referral="koseki", result="talked")
    expected = [
        ("aoki", "queue", 18, 60),
        ("aoki", "returned", 72, 80),
        ("koseki", "transfer", 85, 99),
    ]
    assert expected == legs(ended(talked, 99))


def test_a_talk_that_goes_on_has_no_end_and_a_takeover_begins_a_new_one() -> None:
    live = begun().at(65, "call.connected", offer="2", agent="baba", queue="booking", waited_s=5)
    taken = live.at(70, "call.taken_over", supervision="sv-1", agent="chief", from_agent="baba")
    expected = [("aoki", "queue", 18, 60), ("baba", "transfer", 65, 70), ("chief", "takeover", 70, None)]
    assert expected == legs(taken)
    assert () == chain([])


def test_app_queue_calls_it_a_blind_transfer_and_the_next_operator_completes_the_call() -> None:
    script = ended(talk(begun(), "baba", 65, 100, "2"), 100)
    events = [(line.event, line.agent, line.data) for line in call_lines(script.entries)]
    assert ("BLINDTRANSFER", "aoki", ("baba", "operator", "8", "42", "1")) in events
    assert ["ENTERQUEUE", "CONNECT", "BLINDTRANSFER", "CONNECT", "COMPLETECALLER"] == [e[0] for e in events]
