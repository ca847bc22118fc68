"""A guidance announcement begins: documents to bring, venues, the web (R3). The rest is in ``guidance``."""

from config.schema import Guide
from telephony.model.call import Call, Listening
from telephony.model.events import Timer
from telephony.model.floor import Floor
from telephony.model.hearing import say
from telephony.model.ids import Instant
from telephony.model.states import CallState


def tell(floor: Floor, call: Call, guide: Guide) -> None:
    """Let *call* hear *guide*; who stands in line keeps the place."""
    listen(floor, call, Listening.GUIDE, (guide.prompt,))
    call.guide = guide
    floor.note(call, "guidance.started", guide=guide.name)


def listen(floor: Floor, call: Call, to: Listening, prompts: tuple[str, ...]) -> None:
    """Say *prompts*; when they end, or are lost on the way, the table goes on."""
    call.listening = to
    floor.move(call, CallState.GUIDANCE)
    say(floor, call, prompts)
    listen_until(floor, call, floor.plan.calling.greeting_limit_s)


def listen_until(floor: Floor, call: Call, seconds: float) -> None:
    """Go on in *seconds* at the latest."""
    call.listen_until = Instant(floor.now + seconds)
    arm_listening(floor, call)


def arm_listening(floor: Floor, call: Call) -> None:
    """Set the call's timer to whatever comes first: the end of listening, or the next tier in line."""
    due = [floor.now if call.listen_until is None else call.listen_until]
    if call.id in floor.line and call.waiting_since is not None:
        tiers = floor.queue_of(call).tiers
        due += [Instant(call.waiting_since + tier.after_s) for tier in tiers[call.tier + 1 : call.tier + 2]]
    floor.arm(call, Timer.GUIDANCE, max(0.0, min(due) - floor.now))
