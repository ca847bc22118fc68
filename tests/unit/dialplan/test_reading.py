"""Dialplan files are read as Asterisk reads them."""

from dialplan.reading import Step, entries, includes, steps

TEXT = """\
; a comment
[custom-a]
exten => 71,1,Answer() ; and another
 same => n(again),Playback(/madoguchi/sounds/greeting)
 same => n,Set(CALLERID(name)=a\\;b)
exten => _7X,5,NoOp
exten=72,hint,PJSIP/201
include => custom-b
[custom-b]
exten => 73,1,GotoIf($["${A}" = "(1)"]?x:y)
"""


def read() -> list[Step]:
    return [placed.step for placed in steps(entries(TEXT))]


def test_steps_are_numbered_and_comments_are_gone() -> None:
    assert read() == [
        Step("custom-a", "71", 1, "Answer", ""),
        Step("custom-a", "71", 2, "Playback", "/madoguchi/sounds/greeting"),
        Step("custom-a", "71", 3, "Set", "CALLERID(name)=a;b"),
        Step("custom-a", "_7X", 5, "NoOp", ""),
        Step("custom-b", "73", 1, "GotoIf", '$["${A}" = "(1)"]?x:y'),
    ]


def test_lines_and_inclusions_are_known() -> None:
    assert [placed.line for placed in steps(entries(TEXT))] == [3, 4, 5, 6, 10]
    assert list(includes(entries(TEXT))) == [("custom-a", "custom-b")]
