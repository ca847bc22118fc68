"""What can go wrong between us and Asterisk, as one small hierarchy.

Nothing here knows what a call is; ``telephony.asterisk.control`` translates into the words of
``telephony.ports``.
"""


class AsteriskError(Exception):
    """Asterisk could not be asked, or said no."""


class Unavailable(AsteriskError):
    """No answer that can be relied on: connection lost, time-out, or a 5xx. It may have been done or not."""


class Unanswered(Unavailable):
    """Not even a no: the connection was lost, or the time ran out. What was asked for may still be done."""


class Refused(AsteriskError):
    """Asterisk said no; asking again changes nothing. *status* is the HTTP status, 0 over AMI."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class NotFound(Refused):
    """The thing asked for does not exist, mostly a leg that has just gone."""


class Conflict(Refused):
    """The thing exists but is not in a state for this (409), mostly a leg that is not in ``Stasis``."""


class LoginRefused(Refused):
    """User or password are wrong. Trying again would only fill Asterisk's security log."""


class Replaced(AsteriskError):
    """Another controller took the application over; this one must end and not fight for it."""


class Incompatible(AsteriskError):
    """The running Asterisk lacks what we use; *mismatches* has one sentence for each thing."""

    def __init__(self, mismatches: tuple[str, ...]) -> None:
        super().__init__("\n".join(mismatches))
        self.mismatches = mismatches


class DecodeError(AsteriskError):
    """A message does not have the shape that Asterisk documents for it."""
