"""What AMI says about operators' phones, in the model's words. Pure: no network, no clock.

Asterisk's device state of a PJSIP endpoint says both things we need: whether a contact is registered (else
``UNAVAILABLE``) and whether the phone is in use. It changes in the same millisecond as the contact does, so
contact events add nothing. Whether a use is *ours* only the model knows, so it is asked.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from telephony.asterisk.manager_link import Fields
from telephony.model.events import HoldChanged, PhoneChanged
from telephony.model.ids import AgentName, CallId

_TECHNOLOGY = "PJSIP/"
_ABSENT = frozenset({"UNAVAILABLE", "INVALID", "UNKNOWN"})
_IDLE = frozenset({"NOT_INUSE"})


@dataclass(frozen=True, slots=True)
class PhoneState:
    """What the model was told last."""

    registered: bool = False
    in_use: bool = False


class Phones:
    """The operators' phones. *agents* maps extensions to names, *is_ours* says who has a call of ours now.

    An operator has several devices (browser ``PJSIP/201``, desk phone ``PJSIP/201@desk``), is there when one
    is, and in use when one is.
    """

    def __init__(self, agents: Mapping[str, AgentName], is_ours: Callable[[AgentName], bool]) -> None:
        self._agents = dict(agents)
        self._is_ours = is_ours
        self._devices: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self._told: dict[AgentName, PhoneState] = {}

    def assign(self, agents: Mapping[str, AgentName]) -> Iterator[PhoneChanged]:
        """Take another roster and yield what is new to the model about its phones."""
        self._agents = dict(agents)
        self._told = {name: state for name, state in self._told.items() if name in self._agents.values()}
        yield from self._compare()

    def snapshot(self, devices: Mapping[str, str]) -> Iterator[PhoneChanged]:
        """Take the states of all devices and yield every difference from what the model knows."""
        self._devices.clear()
        for device, state in devices.items():
            self._devices[_extension(device)][device] = state
        yield from self._compare()

    def device_changed(self, device: str, state: str) -> PhoneChanged | None:
        """Take one new state; return what is new to the model."""
        extension = _extension(device)
        self._devices[extension][device] = state
        return self._difference(extension)

    def recheck(self, agent: AgentName) -> PhoneChanged | None:
        """Look again after a call of ours ended: a use that goes on now is not ours."""
        extensions = (extension for extension, name in self._agents.items() if name == agent)
        return next((found for each in extensions if (found := self._difference(each))), None)

    def _compare(self) -> Iterator[PhoneChanged]:
        for extension in self._agents:
            if changed := self._difference(extension):
                yield changed

    def _difference(self, extension: str) -> PhoneChanged | None:
        agent = self._agents.get(extension)
        if agent is None:
            return None
        state = self._state(agent, set(self._devices[extension].values()))
        if state == self._told.get(agent, PhoneState()):
            return None
        self._told[agent] = state
        return PhoneChanged(agent, state.registered, state.in_use)

    def _state(self, agent: AgentName, devices: set[str]) -> PhoneState:
        present = devices - _ABSENT
        return PhoneState(bool(present), in_use=bool(present - _IDLE) and not self._is_ours(agent))


def _extension(device: str) -> str:
    return device.removeprefix(_TECHNOLOGY).partition("@")[0]


def hold_changed(fields: Fields) -> HoldChanged | None:
    """Return who was put on hold or taken back, or None when the caller's own side did it.

    The operator's leg was dialled from the caller's, so its ``Linkedid`` is the call.
    """
    call = fields["Linkedid"]
    if fields["Uniqueid"] == call:
        return None
    return HoldChanged(CallId(call), held=fields["Event"] == "Hold")
