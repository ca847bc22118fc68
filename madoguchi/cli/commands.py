"""All commands of ``madoguchi``, by name."""

import typer

from madoguchi.cli import (
    accounts,
    alerts,
    audit,
    booking,
    callbacks,
    cases,
    deliveries,
    doctor,
    explain,
    figures,
    floor,
    hours,
    keeping,
    knowledge,
    operations,
    outreach,
    people,
    publishing,
    quality,
    queue,
    replay,
    reports,
    supervision,
    trace,
    transferring,
    upgrading,
    voice,
)

app = typer.Typer(
    name="madoguchi",
    help="The city's reservation centre: calls, people, configuration.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

for command in (
    floor.status,
    floor.queues,
    floor.calls,
    floor.call,
    floor.notice,
    alerts.alerts,
    alerts.alert,
    floor.undo,
    queue.queue,
    supervision.listen,
    supervision.whisper,
    supervision.barge,
    supervision.takeover,
    supervision.leave,
    transferring.transfer,
    transferring.consult,
    callbacks.callbacks,
    callbacks.callback,
    figures.figures,
    people.agents,
    accounts.accounts,
    hours.close,
    hours.hours,
    hours.emergency,
    explain.explain,
    replay.replay,
    booking.slots,
    booking.reserve,
    booking.reservation,
    deliveries.deliveries,
    deliveries.delivery,
    knowledge.referrals,
    operations.asterisk,
    doctor.doctor,
    trace.trace,
    keeping.backup,
    keeping.restore,
    upgrading.upgrade,
):
    app.command()(command)

app.command(name="open")(hours.open_)

for group, name in (
    (accounts.account, "account"),
    (people.agent, "agent"),
    (operations.config, "config"),
    (publishing.dialplan, "dialplan"),
    (operations.export, "export"),
    (knowledge.knowledge, "knowledge"),
    (outreach.outreach, "outreach"),
    (quality.quality, "quality"),
    (reports.report, "report"),
    (voice.sounds, "sounds"),
):
    app.add_typer(group, name=name, no_args_is_help=True)


app.add_typer(audit.audit, name="audit")
app.add_typer(cases.cases, name="cases")
