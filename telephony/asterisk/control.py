"""The model's commands, carried out on Asterisk. It decides nothing.

For every live call it remembers what is playing and which leg is being rung, because Asterisk queues commands
behind a playback, and because an offer is withdrawn by hanging up a leg that only ``Dial`` events name.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from config.layout import ASTERISK_VIEW
from telephony.asterisk import offer_extension
from telephony.asterisk.callback_legs import CallbackLegs
from telephony.asterisk.client import Ari
from telephony.asterisk.decode import LegMade
from telephony.asterisk.errors import AsteriskError, Conflict, NotFound, Unanswered, Unavailable
from telephony.asterisk.manager import Manager
from telephony.asterisk.phone_legs import PhoneLegs
from telephony.asterisk.recorder import Recorder
from telephony.asterisk.retry import twice
from telephony.asterisk.supervisor_legs import SupervisorLegs
from telephony.asterisk.transfers import Transfers
from telephony.model import commands as do
from telephony.model import events as happened
from telephony.model.ids import CallId, LegId, OfferId, PlaybackId
from telephony.model.operator_leg import read_operator_leg
from telephony.model.outreach.shape import is_outreach
from telephony.model.promise import is_callback
from telephony.model.supervision.commands import CallSupervisor, Hear, TakeOver
from telephony.model.transferring.commands import CallReferral, TakeFromOperator
from telephony.model.transferring.events import CallerTransferred
from telephony.ports import AlreadyAnswered, LegGone, SwitchError, Unsure

SOUNDS = ASTERISK_VIEW / "sounds"
OFFER_VARIABLE = "MADOGUCHI_OFFER"
"""Set by the dialplan on the caller's leg, inherited by the operator's, shown through ``channelvars``."""

CALL_VARIABLE = "MADOGUCHI_CALL"
"""The call that a leg belongs to; inherited and shown likewise."""

LEG_LIMIT_S = 2.0
"""``Dial()`` makes the operator's leg within milliseconds of an offer."""

LEAVING_LIMIT_S = 0.5
"""From a hangup that ends what the dialplan does for a caller to the end of the leg: milliseconds."""

HANGUP_EXTENSION = "h"
"""Where the dialplan is only for a caller who has hung up."""

WITHDRAWN_CAUSE = 16
UP = "Up"
ANSWERED = "The operator has already answered."


@dataclass(slots=True)
class _Memory:
    """What one live call is doing. *leg* is the operator's, None inside when there was none."""

    playback: PlaybackId | None = None
    playing: bool = False
    offer: OfferId | None = None
    leg: asyncio.Future[LegId | None] | None = None
    answered: bool = False


class Control:
    """Implements `telephony.ports.Switch`. Hand every decoded event to `notice` before the model gets it.

    Commands of one call must come one after another; different calls may overlap. `notice` must not wait for
    a command, or a withdrawal would wait for an event that waits for it.
    """

    def __init__(self, ari: Ari, manager: Manager, sounds: PurePosixPath = SOUNDS) -> None:
        self._ari = ari
        self._manager = manager
        self._recorder = Recorder(ari)
        self._sounds = sounds
        self._calls: dict[CallId, _Memory] = {}
        self._departures: dict[CallId, asyncio.Event] = {}
        self._phones = PhoneLegs(ari, manager)
        callbacks = CallbackLegs(ari, self._phones)
        self._supervisors = supervisors = SupervisorLegs(
            ari, manager, self._phones, self._recorded_leg, self._callers_leg
        )
        self._transfers = transfers = Transfers(ari, manager)
        self._how: Mapping[type[do.CallCommand], Callable[..., Awaitable[None]]] = {
            do.Follow: self._follow,
            do.Answer: self._answer,
            do.Play: self._play,
            do.StopPlaying: self._stop_playing,
            do.StartMusic: self._start_music,
            do.StopMusic: self._stop_music,
            do.RecordMessage: self._record_message,
            do.StopMessage: self._recorder.stop,
            do.DiscardMessage: self._recorder.discard,
            do.Offer: self._offer,
            do.WithdrawOffer: self._withdraw,
            do.PauseRecording: self._pause_recording,
            do.ResumeRecording: self._resume_recording,
            do.HangUp: self._hang_up,
            do.CallOperator: callbacks.call_operator,
            do.CallCitizen: callbacks.call_citizen,
            CallSupervisor: supervisors.call_supervisor,
            Hear: supervisors.hear,
            TakeOver: self._take_over,
            TakeFromOperator: transfers.take_from_operator,
            CallReferral: self._call_referral,
        }

    async def carry_out(self, command: do.CallCommand) -> None:
        """Do it, or raise `LegGone`, `AlreadyAnswered`, `Unsure` or `SwitchError`."""
        await self._translated(command.call, self._how[type(command)](command))

    def leg_of(self, call: CallId) -> LegId | None:
        """Return the operator's leg of the call's present offer, if it is known."""
        memory = self._calls.get(call)
        return memory.leg.result() if memory and memory.leg and memory.leg.done() else None

    def notice(self, event: happened.Event) -> None:
        """Learn from an event what the call is doing now."""
        match event:
            case happened.PlaybackEnded(call, playback):
                memory = self._calls.get(call)
                if memory and memory.playback == playback:
                    memory.playing = False
            case happened.OfferDialled(call, offer, leg) | happened.OfferRang(call, offer, leg):
                self._learn_leg(self._memory(call), offer, leg)
            case LegMade(leg):
                self._phones.entered(leg)
            case happened.OfferAnswered(call, offer):
                self._memory(call).answered = True
            case happened.OfferReturned(call) | CallerTransferred(call):
                self._end_offer(call)
            case happened.OperatorLeft(call) | happened.CallerLeft(call):
                self._forget(call)
                if call in self._departures:
                    self._departures[call].set()

    # --- memory -------------------------------------------------------------------------------------------

    def _memory(self, call: CallId) -> _Memory:
        return self._calls.setdefault(call, _Memory())

    def _begin_offer(self, memory: _Memory, offer: OfferId) -> asyncio.Future[LegId | None]:
        memory.offer = offer
        memory.answered = False
        memory.leg = asyncio.get_running_loop().create_future()
        return memory.leg

    def _learn_leg(self, memory: _Memory, offer: OfferId, leg: LegId) -> None:
        known = memory.leg if memory.offer == offer and memory.leg else self._begin_offer(memory, offer)
        if not known.done():
            known.set_result(leg)

    def _end_offer(self, call: CallId) -> None:
        memory = self._calls.get(call)
        if memory and memory.leg and not memory.leg.done():
            memory.leg.set_result(None)

    def _forget(self, call: CallId) -> None:
        self._end_offer(call)
        self._calls.pop(call, None)

    # --- commands -------------------------------------------------------------------------------------------

    async def _follow(self, command: do.Follow) -> None:
        """Subscribe to the caller's leg, so that its end is heard wherever it is then.

        A leg that is gone here left before; no ``CallerLeft`` will follow from Asterisk.
        """
        await self._twice(lambda: self._ari.subscribe(_leg(command)))

    async def _answer(self, command: do.Answer) -> None:
        await self._silence(command.call)
        await self._twice(lambda: self._ari.answer(_leg(command)))

    async def _play(self, command: do.Play) -> None:
        memory = self._memory(command.call)
        if memory.playback == command.playback:
            return
        await self._silence(command.call)
        memory.playback, memory.playing = command.playback, True
        await self._twice(lambda: self._play_once(command))

    async def _play_once(self, command: do.Play) -> None:
        """Play; without an answer ask by id, because Asterisk would play the same id a second time."""
        media = [] if command.recorded is None else [f"recording:{command.recorded}"]
        media += [f"sound:{self._sounds / sound}" for sound in command.sounds]
        try:
            await self._ari.play(_leg(command), command.playback, media)
        except Unavailable as error:
            try:
                await self._ari.playback(command.playback)
            except NotFound:
                raise error from None

    async def _stop_playing(self, command: do.StopPlaying) -> None:
        await self._stop(command.playback)

    async def _silence(self, call: CallId) -> None:
        """Stop what plays: Asterisk would carry the next command out only after it."""
        memory = self._calls.get(call)
        if memory and memory.playing and memory.playback:
            memory.playing = False
            await self._stop(memory.playback)

    async def _stop(self, playback: PlaybackId) -> None:
        """Stop a playback; one that is over is what was wanted."""
        try:
            await self._twice(lambda: self._ari.stop_playback(playback))
        except NotFound:
            return

    async def _start_music(self, command: do.StartMusic) -> None:
        if not command.after_words:  # Asterisk queues it behind what plays
            await self._silence(command.call)
        await self._twice(lambda: self._ari.start_music(_leg(command)))

    async def _stop_music(self, command: do.StopMusic) -> None:
        await self._silence(command.call)
        await self._twice(lambda: self._ari.stop_music(_leg(command)))

    async def _record_message(self, command: do.RecordMessage) -> None:
        await self._silence(command.call)
        await self._recorder.record(command)

    async def _offer(self, command: do.Offer) -> None:
        memory = self._memory(command.call)
        if memory.offer == command.offer:
            return
        await self._silence(command.call)
        self._begin_offer(memory, command.offer)
        await self._twice(lambda: self._continue_once(command))

    async def _continue_once(self, command: do.Offer) -> None:
        """Send the caller to ``[offer]``; without a clear answer ask whether the leg is there already."""
        extension = offer_extension.write(command)
        try:
            await self._ari.continue_in(_leg(command), offer_extension.CONTEXT, extension)
        except (Unavailable, Conflict):
            channel = await self._ari.channel(_leg(command))
            if offer_extension.read(channel.context, channel.extension) != command.offer:
                raise

    async def _withdraw(self, command: do.WithdrawOffer) -> None:
        memory = self._calls.get(command.call)
        if memory and memory.offer == command.offer and memory.answered:
            raise AlreadyAnswered(ANSWERED)
        leg = command.leg or await self._find_leg(command, memory)
        if leg is None:
            return
        if await self._is_up(leg):  # answered while no event reached us: they talk
            raise AlreadyAnswered(ANSWERED)
        await self._end_leg(leg, WITHDRAWN_CAUSE)

    async def _is_up(self, leg: LegId) -> bool:
        try:
            return (await self._ari.channel(leg)).state == UP
        except NotFound:
            return False

    async def _find_leg(self, command: do.WithdrawOffer, memory: _Memory | None) -> LegId | None:
        """Return the operator's leg, waiting for it to appear; None when the offer ended without one."""
        if memory is None or memory.offer != command.offer or memory.leg is None:
            return await self._search_leg(command)
        try:
            async with asyncio.timeout(LEG_LIMIT_S):
                return await asyncio.shield(memory.leg)
        except TimeoutError:
            return await self._search_leg(command)

    async def _search_leg(self, command: do.WithdrawOffer) -> LegId | None:
        """Ask Asterisk for the leg dialled from the caller's; for a controller that did not see it made."""
        found = (
            channel.id
            for channel in await self._ari.channels()
            if channel.variables.get(OFFER_VARIABLE) == command.offer and channel.id != _leg(command)
        )
        return next(found, None)

    async def _pause_recording(self, command: do.PauseRecording) -> None:
        await self._manager.mute_recording(await self._recorded_leg(command.call), muted=True)

    async def _resume_recording(self, command: do.ResumeRecording) -> None:
        await self._manager.mute_recording(await self._recorded_leg(command.call), muted=False)

    async def _recorded_leg(self, call: CallId) -> LegId:
        """Return the operator's leg, which the dialplan records; ask for it when this controller is new."""
        if leg := self.leg_of(call):
            return leg
        legs = await self._legs_besides(call, LegId(call))
        if legs:  # of a callback's two legs it is the one that we made
            return next((leg for leg in legs if read_operator_leg(leg)), legs[0])
        raise SwitchError("Nobody talks with this caller, so nothing is recorded.")

    async def _callers_leg(self, call: CallId) -> LegId:
        """Return the leg of whoever the operator talks with: the call's own, unless we have placed it."""
        if not is_callback(call) and not is_outreach(call):
            return LegId(call)
        legs = await self._legs_besides(call, await self._recorded_leg(call))
        if legs:
            return legs[0]
        raise SwitchError("Nobody was reached on this call, so nobody can wait.")

    async def _legs_besides(self, call: CallId, other: LegId) -> list[LegId]:
        return [
            channel.id
            for channel in await self._ari.channels()
            if channel.variables.get(CALL_VARIABLE) == call and channel.id != other
        ]

    async def _take_over(self, command: TakeOver) -> None:
        """Let the supervisor's leg be the operator's of that call, once it is."""
        leg = await self._supervisors.take_over(command)
        memory = self._calls.get(command.of)
        if memory is not None:
            memory.leg = asyncio.get_running_loop().create_future()
            memory.leg.set_result(leg)

    async def _call_referral(self, command: CallReferral) -> None:
        memory = self._memory(command.call)
        if memory.offer == command.offer:
            return
        await self._silence(command.call)
        self._begin_offer(memory, command.offer)
        await self._twice(lambda: self._transfers.call_referral(command))

    async def _hang_up(self, command: do.HangUp) -> None:
        await self._end_leg(command.leg or _leg(command), command.cause)

    async def _end_leg(self, leg: LegId, cause: int) -> None:
        """Hang up; a leg that is gone is what was wanted."""
        try:
            await self._twice(lambda: self._ari.hang_up(leg, cause))
        except NotFound:
            return

    # --- errors ---------------------------------------------------------------------------------------------

    async def _twice(self, request: Callable[[], Awaitable[None]]) -> None:
        await twice(request)

    async def _translated(self, call: CallId, work: Awaitable[None]) -> None:
        try:
            await work
        except NotFound as error:
            self._forget(call)  # a caller who left before the subscription sends no CallerLeft
            raise LegGone(str(error)) from error
        except (Conflict, Unavailable) as error:
            await self._explain(call, error)
        except AsteriskError as error:
            raise SwitchError(str(error)) from error

    async def _explain(self, call: CallId, refusal: Conflict | Unavailable) -> None:
        """Tell a leg on its way out from one that is elsewhere: for a moment both are a 409, or a 500.

        Where the dialplan is says it at once or not at all, so the leg's end is awaited for a moment. One
        command of a call runs at a time, so there is one who waits.
        """
        departure = self._departures[call] = asyncio.Event()
        try:
            where = await self._whereabouts(call, refusal)
            async with asyncio.timeout(LEAVING_LIMIT_S):
                await departure.wait()
        except TimeoutError:
            kind = Unsure if isinstance(refusal, Unanswered) else SwitchError
            raise kind(f"{refusal} The leg is at {where}.") from refusal
        finally:
            self._departures.pop(call, None)
        raise LegGone(str(refusal)) from refusal

    async def _whereabouts(self, call: CallId, refusal: Conflict | Unavailable) -> str:
        """Return where in the dialplan the leg is. Raises `LegGone` if that is the way out, `Unsure`."""
        try:
            channel = await self._ari.channel(LegId(call))
        except NotFound:
            raise LegGone(str(refusal)) from refusal
        except AsteriskError:
            raise Unsure(str(refusal)) from refusal
        if channel.extension == HANGUP_EXTENSION:
            raise LegGone(str(refusal)) from refusal
        return f"{channel.context},{channel.extension}"


def _leg(command: do.CallCommand) -> LegId:
    """Return the caller's leg: its id is the call's."""
    return LegId(command.call)
