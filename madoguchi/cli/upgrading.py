"""``upgrade``: this version of the programs takes the running centre over, while calls go on."""

import logging

import structlog

from madoguchi.cli import running
from madoguchi.cli.audit import note
from madoguchi.cli.errors import CommandError
from madoguchi.cli.showing import say


def upgrade() -> None:
    """Let this version's programs take over the centre that another version runs; no call notices."""
    from madoguchi.local.centre_contents import CentreContents  # noqa: PLC0415 - a command loads what it needs
    from madoguchi.local.errors import LocalError  # noqa: PLC0415
    from madoguchi.local.steps import Steps  # noqa: PLC0415
    from madoguchi.local.upgrading import HERE  # noqa: PLC0415
    from madoguchi.local.upgrading import upgrade as take_over  # noqa: PLC0415

    # Steps tell what happens; what the parts below log would only tear their lines apart.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    settings = running.settings()
    try:
        take_over(settings, CentreContents(), Steps())
    except LocalError as error:
        raise CommandError(str(error)) from error
    note("cli.upgrade", "upgrade", programs=str(HERE))
    say(f"The programs in {HERE} run the centre now. Asterisk runs on as it was started.")
