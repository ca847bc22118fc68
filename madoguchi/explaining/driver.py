"""Plays the world around the model for one call: prompts end, keys are pressed, a phone is picked up.

It answers the commands that need an answer and passes over all others, so it goes on working when the model
learns new states. Time is the model's own: it jumps from one event to the next.
"""

import heapq
from collections.abc import Callable, Sequence
from itertools import count

from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model import self_booking as sb
from telephony.model.centre import Centre as Model
from telephony.model.errors import IllegalEvent
from telephony.model.ids import CallId, Instant, LegId

CALL = CallId("explain")
SIGNS_PER_S = 6.0
"""About as fast as written Japanese is spoken; only the times of the steps depend on it."""
KEY_AFTER_S = 1.0
RINGS_AFTER_S, ANSWERED_AFTER_S, TALKS_S = 0.1, 3.0, 60.0
PATIENCE_S = 600.0
"""A caller whom nobody answers gives up after this: longer than the last tier usually takes to open."""
NORMAL_CLEARING = 16
BOOKING_S = 0.1
DAY_S, EXAMPLE_S = 86_400, 3_600
"""The slot that is shown begins in one or two days at one o'clock UTC, which is ten in Japan."""

EXAMPLE_NUMBER = "123456782"

Seen = Callable[[Instant, Sequence[cmd.Command]], None]
"""Told after every event what the model decided."""


class Driver:
    """One hypothetical call.

    Args:
        model: with its operators signed in.
        keys: what the caller presses, one whenever a prompt has ended and the centre waits.
        look: called before each event, to note what the model is about to decide on.
        seen: called after it.
    """

    def __init__(
        self, model: Model, keys: Sequence[str], look: Callable[[Instant], None], seen: Seen
    ) -> None:
        self._model, self._keys = model, list(keys)
        self._look, self._seen = look, seen
        self._agenda: list[tuple[float, int, ev.Event]] = []
        self._order = count()
        self._now = Instant(0.0)
        self._gives_up = ev.CallerLeft(CALL, NORMAL_CLEARING)
        self._answered = False

    def run(self, arrival: ev.CallArrived, at: Instant) -> None:
        """Let the call arrive at *at* and live until it is over."""
        self._now = at
        self._later(0.0, arrival)
        self._later(PATIENCE_S, self._gives_up)
        while self._agenda:
            due, _, event = heapq.heappop(self._agenda)
            self._now = Instant(due)
            if event is not self._gives_up or not self._answered:
                self._take(event)
            if CALL not in self._model.floor.calls:
                return

    def _take(self, event: ev.Event) -> None:
        self._look(self._now)
        try:
            decided = self._model.handle(event, self._now)
        except IllegalEvent:
            return  # a key that means nothing here
        self._seen(self._now, decided)
        for command in decided:
            self._answer(command)
        waits = isinstance(event, ev.PlaybackEnded | ev.KeyPressed)
        if waits and self._keys and not any(isinstance(command, cmd.Play) for command in decided):
            self._later(KEY_AFTER_S, ev.KeyPressed(CALL, self._keys.pop(0)))

    def _answer(self, command: cmd.Command) -> None:
        """Let happen what the command leads to in the world; most lead to nothing that tells of itself."""
        if isinstance(command, cmd.Play):
            seconds = sum(len(sound) for sound in command.sounds) / SIGNS_PER_S
            self._later(seconds, ev.PlaybackEnded(CALL, command.playback, heard=True))
        elif isinstance(command, cmd.ArmTimer) and command.owner == CALL:
            self._later(command.due - self._now, ev.CallTimerFired(CALL, command.timer, command.serial))
        elif isinstance(command, cmd.HangUp):
            self._later(0.0, ev.CallerLeft(CALL, command.cause))
        elif isinstance(command, cmd.Offer):
            self._pick_up(command)
        elif isinstance(command, cmd.AskBooking):
            answer = self._booking(command.question)
            self._later(BOOKING_S, ev.BookingAnswered(CALL, command.number, answer))

    def _booking(self, question: sb.Question) -> sb.Answer:
        """Answer as a booking that knows nobody and has one slot free; nothing is looked up or written."""
        if isinstance(question, sb.LookUp):
            return sb.Known(None)
        plan = self._model.floor.plan.booking
        begins = Instant((self._now // DAY_S + 2) * DAY_S + EXAMPLE_S)
        venue = next((each.name for each in plan.venues), "")
        if isinstance(question, sb.Keep):
            return sb.Kept(sb.FreeSlot("example", venue, begins))
        settings = self._model.floor.plan.self_service
        service = "" if settings is None else settings.service
        return sb.Done(sb.Reservation(EXAMPLE_NUMBER, venue, service, begins))

    def _pick_up(self, offer: cmd.Offer) -> None:
        self._answered = True
        self._later(RINGS_AFTER_S, ev.OfferRang(CALL, offer.offer, LegId("explain-operator")))
        self._later(ANSWERED_AFTER_S, ev.OfferAnswered(CALL, offer.offer))
        self._later(ANSWERED_AFTER_S + TALKS_S, ev.CallerLeft(CALL, NORMAL_CLEARING))

    def _later(self, seconds: float, event: ev.Event) -> None:
        heapq.heappush(self._agenda, (self._now + seconds, next(self._order), event))
