"""What calls are judged by when somebody listens to them: the form of the scorecard."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from config.schema.base import Part, Slug


class Criterion(Part):
    """One line of the form: from 0 to *most* points; *hint* says what full points look like."""

    name: Slug
    title: Annotated[str, Field(min_length=1, max_length=60)]
    most: Annotated[int, Field(ge=1, le=100)] = 5
    hint: Annotated[str, Field(max_length=200)] = ""


class Quality(Part):
    """``[quality]``. Without criteria calls can be heard and marked, but not scored."""

    criteria: tuple[Criterion, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        names = [criterion.name for criterion in self.criteria]
        if len(set(names)) < len(names):
            raise ValueError("has criteria of the same name; each needs its own")
        return self
