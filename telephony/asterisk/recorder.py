"""Voice messages on Asterisk: recorded on the caller's leg while it is in our application."""

from contextlib import suppress
from math import ceil

from telephony.asterisk.client import Ari
from telephony.asterisk.errors import Conflict, NotFound, Unavailable
from telephony.asterisk.retry import twice
from telephony.model.commands import DiscardMessage, RecordMessage, StopMessage
from telephony.model.ids import LegId


class Recorder:
    """Carries out what the model orders about messages. Raises what `Ari` raises."""

    def __init__(self, ari: Ari) -> None:
        self._ari = ari

    async def record(self, command: RecordMessage) -> None:
        """Begin to record. Without a clear answer try once more: a conflict then means that it records."""
        try:
            await self._record(command)
        except Unavailable:
            with suppress(Conflict):
                await self._record(command)

    async def _record(self, command: RecordMessage) -> None:
        """Asterisk takes whole seconds."""
        limits = ceil(command.limit_s), ceil(command.silence_s)
        await self._ari.record(LegId(command.call), command.name, *limits)

    async def stop(self, command: StopMessage) -> None:
        """End and keep it; it may just have ended by itself."""
        with suppress(NotFound):
            await twice(lambda: self._ari.stop_recording(command.name))

    async def discard(self, command: DiscardMessage) -> None:
        """Delete it; perhaps nothing was ever written."""
        with suppress(NotFound):
            await twice(lambda: self._ari.delete_recording(command.name))
