"""A stage for outreach calls: an operator dials, the own phone is picked up, the target answers or not."""

from config.schema import Agent, Centre
from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.ids import AgentName, CallId, LegId
from telephony.model.outreach.events import OutreachRequested
from tests.unit.model.stage import Stage, booker

TARGET = "+81598534000"
ROW = 7


class OutreachStage(Stage):
    """`Stage`, and what only outreach calls do."""

    def __init__(self, *agents: Agent, centre: Centre | None = None) -> None:
        super().__init__(*(agents or (booker(),)), centre=centre)

    def dials(self, name: str = "sato", row: int = ROW, number: str = TARGET) -> "OutreachStage":
        """Let *name* dial."""
        self.play(OutreachRequested(row, number, AgentName(name)))
        return self

    @property
    def order(self) -> cmd.CallOperator:
        """The last order to ring an operator."""
        return [command for command in self.all if isinstance(command, cmd.CallOperator)][-1]

    @property
    def name(self) -> str:
        """The id of the last outreach call."""
        return str(self.order.call)

    @property
    def dialled(self) -> list[cmd.CallCitizen]:
        """Every order to ring a target."""
        return [command for command in self.all if isinstance(command, cmd.CallCitizen)]

    @property
    def results(self) -> list[object]:
        """How the last outreach call failed."""
        return [fact["result"] for fact in self.facts(self.name, "outreach.failed")]

    def picks_up(self) -> "OutreachStage":
        """Let the operator's own phone ring and be picked up."""
        order = self.order
        self.play(ev.OfferRang(order.call, order.offer, order.leg))
        self.play(ev.OfferAnswered(order.call, order.offer))
        return self

    def reached(self) -> "OutreachStage":
        """Let the target's phone ring and be picked up, too."""
        order = self.picks_up().order
        self.play(ev.CitizenRang(order.call, order.offer, LegId("target"), "sip-1"))
        self.play(ev.CitizenAnswered(order.call, order.offer))
        return self

    def back(self, status: ev.DialStatus, after: float = 0.0) -> "OutreachStage":
        """Let ``Dial()`` to the target end."""
        self.play(ev.CitizenReturned(self.order.call, self.order.offer, status), after=after)
        return self

    def gone(self, cause: int = 16, after: float = 0.0) -> "OutreachStage":
        """Let the operator's leg be gone."""
        self.play(ev.OperatorLeft(self.order.call, self.order.offer, cause), after=after)
        return self

    def hangs_up(self) -> "OutreachStage":
        """Let the operator hang up at the screen."""
        self.play(ev.HangupRequested(CallId(self.name), "agent"))
        return self

    @property
    def over(self) -> bool:
        """Whether no call is left."""
        return not self.model.floor.calls
