"""Scenarios of transfers: to somebody who answers, to somebody who does not, and from people who leave."""

from telephony.model.ids import QueueName
from telephony.model.transferring.events import TransferRequested
from telephony.model.transferring.target import Kind, Target
from tests.scenarios.stage import OneCall, Stage
from tests.scenarios.written import CHOSE, chooses, ended, offered, scenario, talked
from tests.simulation.phones import Answer, Refuse, RingOut

MORI = Target(Kind.OPERATOR, "mori")
AGAIN = "queue.entered booking 1"


async def transferred(stage: Stage, target: Target = MORI) -> OneCall:
    """Let sato talk with a caller, and transfer the call."""
    call = await chooses(stage)
    await call.wrote("call.connected", agent="sato")
    stage.ask(TransferRequested(call.id, target, "agent"))
    return call


@scenario()
async def a_caller_is_transferred_to_an_operator_who_answers(stage: Stage) -> None:
    await stage.operator("sato", Answer())
    await stage.operator("mori", Answer(talk_s=0.4))
    call = await transferred(stage)
    first, second = talked("sato"), talked("mori")
    assert [*CHOSE, *first, "call.transferred", *second, ended("answered", "agent")] == await call.ends()


@scenario()
async def a_caller_whom_the_second_operator_turns_down_is_back_with_the_first(stage: Stage) -> None:
    await stage.operator("sato", Answer(), Answer(talk_s=0.4))
    await stage.operator("mori", Refuse(after_s=0.2))
    call = await transferred(stage)
    refused = [*offered("mori", "busy"), "call.transfer_failed busy"]
    heard = [*CHOSE, *talked("sato"), "call.transferred", *refused, *talked("sato")]
    assert [*heard, ended("answered", "agent")] == await call.ends()


@scenario()
async def a_caller_whom_nobody_takes_stands_at_the_front(stage: Stage) -> None:
    await stage.operator("sato", Answer(), Refuse(after_s=0.2), RingOut())
    await stage.operator("mori", Refuse(after_s=0.2), Answer(talk_s=0.4))
    call = await transferred(stage)
    await call.wrote("queue.entered", priority=float("inf"))
    await call.wrote("call.connected", agent="mori")
    told = await call.ends()
    assert [*talked("mori"), ended("answered", "agent")] == told[-7:]


@scenario()
async def a_caller_leaves_while_the_second_telephone_rings(stage: Stage) -> None:
    await stage.operator("sato", Answer())
    await stage.operator("mori", RingOut())
    call = await transferred(stage)
    await call.wrote("offer.rang", agent="mori")
    call.person.leave()
    left = [*offered("mori", "caller-left"), ended("answered", "caller")]
    assert [*CHOSE, *talked("sato"), "call.transferred", *left] == await call.ends()


@scenario()
async def a_caller_is_sent_back_to_a_queue(stage: Stage) -> None:
    await stage.operator("sato", Answer())
    await stage.operator("mori", Answer(talk_s=0.4))
    call = await transferred(stage, Target(Kind.QUEUE, QueueName("booking")))
    sent = [*talked("sato"), "call.transferred", AGAIN]
    assert [*CHOSE, *sent, *talked("mori"), ended("answered", "agent")] == await call.ends()


@scenario(restarts=True)
async def the_controller_dies_while_the_second_telephone_rings(stage: Stage) -> None:
    await stage.operator("sato", Answer())
    await stage.operator("mori", Answer(after_s=3, talk_s=0.4))
    call = await transferred(stage)
    await call.wrote("offer.rang", agent="mori")
    await stage.kill()
    await stage.start()
    assert ended("answered", "agent") == (await call.ends())[-1]
    assert 2 == sum(record.kind == "call.connected" for record in stage.facts.all)
