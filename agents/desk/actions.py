"""What operators do at their screens: one function per message, from request to event.

A request is checked against what is true now (this offer, this call, this operator) and handed to the engine.
What cannot be done is a `Refusal` with one sentence for the person; nothing else happens then.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import orjson
from pydantic import ValidationError

from agents.consulting import Joining, invitation
from agents.desk.desk import OperatorDesk
from agents.desk.requests import (
    FIELD_NAMES,
    SHAPES,
    Accept,
    Consult,
    Dispose,
    HangUp,
    Machine,
    NotFromHere,
    Recording,
    Reject,
    Request,
    SetState,
    Supervise,
    Transfer,
)
from agents.duty import Duty, duty_event
from telephony.model.errors import ModelError
from telephony.model.events import (
    Disposed,
    Event,
    HangupRequested,
    MachineHeard,
    OfferRejected,
    RecordingPaused,
    RecordingResumed,
)
from telephony.model.facts import EndedBy
from telephony.model.ids import AgentName, CallId, OfferId
from telephony.model.supervision.events import SupervisionEnded, SupervisionRequested
from telephony.model.supervision.session import Mode
from telephony.model.transferring.events import TransferRequested
from telephony.model.transferring.target import Kind, Target

LEAVE = "end"
"""What a supervisor says in place of a mode."""


class Refusal(Exception):
    """The request was not carried out; the message is for the operator."""

    def __init__(self, code: str, text: str, ref: object = None) -> None:
        super().__init__(text)
        self.code, self.text, self.ref = code, text, ref


@dataclass(frozen=True, slots=True)
class Answer:
    """A sentence for the operator who asked."""

    code: str
    text: str
    ref: object = None


Action = Callable[[OperatorDesk, AgentName, Any], str | None]
"""Does it; returns a sentence for the operator or nothing. Raises `Refusal` or `ModelError`."""


def act(desk: OperatorDesk, user: str, request: Request) -> Answer | None:
    """Carry out what *user* asks. Raises `Refusal`; nothing has happened then."""
    agent = AgentName(user)
    if desk.centre.agent_view(agent) is None:
        raise Refusal("no-phone", "この利用者には電話席がないため、通話の操作はできません。", request.ref)
    try:
        said = ACTIONS[request.type](desk, agent, request)
    except Refusal as refusal:
        raise Refusal(refusal.code, refusal.text, request.ref) from None
    except ModelError:
        raise Refusal("not-now", "今の状態ではその操作はできません。", request.ref) from None
    return None if said is None else Answer(request.type, said, request.ref)


# --- reading -----------------------------------------------------------------------------------------


def read(text: str) -> Request:
    """Return the request in *text*. Raises `Refusal`."""
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Refusal("not-json", "送信された内容を読み取れません（JSON ではありません）。") from None
    if not isinstance(message, dict):
        raise Refusal("not-object", "送信された内容の形式が違います（JSON オブジェクトが必要です）。")
    kind, ref = message.get("type"), _ref(message)
    shape = SHAPES.get(kind) if isinstance(kind, str) else None
    if shape is None:
        raise Refusal("unknown-type", "そのような操作（type）はありません。", ref)
    try:
        return shape.model_validate(message)
    except ValidationError as error:
        raise Refusal("bad-field", _fields_at_fault(error), ref) from None


def _ref(message: Mapping[str, Any]) -> object:
    ref = message.get("ref")
    return ref if isinstance(ref, int) or (isinstance(ref, str) and len(ref) <= 100) else None  # noqa: PLR2004


def _fields_at_fault(error: ValidationError) -> str:
    fields = {str(item["loc"][0]) for item in error.errors(include_url=False) if item["loc"]}
    names = sorted(FIELD_NAMES[field] for field in fields & FIELD_NAMES.keys())
    if not names:
        return "送信された内容に余分な項目があります。"
    return f"{'・'.join(names)}が正しくありません。"


# --- doing -------------------------------------------------------------------------------------------


def _set_state(desk: OperatorDesk, agent: AgentName, request: SetState) -> None:
    reason = request.reason or ""
    if request.state is Duty.PAUSED:
        reasons = {known.name: known.title for known in desk.plan.pause_reasons}
        if reason not in reasons:
            choices = "、".join(f"{title}（{name}）" for name, title in reasons.items())
            raise Refusal("unknown-reason", f"離席の理由を選んでください：{choices}。")
    desk.centre.ask(duty_event(agent, request.state, reason))


def _reject(desk: OperatorDesk, agent: AgentName, request: Reject) -> None:
    _must_be_open(desk, agent, request.offer)
    desk.centre.ask(OfferRejected(agent, OfferId(request.offer)))


def _accept(desk: OperatorDesk, agent: AgentName, request: Accept) -> str:
    _must_be_open(desk, agent, request.offer)
    return "電話機の受話器を上げて応答してください。画面からは応答できません。"


def _must_be_open(desk: OperatorDesk, agent: AgentName, offer: str) -> None:
    if all(known.offer != offer for known in desk.offered(agent)):
        raise Refusal("offer-ended", "この着信はすでに終わっています。")


def _hang_up(desk: OperatorDesk, agent: AgentName, request: HangUp) -> None:
    _ask_about_call(desk, agent, request.call, lambda call: HangupRequested(call, "agent"))


def _machine(desk: OperatorDesk, agent: AgentName, request: Machine) -> None:
    _ask_about_call(desk, agent, request.call, MachineHeard)


def _record(desk: OperatorDesk, agent: AgentName, request: Recording) -> None:
    event = RecordingPaused if request.action == "pause" else RecordingResumed
    _ask_about_call(desk, agent, request.call, event)


def _ask_about_call(
    desk: OperatorDesk, agent: AgentName, named: str | None, event: Callable[[CallId], Event]
) -> None:
    mine = desk.centre.agent_view(agent)
    call = None if mine is None or mine.call is None else desk.centre.call_view(mine.call)
    if call is None or call.agent != agent or named not in {None, call.id}:
        raise Refusal("not-your-call", "通話中ではないか、あなたの通話ではありません。")
    desk.centre.ask(event(call.id))


def _dispose(desk: OperatorDesk, agent: AgentName, request: Dispose) -> None:
    call = CallId(request.call)
    mine = desk.centre.agent_view(agent)
    if not desk.audience.has_served(agent, call) and (mine is None or mine.call != call):
        raise Refusal("not-your-call", "あなたが最近受けた通話ではないため、対応結果を記録できません。")
    desk.centre.ask(Disposed(agent, call, request.disposition))


def _supervise(desk: OperatorDesk, agent: AgentName, request: Supervise) -> str | None:
    if not desk.audience.sees_floor(agent):
        raise Refusal("not-allowed", "通話の聴取は、業務責任者だけができます。")
    call = CallId(request.call)
    if request.mode == LEAVE:
        desk.centre.ask(SupervisionEnded(call, agent))
        return None
    desk.centre.ask(SupervisionRequested(call, agent, Mode(request.mode)))
    return "お手元の電話で通話を聞けます。電話が鳴ったら応答してください。"


def _transfer(desk: OperatorDesk, agent: AgentName, request: Transfer) -> None:
    named = [Target(kind, name) for kind in Kind if (name := getattr(request, kind.value)) is not None]
    if len(named) != 1:
        raise Refusal("bad-field", "転送先を1つ選んでください。")
    try:
        _ask_about_call(
            desk, agent, request.call, lambda call: TransferRequested(call, named[0], EndedBy.AGENT)
        )
    except ModelError:
        raise Refusal("cannot-transfer", "その転送先には今つなげません。通話は続いています。") from None


def _consult(desk: OperatorDesk, agent: AgentName, request: Consult) -> None:
    who = AgentName(request.operator)

    def event(call: CallId) -> Event:
        if request.mode != LEAVE:
            return invitation(call, who, Joining(request.mode), agent)
        view = desk.centre.call_view(call)
        if view is None or all(each.operator != who for each in view.consultation):
            raise Refusal("not-joined", "その方は、この通話に加わっていません。")
        return SupervisionEnded(call, who)

    try:
        _ask_about_call(desk, agent, request.call, event)
    except ModelError:
        raise Refusal("cannot-join", "その方を今呼ぶことはできません。通話は続いています。") from None


_AT_THE_PHONE = {
    "hold": "保留は電話機の保留ボタンで行ってください。画面からはできません。",
    "resume": "保留の解除は電話機で行ってください。画面からはできません。",
}


def _not_from_here(desk: OperatorDesk, agent: AgentName, request: NotFromHere) -> None:
    del desk, agent
    raise Refusal("not-from-here", _AT_THE_PHONE[request.type])


ACTIONS: Mapping[str, Action] = {
    "state": _set_state,
    "reject": _reject,
    "accept": _accept,
    "hangup": _hang_up,
    "machine": _machine,
    "disposition": _dispose,
    "recording": _record,
    "supervise": _supervise,
    "transfer": _transfer,
    "consult": _consult,
    **dict.fromkeys(_AT_THE_PHONE, cast("Action", _not_from_here)),
}
