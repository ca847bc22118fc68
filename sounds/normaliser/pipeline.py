"""The normaliser as a whole. The order matters: telephone numbers go first, or dates eat their hyphens."""

from sounds.normaliser.calendar_words import say_calendar
from sounds.normaliser.cleaning import MAX_TEXT, clean
from sounds.normaliser.counter_words import say_counters
from sounds.normaliser.phone_words import say_phones

__all__ = ["MAX_TEXT", "speakable"]


def speakable(text: str) -> str:
    """Return *text* so that the engine reads it as a person would. Raises `TextError`."""
    return say_counters(say_calendar(say_phones(clean(text))))
