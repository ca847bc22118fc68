"""What the model decided, in Japanese sentences. What it does not know yet is shown under its own name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from config.schema import Centre
from telephony.model import commands as cmd
from telephony.model import self_booking as sb

Data = Mapping[str, Any]

OUTCOMES: Mapping[str, str] = {
    "answered": "オペレーターが応対",
    "abandoned": "待っている間に切断",
    "short_abandoned": "すぐに切断",
    "closed": "受付時間外の案内",
    "emergency": "緊急の案内",
    "refused": "お断り",
    "failed": "失敗",
    "self_service": "電話の番号で手続き完了",
    "callback_requested": "折り返しを承る",
}

_DONE = {"booked": "承りました", "moved": "日時を変更しました", "cancelled": "取り消しました"}

_QUESTIONS: Mapping[type[sb.Question], str] = {
    sb.LookUp: "予約を探します（ここでは、見つからないものとします）",
    sb.Keep: "空いている枠を仮押さえします（ここでは、例の枠です）",
    sb.Book: "予約を書き込みます（ここでは、書き込みません）",
    sb.Move: "予約を移します（ここでは、移しません）",
    sb.Cancel: "予約を取り消します（ここでは、取り消しません）",
}

_UNSEEN = (
    cmd.ArmTimer,
    cmd.CancelTimer,
    cmd.DeskCommand,
    cmd.Follow,
    cmd.Answer,
    cmd.Play,
    cmd.StopPlaying,
    cmd.StopMusic,
    cmd.Offer,
    cmd.ForgetBooking,
)
"""Commands that another sentence tells of already, or that nobody outside sees."""


def sentences(decided: Sequence[cmd.Command], plan: Centre) -> list[str]:
    """Return one sentence for each thing that people would notice."""
    told = (_sentence(command, plan) for command in decided)
    return [sentence for sentence in told if sentence]


def prompts(decided: Sequence[cmd.Command]) -> list[str]:
    """Return the texts that are said."""
    return [str(sound) for command in decided if isinstance(command, cmd.Play) for sound in command.sounds]


def _sentence(command: cmd.Command, plan: Centre) -> str | None:
    if isinstance(command, cmd.Record):
        return _fact(command, plan)
    if isinstance(command, cmd.StartMusic):
        return "保留音を流します"
    if isinstance(command, cmd.AskBooking):
        return _QUESTIONS[type(command.question)]
    if isinstance(command, cmd.HangUp):
        return f"電話を切ります（理由番号 {command.cause}）"
    return None if isinstance(command, _UNSEEN) else _under_its_own_name(command)


def _under_its_own_name(command: cmd.Command) -> str:
    values = {each.name: getattr(command, each.name) for each in fields(command) if each.name != "call"}
    return f"{type(command).__name__} {values or ''}".rstrip()


def _fact(record: cmd.Record, plan: Centre) -> str | None:
    if not record.stream.startswith("call:"):
        return None
    known = _FACTS.get(record.kind)
    return f"{record.kind} {dict(record.data)}" if known is None else known(record.data, plan)


def queue_title(name: object, plan: Centre) -> str:
    """Return how people call a queue."""
    return next((queue.title for queue in plan.queues if queue.name == name), str(name))


def _agent_title(name: object, plan: Centre) -> str:
    return next((f"{agent.title}（{agent.name}）" for agent in plan.agents if agent.name == name), str(name))


def _arrived(data: Data, plan: Centre) -> str:
    del plan
    return f"{data['caller'] or '非通知'} から {data['dialled']} に着信"


def _key(data: Data, plan: Centre) -> str:
    del plan
    meaning = "" if data["understood"] else "（案内にない番号）"
    return f"{data['key']} が押されました{meaning}"


def _entered(data: Data, plan: Centre) -> str:
    place = f"{data['position']}番目、優先度 {data['priority']:g}"
    return f"待ち列「{queue_title(data['queue'], plan)}」に並びます（{place}）"


def _left(data: Data, plan: Centre) -> str:
    return f"待ち列「{queue_title(data['queue'], plan)}」を離れます（{data['reason']}）"


def _offered(data: Data, plan: Centre) -> str:
    return f"{_agent_title(data['agent'], plan)}を呼び出します"


def _offer_ended(data: Data, plan: Centre) -> str | None:
    return None if data["result"] == "answered" else f"{_agent_title(data['agent'], plan)}：{data['result']}"


def _connected(data: Data, plan: Centre) -> str:
    return f"{_agent_title(data['agent'], plan)}につながりました（待ち {data['waited_s']:.0f} 秒）"


def _ended(data: Data, plan: Centre) -> str:
    del plan
    reason = f"、{data['reason']}" if data["reason"] else ""
    return f"終了：{OUTCOMES.get(data['outcome'], data['outcome'])}（{data['outcome']}{reason}）"


_FACTS: Mapping[str, Callable[[Data, Centre], str | None]] = {
    "call.arrived": _arrived,
    "call.answered": lambda _data, _plan: "応答します",
    "menu.entered": lambda data, _plan: f"メニュー「{data['menu']}」",
    "menu.key": _key,
    "queue.entered": _entered,
    "queue.left": _left,
    "offer.made": _offered,
    "offer.rang": lambda _data, _plan: None,
    "offer.ended": _offer_ended,
    "call.connected": _connected,
    "overflow.key": lambda data, _plan: f"{data['key']} が押されました（{data['does']}）",
    "self_service.started": lambda _data, _plan: "電話の番号での受付を始めます",
    "self_service.identified": lambda data, _plan: "予約があります" if data["known"] else "予約がありません",
    "self_service.failed": lambda _data, _plan: "電話の番号での受付をやめます",
    "self_service.done": lambda data, _plan: f"予約：{_DONE[data['does']]}",
    "recording.started": lambda _data, _plan: "録音を始めます",
    "call.talk_ended": lambda _data, _plan: None,
    "call.ended": _ended,
}
