"""What a waiting caller is told and offered when nobody comes: the overflow steps of a queue (R3)."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from config.schema.base import MenuKey, Part, Seconds, Slug


class Choice(StrEnum):
    """What a key does for somebody who waits; each has its row in ``telephony.model.choosing``."""

    STAY = "stay"
    CALLBACK = "callback"
    SELF_SERVICE = "self-service"
    MESSAGE = "message"
    GUIDANCE = "guidance"


class OverflowKey(Part):
    """One key: *does* says what, *menu* is the guidance menu that ``guidance`` opens."""

    title: str
    does: Choice
    menu: Slug | None = None

    @model_validator(mode="after")
    def _guidance_has_a_menu(self) -> Self:
        if (self.does is Choice.GUIDANCE) != (self.menu is not None):
            raise ValueError("needs menu if it does guidance, and only then")
        return self


class OverflowStep(Part):
    """In force while every condition that it names holds; of several the first one in the list is.

    *after_s* seconds waited, at least *ahead* callers in front, an expected wait over *expected_over_s*
    seconds, *nobody_signed_in* for this queue (whether ready or busy). *announcement* is said first, then
    position and expected wait as far as wanted and known, then *options*, which names the keys.
    """

    after_s: Seconds = 0
    ahead: Annotated[int, Field(ge=1, le=10_000)] | None = None
    expected_over_s: Annotated[Seconds, Field(gt=0)] | None = None
    nobody_signed_in: bool = False
    announcement: Slug = "please-wait"
    position: bool = True
    expected_wait: bool = True
    options: Slug | None = None
    keys: dict[MenuKey, OverflowKey] = Field(default_factory=dict)

    @property
    def always_comes(self) -> bool:
        """Whether waiting alone is enough to reach it."""
        return self.ahead is None and self.expected_over_s is None and not self.nobody_signed_in

    @model_validator(mode="after")
    def _keys_are_told(self) -> Self:
        if bool(self.keys) != (self.options is not None):
            raise ValueError("needs options, the prompt that names its keys, if it has keys, and only then")
        return self


LAST_STEP = OverflowStep(
    after_s=600,
    options="options-stay-message",
    keys={
        "1": OverflowKey(title="待つ", does=Choice.STAY),
        "2": OverflowKey(title="伝言", does=Choice.MESSAGE),
    },
)
"""What a queue has that names no steps: whoever waits for ten minutes may leave a message."""
