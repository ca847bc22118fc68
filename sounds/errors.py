"""What can go wrong with prompts and speech. Every message is one sentence for the person who can mend it."""


class SoundsError(Exception):
    """The root of this package's errors."""


class TextError(SoundsError):
    """A text that cannot be spoken."""


class PhraseError(SoundsError, ValueError):
    """A prompt's variable is missing, or its value is none that was rendered ahead."""


class SynthesisError(SoundsError):
    """The speech engine cannot be used, or did not make usable speech."""
