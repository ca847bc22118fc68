"""Alerts open, change and close once each, whoever reports them how often."""

from agents.desk.alerts import Alert, Alerts, Severity


def test_screens_hear_of_an_alert_when_it_opens_changes_and_closes() -> None:
    told: list[Alert] = []
    alerts = Alerts(told.append, clock=iter([10.0, 11.0, 12.0, 13.0]).__next__)
    for _ in range(2):
        alerts.raise_alert("spool.deep", Severity.WARNING, "deep", "spool-deep")
    alerts.raise_alert("spool.deep", Severity.CRITICAL, "deeper", "spool-deep")
    assert [alert.key for alert in alerts.open] == ["spool.deep"]
    for _ in range(2):
        alerts.close("spool.deep")
    assert alerts.open == ()
    assert [(alert.severity, alert.opened_at, alert.closed_at) for alert in told] == [
        ("warning", 10.0, None),
        ("critical", 10.0, None),
        ("critical", 10.0, 13.0),
    ]
