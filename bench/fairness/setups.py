"""The centres that the fairness bench tries out: kinds of calls, pools of operators, loads.

Times are in units of a mean conversation (rate 1); patience and conversations are exponential. *A*, *B* and
*C* are those of the design; the others change one thing each: load, levels, tiers, pool sizes, breaks.
"""

from dataclasses import dataclass

from telephony.model.ids import QueueName


@dataclass(frozen=True, slots=True)
class Kind:
    """Calls that ask for the same skill: *rate* arrivals per time, callers give up at rate *giving_up*."""

    name: QueueName
    rate: float
    giving_up: float = 1.0


@dataclass(frozen=True, slots=True)
class Breaks:
    """After any call an operator goes for a break with this *chance*; its mean is *length*, exponential."""

    chance: float
    length: float


@dataclass(frozen=True, slots=True)
class Pool:
    """*size* operators alike: they finish calls at *rate* and carry *share* of the work."""

    size: int
    rate: float
    seats: dict[QueueName, int]
    share: float = 1.0
    breaks: Breaks | None = None


@dataclass(frozen=True, slots=True)
class SetUp:
    """One centre. All tiers are open at once; a lower one is second choice.

    Those not *judged* show where the limits lie (docs/adr/0005-distribution.md): the optimum of waiting knows
    no loads and no order of arrival, the bound of occupancy lets callers wait beside free operators.
    """

    name: str
    about: str
    kinds: tuple[Kind, ...]
    pools: tuple[Pool, ...]
    judged: bool = True


ONE = QueueName("one")
TWO = QueueName("two")
BOTH = {ONE: 0, TWO: 0}


def _two_and_both(
    rates: tuple[float, float],
    speeds: tuple[float, float, float] = (1.0, 1.0, 1.0),
    *,
    sizes: tuple[int, int, int] = (4, 4, 4),
    shares: tuple[float, float, float] = (1.0, 1.0, 1.0),
    generalist_tier: int = 0,
) -> tuple[tuple[Kind, ...], tuple[Pool, ...]]:
    """Two kinds of calls; specialists of either and generalists."""
    seats = ({ONE: 0}, {TWO: 0}, {ONE: generalist_tier, TWO: generalist_tier})
    kinds = (Kind(ONE, rates[0]), Kind(TWO, rates[1]))
    parts = zip(sizes, speeds, seats, shares, strict=True)
    return kinds, tuple(Pool(*part) for part in parts)


SETUPS: tuple[SetUp, ...] = (
    SetUp("A", "the design's A: 5.4+5.4, all alike", *_two_and_both((5.4, 5.4))),
    SetUp("B", "the design's B: fast specialists", *_two_and_both((5.4, 5.4), (1.2, 1.2, 0.8))),
    SetUp("C", "the design's C: 3+7", *_two_and_both((3, 7))),
    SetUp("light", "0.7 times the load of A", *_two_and_both((3.8, 3.8))),
    SetUp("busy", "1.4 times the load of A", *_two_and_both((7.6, 7.6))),
    SetUp("skewed", "2+9, few generalists", *_two_and_both((2, 9), sizes=(3, 7, 2))),
    SetUp("tiers", "generalists are the second tier", *_two_and_both((5.4, 5.4), generalist_tier=1)),
    SetUp(
        "levels",
        "half of the generalists carry 0.7 of a share",
        (Kind(ONE, 3.6), Kind(TWO, 3.6)),
        (Pool(4, 1, {ONE: 0}), Pool(4, 1, {TWO: 0}), Pool(2, 1, BOTH), Pool(2, 1, BOTH, share=0.7)),
    ),
    SetUp(
        "breaks",
        "a small centre, half of which takes breaks",
        (Kind(ONE, 2), Kind(TWO, 2)),
        (
            Pool(2, 1, {ONE: 0}),
            Pool(2, 1, {TWO: 0}, breaks=Breaks(0.05, 4)),
            Pool(1, 1, BOTH),
            Pool(1, 1, BOTH, breaks=Breaks(0.05, 4)),
        ),
    ),
    SetUp("quiet", "half the load of A", *_two_and_both((2.7, 2.7)), judged=False),
    SetUp(
        "trainees",
        "all of one kind's specialists carry half",
        *_two_and_both((3.6, 3.6), shares=(0.5, 1, 1)),
        judged=False,
    ),
    SetUp(
        "one-sided",
        "specialists of one kind only",
        (Kind(ONE, 3), Kind(TWO, 3.5)),
        (Pool(4, 1, {ONE: 0}), Pool(5, 1, BOTH)),
        judged=False,
    ),
    SetUp(
        "patience",
        "callers of one kind give up seven times as fast",
        (Kind(ONE, 5, giving_up=2.0), Kind(TWO, 5, giving_up=0.3)),
        _two_and_both((5, 5))[1],
        judged=False,
    ),
)
