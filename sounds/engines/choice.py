"""Which engine speaks. Naming one is cheap; it is loaded only when there is something to say."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from config.schema import Speech
from sounds import dictionary
from sounds.engines.protocol import Synthesizer
from sounds.errors import SynthesisError

_PYTTSX3 = "pyttsx3:"


def fingerprint(speech: Speech) -> str:
    """Return what changes whenever *speech* could sound different: voice, settings, versions, readings."""
    versions = [f"{package} {_version(package)}" for package in ("pyopenjtalk-plus", "pyttsx3")]
    return "\n".join([speech.model_dump_json(), *versions, dictionary.fingerprint()])


def choose(speech: Speech, cache: Path) -> Synthesizer:
    """Load the engine that *speech* names; *cache* keeps its compiled dictionary. Raises `SynthesisError`."""
    try:
        if speech.engine.startswith(_PYTTSX3):
            from sounds.engines.pyttsx3_engine import Pyttsx3Engine  # noqa: PLC0415  (loads the engine)

            return Pyttsx3Engine(speech.engine.removeprefix(_PYTTSX3), speech, cache)
        from sounds.engines.openjtalk import OpenJTalk  # noqa: PLC0415  (takes 1.5 s to load)

        return OpenJTalk(speech.speed, cache)
    except (ImportError, OSError, RuntimeError) as error:
        raise SynthesisError(
            f"The speech engine {speech.engine!r} cannot be used here ({error}); install it, or set "
            "engine under [speech] in centre.toml, with 'pyttsx3:espeak' as the last resort."
        ) from error


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"
