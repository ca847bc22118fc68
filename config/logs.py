"""How every process of ours writes its log: one JSON line per event on standard error, personal data masked.

An event is a dotted name (``call.offered``) with fields. The call a task works on is bound once, with
`about_call`, and stands in every line below it. Must never know what the events mean.
"""

import logging
import sys
from collections.abc import Mapping, MutableMapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import structlog
from structlog.typing import EventDict, Processor

JAPAN = ZoneInfo("Asia/Tokyo")

NUMBERS = frozenset({"caller", "dialled", "fax", "notice_number", "phone"})
"""Fields that hold a number of somebody: the last four digits stay, enough to find a call again."""

PERSONS = frozenset(
    {"address", "birth_date", "caller_name", "citizen", "email", "kana", "keys_pressed", "line", "notes"}
)
"""Fields that say who somebody is or what they told us: nothing stays."""

SECRETS = frozenset({"authorization", "password", "secret", "sip_password", "ticket", "token", "totp"})

HIDDEN = "***"
KEPT_DIGITS = 4


def configure(level: str = "INFO") -> None:
    """Set logging up for this process; the libraries' own loggers go the same way. Call it once, first."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        stamp_time,
        structlog.processors.format_exc_info,
        mask,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _as_json_line()],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)


def about_call(call: str) -> AbstractContextManager[None]:
    """Bind *call* to everything that is logged inside the block, by this task and those it starts."""
    return structlog.contextvars.bound_contextvars(call=call)


def stamp_time(logger: object, method: str, event: EventDict) -> EventDict:  # noqa: ARG001 - structlog's shape
    """Add the time with offset, as everything that is shown outside."""
    event["at"] = datetime.now(JAPAN).isoformat(timespec="milliseconds")
    return event


def mask(logger: object, method: str, event: EventDict) -> EventDict:  # noqa: ARG001 - structlog's shape
    """Hide personal data and secrets in the marked fields, however deep they stand."""
    return _masked(event)


def _masked(fields: Mapping[str, Any]) -> MutableMapping[str, Any]:
    return {name: _shown(name, value) for name, value in fields.items()}


def _shown(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in NUMBERS:
        return _last_digits(str(value))
    if name in PERSONS or name in SECRETS:
        return HIDDEN
    if isinstance(value, Mapping):
        return _masked(value)
    if isinstance(value, list | tuple):
        return [_shown("", entry) for entry in value]
    return value


def _last_digits(number: str) -> str:
    """Return ``***5678`` for a telephone number; nothing of one too short to hide anything."""
    return HIDDEN + (number[-KEPT_DIGITS:] if len(number) > 2 * KEPT_DIGITS else "")


def _as_json_line() -> Processor:
    def line(logger: object, method: str, event: EventDict) -> str:  # noqa: ARG001 - structlog's shape
        return orjson.dumps(event, default=str).decode()

    return line
