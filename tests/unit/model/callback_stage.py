"""A stage for callbacks: callers ask for them, operators are summoned, citizens pick up or do not."""

from config.schema import Agent, Centre, Choice, OverflowKey, OverflowStep
from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.ids import CallId, Instant, LegId
from telephony.model.rulings import Override
from tests.unit.model.plans import plan
from tests.unit.model.stage import Stage

CALLER = "+819012345678"
ASK = "4"
"""The key that asks for a callback."""


def callback_plan(**changes: object) -> Centre:
    """Return the centre of `plan`, whose queues offer a callback to everybody who has to wait."""
    step = OverflowStep(
        options="options-callback", keys={ASK: OverflowKey(title="折り返し", does=Choice.CALLBACK)}
    )
    centre = plan(**changes)
    queues = tuple(queue.model_copy(update={"overflow": (step,)}) for queue in centre.queues)
    return centre.model_copy(update={"queues": queues})


def closed(since: float, until: float) -> Override:
    """Return that the whole centre is closed between these instants."""
    return Override("1", opens=False, since=Instant(since), until=Instant(until))


class CallbackStage(Stage):
    """`Stage`, and what only callbacks do."""

    def __init__(self, *agents: Agent, centre: Centre | None = None) -> None:
        super().__init__(*agents, centre=centre or callback_plan())

    def asks(self, call: str, caller: str | None = CALLER) -> "CallbackStage":
        """Let *call* wait and begin the dialogue."""
        self.waiting(call, caller)
        self.timer(call)
        self.key(call, ASK)
        return self

    def promised(self, call: str, caller: str = CALLER) -> str:
        """Let *call* ask for a callback, confirm its number, hear so and hang up; return the callback."""
        self.asks(call, caller).key(call, "1")
        return self.heard(call)

    def heard(self, call: str) -> str:
        """Let the promise be heard and the caller hang up; return the callback."""
        self.spoken(call).play(ev.CallerLeft(CallId(call), 16))
        return str(self.facts(call, "callback.promised")[0]["callback"])

    def summons(self, callback: str) -> cmd.CallOperator:
        """Return the last order to ring an operator for *callback*."""
        return [c for c in self.all if isinstance(c, cmd.CallOperator) and c.call == callback][-1]

    def rung(self, callback: str) -> list[cmd.CallCitizen]:
        """Return every order to ring the citizen of *callback*."""
        return [c for c in self.all if isinstance(c, cmd.CallCitizen) and c.call == callback]

    def accepted(self, callback: str) -> "CallbackStage":
        """Let the summoned operator's phone ring and be picked up."""
        order = self.summons(callback)
        self.play(ev.OfferRang(order.call, order.offer, order.leg))
        self.play(ev.OfferAnswered(order.call, order.offer))
        return self

    def reached(self, callback: str) -> "CallbackStage":
        """Let the operator accept and the citizen pick up."""
        offer = self.accepted(callback).summons(callback).offer
        self.play(ev.CitizenRang(CallId(callback), offer, LegId("citizen"), "sip-1"))
        self.play(ev.CitizenAnswered(CallId(callback), offer))
        return self

    def back(self, callback: str, status: ev.DialStatus, after: float = 0.0) -> "CallbackStage":
        """Let ``Dial()`` to the citizen end, and the operator's leg after it."""
        order = self.summons(callback)
        self.play(ev.CitizenReturned(order.call, order.offer, status), after=after)
        return self.gone(callback)

    def gone(self, callback: str, cause: int = 16, after: float = 0.0) -> "CallbackStage":
        """Let the operator's leg be gone."""
        order = self.summons(callback)
        self.play(ev.OperatorLeft(order.call, order.offer, cause), after=after)
        return self

    def results(self, callback: str) -> list[object]:
        """Return how the attempts of *callback* failed, in order."""
        return [fact["result"] for fact in self.facts(callback, "callback.failed")]

    def done(self, callback: str) -> object:
        """Return the result of a callback that is over."""
        (fact,) = self.facts(callback, "callback.done")
        return fact["result"]
