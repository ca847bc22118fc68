"""Alerts: from which values on somebody is told, and how (R15, R17). Their secret has a file of its own."""

from typing import Annotated

from pydantic import Field

from config.schema.base import Part, Seconds, Slug
from config.schema.delivery import SafeUrl

_MONTH_S = 31 * 86_400

HARMLESS = ("Playback failed for sound:", "Event source not found: channel:")
"""What Asterisk warns of whenever a caller hangs up in the middle of an announcement."""

Percent = Annotated[float, Field(ge=0, le=100)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]


class Alerting(Part):
    """``[alerts]``.

    *notify* names the contacts that get an e-mail when an alert opens or becomes worse; those that open
    within *group_s* share one, and the same alert is mailed once in *quiet_s*. *webhook_url* is told of
    everything that happens to an alert.

    The answer rate counts once *least_calls* have come. Asterisk's lines are counted over *asterisk_span_s*;
    lines with a text of *asterisk_ignored* are not. *certificate_days* is how long before its end a
    certificate is spoken of, *disk_percent* and *disk_critical_percent* what is left free.
    """

    notify: tuple[Slug, ...] = ()
    webhook_url: SafeUrl | None = None
    group_s: Annotated[Seconds, Field(le=3_600)] = 30
    quiet_s: Seconds = 3_600

    least_calls: Count = 10
    wait_s: Annotated[Seconds, Field(gt=0)] = 300
    nobody_s: Annotated[Seconds, Field(gt=0)] = 120
    phone_s: Annotated[Seconds, Field(gt=0)] = 60
    messages_s: Annotated[float, Field(gt=0, le=_MONTH_S)] = 1_800
    disk_percent: Percent = 10
    disk_critical_percent: Percent = 3
    certificate_days: Annotated[int, Field(ge=1, le=365)] = 21
    asterisk_span_s: Annotated[Seconds, Field(ge=10)] = 600
    asterisk_errors: Count = 1
    asterisk_warnings: Count = 20
    asterisk_ignored: tuple[str, ...] = HARMLESS
