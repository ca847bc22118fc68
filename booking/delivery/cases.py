"""A change that the city's system refused becomes a case: somebody must talk to the citizen."""

from datetime import timedelta

from booking.database import DELIVERIES
from booking.delivery.ports import Refusal
from config.schema.base import as_phone_number
from storage import Connection

DUE = timedelta(days=1)


class CaseTable:
    """Fills `booking.delivery.ports.Cases`."""

    async def open(self, connection: Connection, refusal: Refusal) -> str:
        """Open one and return its number."""
        change, content = refusal.change, refusal.change.payload
        number: str = await connection.fetchval(
            DELIVERIES["open_case"],
            content.get("call"),
            _caller(str(content.get("phone") or "")),
            refusal.at,
            refusal.at + DUE,
            f"市の予約システムが予約 {content.get('number')} を受け付けませんでした（{refusal.reason}）。",
            {
                "delivery": change.key,
                "kind": change.kind,
                "reservation": change.reservation,
                "version": change.version,
                "reason": refusal.reason,
                "booked_at": content.get("starts_at"),
                "venue": content.get("venue"),
            },
        )
        return number


def _caller(phone: str) -> str | None:
    try:
        return as_phone_number(phone)
    except ValueError:
        return None
