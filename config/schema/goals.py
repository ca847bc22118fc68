"""What the centre has promised the city."""

from typing import Annotated

from pydantic import Field

from config.schema.base import Part


class Goals(Part):
    """*answer_rate* is in percent: of calls that reach the centre in open hours, by operators (R15)."""

    answer_rate: Annotated[float, Field(gt=0, le=100)] = 90
