"""Turns written Japanese into text that a speech engine reads correctly. Pure: no engine, no disk."""

from sounds.normaliser.pipeline import MAX_TEXT, speakable

__all__ = ["MAX_TEXT", "speakable"]
