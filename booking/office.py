"""Everything that can be asked of the booking, put together."""

from dataclasses import dataclass

from booking.changing import Changing
from booking.holds import Holds
from booking.making import Making
from booking.ports import Calls
from booking.searching import Searching
from booking.shapes import Clock, Plan
from booking.slots import Slots
from booking.waitlist import Waitlist
from storage import Pool


@dataclass(frozen=True, slots=True)
class Office:
    """The parts of the booking. *pool* is for those that only read."""

    pool: Pool
    clock: Clock
    plan: Plan
    slots: Slots
    making: Making
    changing: Changing
    searching: Searching
    holds: Holds
    waitlist: Waitlist
    calls: Calls


def open_office(pool: Pool, plan: Plan, clock: Clock, calls: Calls) -> Office:
    """Return the booking on *pool*; *plan* returns what is in force, *clock* the aware time."""
    slots = Slots(pool, plan, clock)
    return Office(
        pool=pool,
        clock=clock,
        plan=plan,
        slots=slots,
        making=Making(pool, plan, clock, slots),
        changing=Changing(pool, plan, clock, slots),
        searching=Searching(pool, plan),
        holds=Holds(pool, plan, clock, slots),
        waitlist=Waitlist(pool, plan, clock),
        calls=calls,
    )
