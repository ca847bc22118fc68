"""A call's record, and how it is folded from the call's journal entries.

Pure: no clock, no disk, no database.
"""

from telephony.record.chain import Leg, chain
from telephony.record.folding import fold
from telephony.record.shape import JST, CallRecord, OfferRecord, RecordingRecord, iso

__all__ = ["JST", "CallRecord", "Leg", "OfferRecord", "RecordingRecord", "chain", "fold", "iso"]
