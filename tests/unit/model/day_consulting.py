"""Colleagues who are asked to join, in a random day: who wishes for it, and what the switch does."""

from typing import TYPE_CHECKING

from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.ids import AgentName, CallId, LegId, SupervisionId
from telephony.model.states import CallState
from telephony.model.supervision import events as sv
from telephony.model.supervision.commands import CallSupervisor, Hear, TakeOver
from telephony.model.supervision.session import SUPERVISION, Mode, Phase

if TYPE_CHECKING:
    from tests.unit.model.day import Day

MODES = (Mode.CONSULT, Mode.CONSULT, Mode.WHISPER, Mode.BARGE, Mode.TAKEOVER)


def is_supervision(call: str) -> bool:
    """Whether an order, or an event, is about a supervision and not about a call."""
    return call.startswith(SUPERVISION)


def wish_to_consult(day: "Day", call: CallId) -> None:
    """Let somebody be asked to join a talk that begins, if at all, for this and that, and be let go."""
    rng = day.rng
    names = [AgentName(person.name) for person in day.people]
    for _ in range(rng.choice([0, 1, 2, 4])):
        begins, who, by = rng.uniform(0, 60), rng.choice(names), rng.choice([*names, None])
        for _ in range(rng.randint(1, 4)):
            day.later(begins, sv.SupervisionRequested(call, who, rng.choice(MODES), by))
            begins += rng.uniform(0, 20)
        if rng.random() < 0.5:
            day.later(begins, sv.SupervisionEnded(call, who))
    if rng.random() < 0.3:
        day.later(rng.uniform(0, 60), ev.RecordingPaused(call))
        day.later(rng.uniform(0, 100), ev.RecordingResumed(call))


class ConsultingSwitch:
    """The part of the day's switch that needs legs to colleagues."""

    def __init__(self, day: "Day") -> None:
        self.day = day
        self.legs: dict[LegId, CallId] = {}
        """Each leg that was made, with its supervision."""

    def order(self, command: cmd.CallCommand) -> None:
        """Do it, or refuse it as Asterisk may at any time."""
        rng, session = self.day.rng, command.call
        match command:
            case CallSupervisor():
                self._call(command)
            case Hear() | TakeOver() if command.leg not in self.legs or rng.random() < 0.05:
                self._refuse(command)
            case Hear():
                if not self._talks(command.of):  # ChanSpy() of a leg that is gone ends at once
                    self._leaves(command.leg, 0.02)
            case TakeOver():
                self._take_over(command)
            case cmd.HangUp():
                if command.leg in self.legs:
                    self._leaves(command.leg, 0.02)
                else:  # gone already, which is no refusal; who is not there any more has said so
                    self.day.later(0, sv.SupervisorLeft(SupervisionId(session)))

    def _call(self, order: CallSupervisor) -> None:
        rng = self.day.rng
        if rng.random() < 0.05:
            self._refuse(order)
            return
        self.legs[order.leg] = order.call
        if rng.random() < 0.8:
            picked_up = rng.uniform(0.5, order.ring_s - 1)
            self.day.later(picked_up, sv.SupervisorAnswered(SupervisionId(order.call)))
            self._leaves(order.leg, rng.uniform(picked_up, 200))
        else:
            self._leaves(order.leg, order.ring_s)

    def _take_over(self, order: TakeOver) -> None:
        if not self._talks(order.of) or self.day.rng.random() < 0.1:
            self._refuse(order)
            return
        self.day.legs[order.of].silent = order.muted
        self.day.later(0.02, order.done)

    def _talks(self, call: CallId) -> bool:
        leg = self.day.legs.get(call)
        return leg is not None and leg.place == "bridged"

    def _refuse(self, command: cmd.CallCommand) -> None:
        self.day.later(0.01, ev.CommandRefused(command.call, type(command).__name__, "no"))

    def _leaves(self, leg: LegId | None, within: float) -> None:
        if leg is not None:
            self.day.later(self.day.rng.uniform(0, within), sv.SupervisorLeft(SupervisionId(self.legs[leg])))


def nobody_stays_on_hold(day: "Day") -> None:
    """A caller is on hold for somebody who is there, and a recording is silent just as long as wanted."""
    floor = day.model.floor
    for call in floor.calls.values():
        leg = day.legs.get(call.id)
        if call.state is not CallState.TALKING or leg is None or leg.place != "bridged":
            continue
        assert call.held_for is None or call.held_for in floor.supervisions, f"{call.id} is held for nobody"
        if any(each.phase is Phase.TAKING and each.call == call.id for each in floor.supervisions.values()):
            continue  # the recording changes legs
        silent = call.recording_paused or call.held_for is not None
        assert leg.silent is silent, f"the recording of {call.id} should be {'silent' if silent else 'on'}"
