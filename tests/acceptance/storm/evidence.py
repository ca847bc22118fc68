"""What the two ledgers say about each call, without the centre's own word."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from madoguchi.demo.phones import Entry, Ledger, Ring, Way


@dataclass(frozen=True, slots=True)
class CallerSide:
    """A call as SIPp saw it, in epoch seconds: *left* by CANCEL or BYE, or *released* by the centre's BYE."""

    call_id: str
    number: str
    fate: str
    invited: float
    answered: float | None
    left: float | None
    released: float | None
    refused: float | None
    entries: tuple[Entry, ...] = field(repr=False)

    @property
    def gone(self) -> float | None:
        """When the caller's leg ended, by whomever."""
        ends = [end for end in (self.left, self.released, self.refused) if end is not None]
        return min(ends, default=None)

    @property
    def by_caller(self) -> bool:
        """Whether the caller ended it."""
        return self.left is not None and self.left == self.gone


@dataclass(frozen=True, slots=True)
class OperatorSide:
    """One ring as an operator's phone saw it. *answered* is when its 200 was sent."""

    agent: str
    number: str
    call_id: str
    invited: float
    answered: float | None
    confirmed: float | None
    ended: float | None
    status: int
    by_phone: bool
    entries: tuple[Entry, ...] = field(repr=False)


def caller_side(call_id: str, number: str, fate: str, ledger: Ledger) -> CallerSide:
    """Read one call from SIPp's ledger."""
    entries = ledger.of(call_id)
    left = [e.at for e in entries if e.way is Way.SENT and e.name in {"CANCEL", "BYE"}]
    finals = [
        e.at for e in entries if e.way is Way.RECEIVED and e.name[:1] in "3456" and e.name.endswith(" INVITE")
    ]
    return CallerSide(
        call_id=call_id,
        number=number,
        fate=fate,
        invited=next(e.at for e in entries if e.name == "INVITE"),
        answered=ledger.first(call_id, Way.RECEIVED, "200 INVITE"),
        left=min(left, default=None),
        released=ledger.first(call_id, Way.RECEIVED, "BYE"),
        refused=min(finals, default=None),
        entries=tuple(entries),
    )


def operator_side(agent: str, ring: Ring) -> OperatorSide:
    """Read one ring from a phone's ledger."""
    ledger, call_id = ring.endpoint.ledger, ring.call_id
    invited, answered = ring.times.invited, ledger.first(call_id, Way.SENT, "200 INVITE")
    assert invited is not None, "a ring begins with its INVITE"
    confirmed = ledger.first(call_id, Way.RECEIVED, "ACK") if answered else None
    return OperatorSide(
        agent=agent,
        number=ring.caller,
        call_id=call_id,
        invited=invited,
        answered=answered,
        confirmed=confirmed,
        ended=ring.times.ended,
        status=ring.status,
        by_phone=ring.ended_by == "us",
        entries=tuple(ledger.of(call_id)),
    )


def timeline(caller: CallerSide, rings: Sequence[OperatorSide]) -> str:
    """Both sides of a call in the order of time, seconds since the INVITE."""
    lines = [(e.at, f"caller   {e.way:>8} {e.name}") for e in caller.entries]
    for ring in rings:
        lines += [(e.at, f"{ring.agent:<8} {e.way:>8} {e.name}") for e in ring.entries]
    return "\n".join(f"    {at - caller.invited:9.4f}  {text}" for at, text in sorted(lines))
