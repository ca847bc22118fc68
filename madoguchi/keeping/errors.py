"""The one error of this package."""


class BackupError(Exception):
    """A backup cannot be made or restored; the message is one sentence that says why and what to do."""
