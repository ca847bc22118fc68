"""The AMI side: the states of telephones, holds, and the actions that the controller sends.

What AMI tells is not in step with what ARI tells: two connections, two queues.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from tests.simulation.asterisk.channel import Channel

if TYPE_CHECKING:
    from tests.simulation.asterisk.server import SimulatedAsterisk

Fields = Mapping[str, str]


class ManagerLine:
    """One signed-in connection, seen from Asterisk. Events arrive in order."""

    def __init__(self, on_event: Callable[[Fields], None], on_end: Callable[[], None]) -> None:
        self.on_event = on_event
        self.on_end = on_end
        self.last = 0.0


class Manager:
    """Who is connected over AMI, and what they are told."""

    def __init__(self, server: "SimulatedAsterisk") -> None:
        self._server = server
        self._lines: list[ManagerLine] = []

    def connect(self, line: ManagerLine) -> None:
        """Let *line* hear events from now on."""
        self._lines.append(line)

    def disconnect(self, line: ManagerLine) -> None:
        """Notice that *line* is gone."""
        if line in self._lines:
            self._lines.remove(line)

    def drop(self) -> None:
        """Break every connection."""
        for line in self._lines:
            line.on_end()
        self._lines.clear()

    def states(self) -> list[Fields]:
        """Return the state of every device."""
        return [_device(phone.extension, phone.device_state) for phone in self._server.phones.values()]

    def tell_state(self, extension: str, state: str) -> None:
        """A telephone's state changed."""
        self._tell(_device(extension, state))

    def tell_hold(self, peer: Channel, caller: Channel, *, held: bool) -> None:
        """The operator's phone put the caller on hold, or took them back."""
        self._tell({"Event": "Hold" if held else "Unhold", "Uniqueid": peer.id, "Linkedid": caller.id})

    def set_global(self, fields: Fields) -> None:
        """Set a global variable of the dialplan."""
        self._server.globals[fields["Variable"]] = fields["Value"]

    def mute(self, fields: Fields) -> bool:
        """Mute the recording of a leg; return whether there is one."""
        channel = self._server.channels.get(fields["Channel"])
        return channel is not None and channel.app == "AppDial"

    def redirect(self, fields: Fields) -> bool:
        """Send a leg elsewhere in the dialplan; return whether there is one that is not on its way out."""
        channel = self._server.channels.get(fields["Channel"])
        if channel is None or channel.hung_up or channel.state != "Up":
            return False
        channel.redirect(fields["Context"], fields["Exten"])
        return True

    def _tell(self, fields: Fields) -> None:
        loop = asyncio.get_running_loop()
        for line in self._lines:
            line.last = max(line.last, loop.time() + self._server.network.delay())
            loop.call_at(line.last, self._arrive, line, fields)

    def _arrive(self, line: ManagerLine, fields: Fields) -> None:
        if line in self._lines:
            line.on_event(fields)


def _device(extension: str, state: str) -> Fields:
    return {"Event": "DeviceStateChange", "Device": f"PJSIP/{extension}", "State": state}
