"""What a command says when it cannot do what was asked."""


class CommandError(Exception):
    """Refused or failed; the message is one sentence for the person at the keyboard."""

    def __init__(self, sentence: str, status: int = 1) -> None:
        super().__init__(sentence)
        self.status = status


class CentreDown(CommandError):
    """The centre is not running, or does not answer."""


class WrongUsage(CommandError):
    """The command line is not one that can be carried out."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, status=2)
