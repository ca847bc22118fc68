"""How calls are handled everywhere: thresholds, recording, contacts and priority callers."""

from typing import Annotated

from pydantic import EmailStr, Field

from config.schema.base import Part, PhoneNumber, Seconds, Slug


class Calling(Part):
    """Limits that hold for every queue. All times in seconds.

    An operator's call without any packet of sound from the phone for *rtp_timeout_s* is over, on hold for
    *rtp_timeout_hold_s* (0: never): a phone that vanishes says no goodbye.
    """

    acw_s: Seconds = 60
    acw_extension_s: Seconds = 60
    acw_max_s: Seconds = 600
    short_abandon_s: Seconds = 5
    rna_limit: Annotated[int, Field(ge=1, le=100)] = 2
    sticky_days: Annotated[float, Field(ge=0, le=365)] = 7
    max_talk_s: Annotated[Seconds, Field(gt=0)] = 14_400
    rtp_timeout_s: Annotated[int, Field(ge=0, le=86_400)] = 60
    rtp_timeout_hold_s: Annotated[int, Field(ge=0, le=86_400)] = 1_800
    greeting_limit_s: Annotated[Seconds, Field(gt=0)] = 60
    announcement_limit_s: Annotated[Seconds, Field(gt=0)] = 120
    redial_count: Annotated[int, Field(ge=1, le=100)] = 2
    redial_window_s: Seconds = 3_600
    closing_limit_s: Annotated[Seconds, Field(gt=0)] = 60


class Recording(Part):
    """Call recording of both parties; it starts after *notice* was played, never before."""

    enabled: bool = True
    notice: Slug = "recording-notice"


class Supervision(Part):
    """Supervisors on operators' calls (ADR 21).

    *shown_to_operator* says whether an operator's screen tells who is on the call; supervisors always see it.
    Their own phone rings for *ring_s* seconds.
    """

    shown_to_operator: bool = True
    ring_s: Annotated[Seconds, Field(ge=5, le=120)] = 20


class Contact(Part):
    """A person or office that the centre can reach (R19)."""

    name: Slug
    title: str
    phone: PhoneNumber | None = None
    fax: PhoneNumber | None = None
    email: EmailStr | None = None


class PriorityCaller(Part):
    """A number whose calls skip greeting and menu and go to the head of *queue* (R19: the city's line)."""

    number: PhoneNumber
    title: str
    queue: Slug
    priority: Annotated[float, Field(ge=0, le=1_000_000)] = 100_000
