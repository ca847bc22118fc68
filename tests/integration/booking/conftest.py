"""Fixtures of this folder."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.integration.booking.office import BookingCentre, booking_centre
from tests.integration.booking.rooms import RoomsCentre, rooms_centre


@pytest.fixture
async def booking(database_url: str, tmp_path: Path) -> AsyncIterator[BookingCentre]:
    """A running booking with a database of its own."""
    async with booking_centre(database_url, tmp_path) as centre:
        yield centre


@pytest.fixture
async def rooms(database_url: str, tmp_path: Path) -> AsyncIterator[RoomsCentre]:
    """The running rooms beside reservations, with a database of their own."""
    async with rooms_centre(database_url, tmp_path) as centre:
        yield centre


@pytest.fixture
async def operator(booking: BookingCentre) -> AsyncIterator[aiohttp.ClientSession]:
    """An operator who signed in."""
    async with booking.running.signed_in("sato") as client:
        yield client
