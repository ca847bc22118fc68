"""What operations staff may not write into their own dialplan."""

import pytest

from dialplan import lint

GOOD = """\
[custom-from-operators]
; an echo of one's own voice is not there; the greeting as callers hear it
exten => 71,1,Answer()
 same => n,Playback(/madoguchi/sounds/greeting)
 same => n,Hangup()
exten => _2XX,1,GotoIf($["${CALLERID(num)}" = "201"]?busy)
 same => n,Dial(PJSIP/${FILTER(0-9,${EXTEN})}@desk,20,gm)
 same => n(busy),Busy(5)
include => custom-more
[custom-more]
exten => 79,1,Set(COUNT=1)
 same => n,Goto(custom-from-operators,71,1)
"""


def sentences(text: str, name: str = "own.conf") -> list[str]:
    return [str(finding) for finding in lint({name: text})]


def test_what_is_harmless_passes() -> None:
    assert sentences(GOOD) == []


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("exten => _X.,1,Hangup()", "matches numbers of any length"),
        ("exten => _.,1,Hangup()", "matches numbers of any length"),
        ("exten => _7!,1,Hangup()", "matches numbers of any length"),
        ("exten => 7,1,System(rm -rf /)", "System may not be used"),
        ("exten => 7,1,sYsTem(true)", "may not be used"),
        ("exten => 7,1,TrySystem(true)", "may not be used"),
        ("exten => 7,1,AGI(agi://127.0.0.1)", "may not be used"),
        ("exten => 7,1,Stasis(madoguchi)", "may not be used"),
        ("exten => 7,1,ExecIf(1?System(true))", "may not be used"),
        ("exten => 7,1,MixMonitor(/tmp/x.wav)", "may not be used"),
        ("exten => 7,1,Set(X=${SHELL(true)})", "SHELL may not be used"),
        ("exten => 7,1,Set(X=${CURL(http://example.jp)})", "CURL may not be used"),
        ("exten => 7,1,Set(X=${FILE(/etc/passwd)})", "FILE may not be used"),
        ("exten => 7,1,NoOp(${FILTER(a,${ENV(HOME)})})", "ENV may not be used"),
        ("exten => 7,1,Set(SHELL(x)=1)", "SHELL may not be set"),
        ("exten => 7,1,Set(MADOGUCHI_CALL=1)", "belongs to the centre"),
        ("exten => 7,1,Set(__MADOGUCHI_CALLBACK=0900)", "belongs to the centre"),
        ("exten => 7,1,Set(${X}=1)", "names its variable in letters"),
        ("exten => 7,1,NoOp(${${X}})", "out of another variable"),
        ("exten => _7X,1,Dial(PJSIP/${EXTEN})", "only through a filter"),
        ("exten => _7X,1,Dial(PJSIP/${EXTEN:1}@desk,20)", "only through a filter"),
        ("exten => 7,1,Dial(PJSIP/${X})", "only through a filter"),
        ("exten => 7,1,Dial(PJSIP/0900@trunk-carrier)", "outside lines are the centre's own"),
        ("exten => 7,1,Dial(Local/7@from-trunk)", "outside lines are the centre's own"),
        ("exten => 7,1,Dial(PJSIP/201@desk,20,U(answered))", "Dial's options"),
        ("exten => 7,1,Goto(offer,201*5*1*n,1)", "is not a context of yours"),
        ("exten => 7,1,GotoIf($[1]?from-trunk,7,1)", "is not a context of yours"),
        ("exten => 7,1,Gosub(unserved,s,1(a))", "is not a context of yours"),
        ("exten => 7,1,Goto(${X},7,1)", "is not a context of yours"),
        ("exten => 7,1,Playback(/etc/passwd)", "is no announcement"),
        ("exten => 7,1,Playback(/madoguchi/sounds/../secrets)", "is no announcement"),
        ("include => from-trunk", "may not be included"),
        ("#include extensions.conf", "included by the centre alone"),
        ("#exec /bin/true", "included by the centre alone"),
        ("switch => Realtime/x", "is not used here"),
        ("[offer]", "is not yours to define"),
        ("[general]", "is not yours to define"),
        ("[custom-x](+)", "changes another section"),
        ("exten => 7,1", "has no application"),
        (";-- hidden --;", "Comments over several lines"),
    ],
)
def test_what_opens_something_is_refused_with_its_line(line: str, complaint: str) -> None:
    found = sentences(f"[custom-x]\n{line}\n")
    assert any(complaint in sentence for sentence in found), found
    assert all(sentence.startswith("own.conf:") for sentence in found)


def test_files_are_named_plainly_and_are_short() -> None:
    assert [
        "../x.conf: A file is named with small letters, digits and hyphens, and ends in .conf."
    ] == sentences("", "../x.conf")
    assert "longer than" in sentences("; x\n" * 20_000)[0]
