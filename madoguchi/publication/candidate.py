"""A version that somebody would like to publish: what it means for Asterisk, and everything wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from config.loading import ConfigError
from config.places import line_of
from config.schema import Agent, Centre
from config.settings import Settings
from dialplan import Finding, Inventory, Secrets, lint, meant, render
from madoguchi.publication.source import Source
from sounds import catalogue


@dataclass(frozen=True, slots=True)
class Candidate:
    """A source without mistakes of ours, rendered for the present *roster*."""

    source: Source
    plan: Centre
    roster: tuple[Agent, ...]
    files: dict[str, str]

    @property
    def meant(self) -> Inventory:
        """What Asterisk must have once it has read the files."""
        return meant(self.files, self.plan, self.roster)


class Mistakes(Exception):
    """The source cannot be published; *findings* has everything that is wrong."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = tuple(findings)


def candidate(source: Source, roster: Sequence[Agent], settings: Settings, secrets: Secrets) -> Candidate:
    """Return *source* rendered. Raises `Mistakes` with everything that can be seen without an Asterisk."""
    findings = lint(source.custom)
    plan = None
    try:
        plan = source.plan(settings)
    except ConfigError as error:
        file = settings.centre_file.name
        found = (
            Finding(file, line_of(source.centre, each), str(each), each.japanese) for each in error.problems
        )
        findings = [*found, *findings]
    else:
        problems = (
            *catalogue.load(plan).problems,
            *_homeless(plan, roster),
            *_without_password(plan, secrets),
        )
        findings = [*(Finding(settings.centre_file.name, 0, problem) for problem in problems), *findings]
    if plan is None or findings:
        raise Mistakes(findings)
    files = render(plan, roster, settings, secrets, source.custom)
    return Candidate(source, plan, tuple(roster), files)


def _without_password(plan: Centre, secrets: Secrets) -> list[str]:
    """Return a sentence for each trunk that registers without a password."""
    return [
        f"trunks has {trunk.name!r}, which registers, and MADOGUCHI_HOME/trunks/{trunk.name}.secret "
        "is no usable password: one line of ASCII, readable by its owner alone (chmod 600)."
        for trunk in plan.trunks
        if trunk.registration is not None and trunk.name not in secrets.trunks
    ]


def _homeless(plan: Centre, roster: Sequence[Agent]) -> list[str]:
    """Return a sentence for each operator of the living roster whose level would be gone."""
    levels = {level.name for level in plan.levels}
    return [
        f"levels lacks {agent.level!r}, which {agent.name} has; give {agent.name} another one first."
        for agent in roster
        if agent.level not in levels
    ]
