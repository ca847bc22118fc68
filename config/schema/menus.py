"""Menus as data: which key leads where (R3)."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from config.schema.base import MenuKey, Part, Seconds, Slug


class MenuChoice(Part):
    """What one key does: exactly one of *queue* (wait there), *menu* (go on asking) or *guide* (listen)."""

    title: str
    queue: Slug | None = None
    menu: Slug | None = None
    guide: Slug | None = None

    @model_validator(mode="after")
    def _leads_to_one_place(self) -> Self:
        if [self.queue, self.menu, self.guide].count(None) != 2:  # noqa: PLR2004 - one of three is there
            raise ValueError("needs exactly one of queue, menu or guide")
        return self


class Menu(Part):
    """One question put to the caller.

    ``0`` always reaches an operator (queue *operator*) and ``*`` always goes back, so neither
    may stand in *keys*. After *repeats* silent or wrong answers the caller is put through to *operator*.
    """

    name: Slug
    prompt: Slug
    operator: Slug
    timeout_s: Annotated[Seconds, Field(gt=0)] = 5.0
    repeats: Annotated[int, Field(ge=0, le=9)] = 2
    barge_in: bool = True
    keys: dict[MenuKey, MenuChoice]
