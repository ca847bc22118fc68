"""The one error of this package. It knows nothing of what is being set up."""


class LocalError(Exception):
    """Something on this machine is missing or in the way; the message says what, and what to do."""
