"""What the dialplan noted of a ``Dial()`` that no controller saw, taken into the books of a call (ADR 8).

Whoever was talked with was reached, and is not called again; of everything else the note says how it failed.
"""

from telephony.model.call import Call, Verdict
from telephony.model.calling_back import RESULTS
from telephony.model.ending import UNSEEN_REASON
from telephony.model.events import DialStatus, NotedDial
from telephony.model.facts import EndedBy, Outcome
from telephony.model.floor import Floor

OPERATOR_LEFT = "operator-left"


def result_of(noted: NotedDial | None) -> str | None:
    """Return how an attempt failed, in the journal's words; None if nobody knows that it did."""
    if noted is None or noted.status in {None, DialStatus.ANSWER}:
        return None
    if noted.status is DialStatus.CANCEL and noted.by_operator:
        return OPERATOR_LEFT
    return RESULTS[noted.status]


def close_talk(floor: Floor, call: Call, noted: NotedDial | None) -> Verdict:
    """Write down the end of the conversation as far as it was *noted*; return how the call ended."""
    if noted is None or noted.ended_at is None:
        return Verdict(Outcome.ANSWERED, EndedBy.SYSTEM, UNSEEN_REASON)
    ended = noted.ended_at
    talked = ended - (ended if call.talking_since is None else call.talking_since)
    floor.note_at(ended, call, "call.talk_ended", agent=call.agent, talked_s=round(max(0.0, talked), 3))
    operator = floor.operator(call.agent)
    if operator is not None:
        floor.loads.worked(operator.name, max(0.0, talked))
    by = EndedBy.AGENT if noted.by_operator else EndedBy.CALLER
    return Verdict(Outcome.ANSWERED, by, at=ended)
