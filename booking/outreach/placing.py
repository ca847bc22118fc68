"""Has a row's call placed: the operator's own phone rings, and nothing but the row's number is dialled."""

from collections.abc import Mapping
from typing import Protocol

from booking.errors import NotPossible
from telephony.model.events import Event
from telephony.model.ids import AgentName
from telephony.model.outreach.events import OutreachRequested
from telephony.model.outreach.shape import CannotDial, Obstacle

_SENTENCES: Mapping[Obstacle, str] = {
    Obstacle.NO_OPERATOR: "電話席がないため、発信できません。",
    Obstacle.ON_A_CALL: "通話中か着信中のため、発信できません。終わってから発信してください。",
    Obstacle.NO_PHONE: "電話機が接続されていません。接続してから発信してください。",
    Obstacle.PHONE_IN_USE: "電話機を使用中です。受話器を置いてから発信してください。",
    Obstacle.NO_TRUNK: "発信に使える回線がありません。運用担当に連絡してください。",
    Obstacle.EMERGENCY: "緊急の案内中のため、発信できません。",
    Obstacle.TWICE: "この電話はすでに発信しています。",
}
_COUNTED = "本日の1件に数えましたが、電話は鳴らしていません。"


class Telephones(Protocol):
    """The running centre; ``telephony.engine.Engine`` fulfils it."""

    def obstacle(self, agent: AgentName) -> Obstacle | None:
        """Return what keeps *agent* from placing a call now, or None."""
        ...

    def ask(self, event: Event) -> None:
        """Take a request. Raises `telephony.model.errors.ModelError` when it is impossible now."""
        ...


def refuse_if_impossible(telephones: Telephones, rings: str) -> None:
    """Raise `NotPossible` if *rings* cannot place a call now: before it is counted."""
    obstacle = telephones.obstacle(AgentName(rings))
    if obstacle is not None:
        raise NotPossible(_SENTENCES[obstacle])


def place(telephones: Telephones, row: int, number: str, rings: str) -> None:
    """Place the call that was counted as *row*. Raises `NotPossible` if something came in between."""
    try:
        telephones.ask(OutreachRequested(row, number, AgentName(rings)))
    except CannotDial as refusal:
        raise NotPossible(_SENTENCES[refusal.obstacle] + _COUNTED) from refusal
