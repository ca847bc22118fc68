"""Who is told what of an alert, and how often."""

from pathlib import Path

from agents.desk.alerts import Alerts, Severity
from madoguchi.alerts import memory
from madoguchi.alerts.memory import Memory
from madoguchi.alerts.outbox import MOST_WAITING, Event, Outbox


class Story:
    """Alerts that feed an outbox, at a time that a test sets."""

    def __init__(self, group_s: float = 30, quiet_s: float = 3_600) -> None:
        self.now = 1_000.0
        self.outbox = Outbox(group_s, quiet_s)
        self.alerts = Alerts(lambda _: None, clock=lambda: self.now)
        self.alerts.follow(lambda alert: self.outbox.take(alert, self.now))

    def warn(
        self, key: str = "spool.deep", text: str = "deep", severity: Severity = Severity.WARNING
    ) -> None:
        self.alerts.raise_alert(key, severity, text, "spool-deep")

    def mailed(self, after_s: float = 0.0) -> list[str]:
        """Let time pass; return the keys of the e-mail that is due, and send it."""
        self.now += after_s
        told = self.outbox.letter(self.now)
        if told:
            self.outbox.letter_sent(told, self.now)
        return [notice.alert.key for notice in told]

    def called(self) -> list[str]:
        return [notice.event for notice in self.outbox.webhook]


def test_alerts_that_open_together_share_one_mail_and_are_told_once() -> None:
    story = Story()
    story.warn("a")
    story.warn("b")
    assert story.mailed(29) == []
    assert story.mailed(1) == ["a", "b"]
    for number in range(50):
        story.warn("a", text=str(number))
    assert story.mailed(10_000) == []
    assert story.called() == ["opened", "opened"]


def test_what_was_over_before_anybody_was_told_is_not_mailed() -> None:
    story = Story()
    story.warn()
    story.alerts.close("spool.deep")
    assert story.mailed(31) == []
    assert story.called() == ["opened", "closed"]


def test_an_alert_that_comes_and_goes_is_mailed_once_in_a_while() -> None:
    story = Story(group_s=0, quiet_s=3_600)
    mails = 0
    for _ in range(120):
        story.warn()
        mails += len(story.mailed(30))
        story.alerts.close("spool.deep")
        story.mailed(30)
    assert mails == 2


def test_what_becomes_worse_is_told_again_and_asks_for_somebody_anew() -> None:
    story = Story(group_s=0)
    story.warn()
    assert story.mailed() == ["spool.deep"]
    taken = story.alerts.acknowledge("spool.deep", "tanaka")
    assert taken is not None
    assert taken.acknowledged_by == "tanaka"
    assert story.alerts.acknowledge("spool.deep", "mori") == taken
    story.warn(text="deeper")
    assert story.alerts.open[0].acknowledged_by == "tanaka"
    story.warn(severity=Severity.CRITICAL)
    assert story.alerts.open[0].acknowledged_by is None
    assert story.mailed(1) == ["spool.deep"]
    assert story.called() == ["opened", "acknowledged", "worse"]


def test_nobody_acknowledges_what_is_not_open() -> None:
    assert Story().alerts.acknowledge("spool.deep", "tanaka") is None


def test_a_receiver_that_is_gone_fills_nothing() -> None:
    story = Story()
    for number in range(2 * MOST_WAITING):
        story.warn(f"key-{number}")
    assert len(story.outbox.webhook) == len(story.outbox.mail) == MOST_WAITING
    assert story.outbox.webhook[-1].alert.key == f"key-{2 * MOST_WAITING - 1}"


def test_a_restart_tells_nobody_again_and_forgets_nothing(tmp_path: Path) -> None:
    before = Story()
    before.warn("told")
    assert before.mailed(30) == ["told"]
    before.alerts.acknowledge("told", "tanaka")
    before.warn("waiting")
    before.warn("over")
    before.alerts.close("over")
    out = before.outbox
    kept = Memory(
        before.alerts.open, before.alerts.closed[::-1], tuple(out.mail), tuple(out.webhook), out.mailed
    )
    memory.write(tmp_path / "alerts.json", kept.as_bytes())
    assert (tmp_path / "alerts.json").stat().st_mode & 0o777 == 0o600
    read = memory.read(tmp_path / "alerts.json")
    assert (read.open, read.closed) == (kept.open, kept.closed)

    after = Story()
    after.outbox.know({alert.key: alert for alert in read.open})
    after.outbox.mail.extend(read.mail)
    after.outbox.mailed |= read.mailed or {}
    after.alerts.resume(read.open, read.closed)
    after.warn("told")
    assert after.called() == []
    assert after.mailed(60) == ["waiting"]
    assert after.alerts.open[0].acknowledged_by == "tanaka"
    after.alerts.close_unconfirmed()
    assert [alert.key for alert in after.alerts.open] == ["told"]
    assert [alert.key for alert in after.alerts.closed] == ["waiting", "over"]
    assert after.called() == [Event.CLOSED]


def test_a_damaged_file_is_as_good_as_none(tmp_path: Path) -> None:
    for content in (b"", b"{", b"[]", b'{"open": [{"key": 1}]}', b"\xff"):
        (tmp_path / "alerts.json").write_bytes(content)
        assert memory.read(tmp_path / "alerts.json") == Memory()
    assert memory.read(tmp_path / "none.json") == Memory()
