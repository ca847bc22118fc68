"""Which voice speaks the prompts, and how fast. It knows nothing of how speech is made."""

from typing import Annotated

from pydantic import Field, StringConstraints

from config.schema.base import Part


class Speech(Part):
    """The voice of every prompt; a change renders all of them anew.

    *engine* is ``openjtalk`` (in the box, reads Japanese) or ``pyttsx3:<driver>`` for any driver of
    pyttsx3; eSpeak's (``pyttsx3:espeak``) is the last resort. *speed* is relative to the engine's own
    pace; callers are often elderly, so the default is a little slower. *voice* is a driver's voice id.
    """

    engine: Annotated[str, StringConstraints(pattern=r"^(openjtalk|pyttsx3:[a-z][a-z0-9_]*)$")] = "openjtalk"
    speed: Annotated[float, Field(ge=0.5, le=2.0)] = 0.9
    voice: str | None = None
