"""Names of things, as distinct types, so that a queue is never handed over for an operator."""

from typing import NewType

CallId = NewType("CallId", str)
"""The unique id of the caller's trunk leg: Asterisk made it, so every part can tie legs to calls by it."""

LegId = NewType("LegId", str)
"""A channel's unique id in Asterisk."""

OfferId = NewType("OfferId", str)
"""One offer of one call to one operator; never used twice. Digits only, so that it fits an extension."""

SupervisionId = NewType("SupervisionId", str)
"""One supervisor on one call; never used twice."""

MeasureId = NewType("MeasureId", str)
"""What a supervisor changed about one queue for a while."""

PlaybackId = NewType("PlaybackId", str)
"""One run of prompts to one caller; never used twice."""

AgentName = NewType("AgentName", str)
QueueName = NewType("QueueName", str)
MenuName = NewType("MenuName", str)
SoundId = NewType("SoundId", str)
"""A sound file built ahead of time, without directory and ending."""

Instant = NewType("Instant", float)
"""Seconds since 1970-01-01 UTC on a clock that never jumps (the engine's; see ``telephony.clock``)."""
