"""The worker's part: carries changes to the city's system in the way that ``centre.toml`` says."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from booking.delivery.files import FileCarrier
from booking.delivery.http import HttpCarrier
from booking.delivery.ports import Carrier
from booking.delivery.store import Store
from booking.outgoing.surroundings import Surroundings
from booking.shapes import Plan
from config.schema.delivery import Adapter, Delivery

EVERY_S = 1.0
KEPT_DAYS = 90
"""How long it is known what the city was told: longer than reservations are made ahead."""


class Delivering:
    """A job of the worker. *secret* is the file with what changes are signed with."""

    def __init__(self, store: Store, plan: Plan, secret: Path, around: Surroundings) -> None:
        self._store, self._plan, self._clock = store, plan, around.clock
        self._make: dict[Adapter, Callable[[Delivery], Carrier]] = {
            Adapter.HTTP: lambda rules: HttpCarrier(store, rules, secret, around),
            Adapter.FILES: lambda rules: FileCarrier(store, rules, around.clock),
        }
        self._carrier: tuple[Delivery, Carrier] | None = None
        self._forgot: datetime | None = None

    async def once(self) -> int:
        """Deliver what is due, unless another process is at it. Raises ``storage.PASSING``."""
        rules = self._plan().delivery
        await self._forget(rules)
        if rules.adapter is Adapter.NONE:
            return 0
        async with self._store.alone() as mine:
            return await self._carrier_for(rules).carry() if mine else 0

    def _carrier_for(self, rules: Delivery) -> Carrier:
        if self._carrier is None or self._carrier[0] != rules:
            self._carrier = (rules, self._make[rules.adapter](rules))
        return self._carrier[1]

    async def _forget(self, rules: Delivery) -> None:
        now = self._clock()
        if self._forgot is None or now - self._forgot >= timedelta(days=1):
            unwanted = rules.adapter is Adapter.NONE
            await self._store.forget(now - timedelta(days=KEPT_DAYS), also_unwanted=unwanted)
            self._forgot = now
