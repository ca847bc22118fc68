"""Makes ``pyttsx3.init("openjtalk")`` work: our driver, found where pyttsx3 looks for its own."""

from pathlib import Path

import pyttsx3.drivers

USUAL_RATE = 200
"""pyttsx3's pace when nothing is set, in words per minute; a driver's own pace goes with it."""

_DRIVERS = Path(__file__).with_name("pyttsx3_drivers")


def make_selectable() -> None:
    """Add our drivers' folder to the package where pyttsx3 looks drivers up. Twice is harmless."""
    folder = str(_DRIVERS)
    if folder not in pyttsx3.drivers.__path__:
        pyttsx3.drivers.__path__.append(folder)
