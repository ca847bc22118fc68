"""What an operator's screen may send, as shapes. Anything else is answered with one sentence.

``ref`` is the sender's own mark; the answer carries it back.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from agents.duty import Duty

Id = Annotated[str, StringConstraints(min_length=1, max_length=150)]
Words = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$"),
]


class Request(BaseModel):
    """What every message has."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: str
    ref: str | int | None = None


class SetState(Request):
    """Ready, away (with a reason), after-call work, or signed out."""

    state: Duty
    reason: Words | None = None


class Reject(Request):
    """Turn down this one offer."""

    offer: Id


class Accept(Request):
    """Take this one offer."""

    offer: Id


class HangUp(Request):
    """End the call; without *call* the present one."""

    call: Id | None = None


class Machine(Request):
    """An answering machine took this callback; without *call* the present one."""

    call: Id | None = None


class Dispose(Request):
    """Write down how the call went."""

    call: Id
    disposition: Words


class Recording(Request):
    """Keep the next words out of the recording, or let it go on."""

    action: Literal["pause", "resume"]
    call: Id | None = None


class Supervise(Request):
    """Be on this call in that mode, or leave it."""

    call: Id
    mode: Literal["listen", "whisper", "barge", "takeover", "end"]


class Transfer(Request):
    """Send the call to exactly one of these, by name; without *call* the present one."""

    call: Id | None = None
    operator: Words | None = None
    queue: Words | None = None
    referral: Words | None = None


class Consult(Request):
    """Have somebody join the call (without *call* the present one), for something else, or no longer."""

    call: Id | None = None
    operator: Words
    mode: Literal["consult", "advise", "conference", "complete", "end"]


class NotFromHere(Request):
    """Something that the telephone does, or that this desk cannot do; its other fields do not matter."""

    model_config = ConfigDict(extra="ignore", frozen=True)


SHAPES: dict[str, type[Request]] = {
    "state": SetState,
    "reject": Reject,
    "accept": Accept,
    "hangup": HangUp,
    "machine": Machine,
    "disposition": Dispose,
    "recording": Recording,
    "hold": NotFromHere,
    "resume": NotFromHere,
    "transfer": Transfer,
    "consult": Consult,
    "supervise": Supervise,
}

FIELD_NAMES = {
    "state": "状態",
    "reason": "理由",
    "offer": "着信番号",
    "call": "通話番号",
    "disposition": "対応結果",
    "action": "操作",
    "mode": "モード",
    "operator": "転送先の担当者",
    "queue": "転送先の待ち列",
    "referral": "転送先の案内先",
    "ref": "照合番号",
}
"""How a field is called in a sentence to an operator."""
