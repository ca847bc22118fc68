"""The whole examination, in the order in which a person would look."""

from config.settings import Settings
from madoguchi.doctor import asterisk, clock, on_disk, services
from madoguchi.doctor.finding import Finding


def examine(settings: Settings) -> list[Finding]:
    """Look at everything. Never raises for something that is broken: that is a finding."""
    centre, findings = on_disk.configuration(settings)
    findings.append(services.programs(settings))
    run = services.running(settings)
    url = settings.database_url if run is None else run["database"]
    if run is not None:
        findings.append(services.readiness(run["http"]))
    if url is not None:
        findings += services.database(url)
    if run is not None:
        findings += asterisk.asterisk(asterisk.cli_of(run["asterisk"]["cli"]), centre)
    if centre is not None:
        findings.append(on_disk.prompts(settings, centre))
    if settings.home.exists():
        findings += [on_disk.disk(settings), on_disk.permissions(settings), *on_disk.spools(settings)]
    findings += [
        on_disk.emergency(settings),
        services.certificate(settings.public_url),
        clock.clock(),
    ]
    return findings
