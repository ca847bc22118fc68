"""Whether somebody can be reached by a transfer now. Raises sentences, changes nothing."""

from config.schema import Referral
from config.schema.base import national_digits
from telephony.model.call import Call
from telephony.model.errors import IllegalEvent
from telephony.model.floor import Floor
from telephony.model.ids import AgentName, QueueName
from telephony.model.roster import Operator
from telephony.model.states import AgentState
from telephony.model.transferring.target import Kind, Target

_TAKES_ONE = frozenset({AgentState.READY, AgentState.LOGGED_OUT})
"""A supervisor takes no part in the distribution and has a phone all the same; a break is a break."""


def check(floor: Floor, call: Call, target: Target) -> None:
    """Raise IllegalEvent, UnknownAgent or UnknownQueue if *call* cannot go to *target* now."""
    if call.is_placed:
        raise IllegalEvent("A call that the centre places cannot be transferred.")
    match target.kind:
        case Kind.OPERATOR:
            operator = floor.roster[AgentName(target.name)]
            if operator.name == call.agent:
                raise IllegalEvent("This operator talks on the call already.")
            if not can_take(operator):
                raise IllegalEvent(f"{operator.name} cannot take a call now.")
        case Kind.QUEUE:
            floor.queue(QueueName(target.name))
        case Kind.REFERRAL:
            if referral(floor, target.name) is None:
                raise IllegalEvent("Calls are transferred to the places of the referral list only.")
            if floor.trunk_of(call.dialled).outbound is None:
                raise IllegalEvent("The trunk of this call places no calls.")


def can_take(operator: Operator | None) -> bool:
    """Whether the phone of *operator* may ring for a transfer now."""
    return operator is not None and operator.state in _TAKES_ONE and operator.phone_is_free


def referral(floor: Floor, name: str) -> Referral | None:
    """Return the place that calls may be transferred to, if it is one."""
    return next((each for each in floor.plan.referrals if each.name == name and each.transfer), None)


def read(floor: Floor, dialled: str) -> Target | None:
    """Return whom an operator's phone means by these digits: an extension, or a number of the list."""
    for operator in floor.roster:
        if operator.profile.extension == dialled:
            return Target(Kind.OPERATOR, operator.name)
    for each in floor.plan.referrals:
        if each.transfer and national_digits(each.number) == dialled:
            return Target(Kind.REFERRAL, each.name)
    return None
