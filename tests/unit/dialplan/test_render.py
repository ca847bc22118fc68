"""What Asterisk is told, as text: who gets in, on which ports, and that no caller's text is evaluated."""

import configparser
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

import dialplan
from dialplan import Secrets
from tests.unit.dialplan.small import SECRETS, agent, centre, settings

HOME = Path("/srv/centre")


@pytest.fixture(scope="module")
def files() -> Mapping[str, str]:
    return dialplan.render(centre(), [agent("201"), agent("202")], settings(HOME), SECRETS)


def lines(text: str) -> list[str]:
    """Return what Asterisk reads: no comments, no empty lines."""
    return [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith(";")]


def section(text: str, heading: str) -> list[str]:
    """Return the lines below the first *heading*."""
    rest = lines(text)[lines(text).index(heading) + 1 :]
    return rest[: next((place for place, line in enumerate(rest) if line.startswith("[")), len(rest))]


def test_every_port_is_that_of_the_environment_and_nothing_listens_beyond_loopback(
    files: Mapping[str, str],
) -> None:
    assert "bind = 127.0.0.1:5060" in files["pjsip.conf"]
    assert {"bindaddr = 127.0.0.1", "bindport = 8088"} <= set(lines(files["http.conf"]))
    assert {"bindaddr = 127.0.0.1", "port = 5038"} <= set(lines(files["manager.conf"]))
    assert "0.0.0.0:" not in "".join(files.values())


def test_two_copies_side_by_side_use_different_ports_for_sound() -> None:
    ranges = set()
    for port in (5060, 15_060, 15_160, 15_260, 15_360):
        text = dialplan.render(centre(), [], settings(HOME, port), SECRETS)["rtp.conf"]
        first, last = map(int, re.findall(r"^rtp(?:start|end) = (\d+)", text, re.MULTILINE))
        assert 1024 < first < last < 65_536
        ranges.add((first, last))
    assert len(ranges) == 5


def test_the_carrier_is_known_by_its_address_alone(files: Mapping[str, str]) -> None:
    endpoint = section(files["pjsip.conf"], "[trunk-carrier]")
    assert {"identify_by = ip", "context = from-trunk", "trust_id_inbound = yes"} <= set(endpoint)
    assert not [line for line in endpoint if line.startswith(("auth", "aors", "outbound_auth"))]
    assert "match = 127.0.0.2/32" in lines(files["pjsip.conf"])


def test_the_dialplan_knows_how_many_calls_the_trunk_carries(files: Mapping[str, str]) -> None:
    assert "set_var = MADOGUCHI_LIMIT=30" in section(files["pjsip.conf"], "[trunk-carrier]")


def test_an_operator_is_a_browser_and_a_desk_phone_with_one_password(files: Mapping[str, str]) -> None:
    text = files["pjsip_agents.conf"]
    for heading in ("[201](browser)", "[201@desk](desk)"):
        assert section(text, heading) == ["auth = 201", "aors = 201"]
    assert section(text, "[browser](!,phone)") == ["webrtc = yes"]
    assert "domain = desk" in lines(files["pjsip.conf"])


def test_phones_speak_what_the_carriers_speak_so_that_nothing_is_translated() -> None:
    trunks = [
        {"name": "a", "addresses": ["127.0.0.2"], "codecs": ["ulaw"]},
        {"name": "b", "addresses": ["127.0.0.4"], "codecs": ["g722", "ulaw"]},
    ]
    text = dialplan.render(centre(trunks=trunks), [], settings(HOME), SECRETS)["pjsip_agents.conf"]
    assert {"disallow = all", "allow = ulaw,g722"} <= set(section(text, "[phone](!)"))


def test_passwords_of_phones_stand_nowhere_only_their_digests(files: Mapping[str, str]) -> None:
    assert "correct horse" not in "".join(files.values())
    # RFC 7616, 3.4.2: the digest of "201:madoguchi:correct horse", as `md5sum` says it.
    assert "password_digest = MD5:23e30cff0625d0bae0e76d71ff132a35" in files["pjsip_agents.conf"]


def test_a_password_with_any_characters_cannot_add_a_line() -> None:
    plain = dialplan.render(centre(), [agent("201")], settings(HOME), SECRETS)["pjsip_agents.conf"]
    hostile = agent("201", 'x;"\n[evil]\ntype = endpoint')
    text = dialplan.render(centre(), [hostile], settings(HOME), SECRETS)["pjsip_agents.conf"]
    assert len(text.splitlines()) == len(plain.splitlines())
    assert "evil" not in text


def test_passwords_that_would_break_asterisks_files_are_refused() -> None:
    with pytest.raises(ValueError, match="letters, digits"):
        Secrets(ari_password="good", ami_password="bad\nread = all")


def test_an_operator_without_password_cannot_be_rendered() -> None:
    with pytest.raises(ValueError, match="op201 has no SIP password"):
        dialplan.render(centre(), [agent("201", None)], settings(HOME), SECRETS)


def test_the_order_of_the_roster_changes_nothing(files: Mapping[str, str]) -> None:
    again = dialplan.render(centre(), [agent("202"), agent("201")], settings(HOME), SECRETS)
    assert again == files


def test_only_listed_modules_are_loaded(files: Mapping[str, str]) -> None:
    text = lines(files["modules.conf"])
    assert "autoload = no" in text
    loaded = [line.removeprefix("load = ") for line in text if line.startswith("load = ")]
    assert len(set(loaded)) == len(loaded)
    assert not {"func_shell.so", "app_system.so", "func_evalexten.so", "app_exec.so"} & set(loaded)


def test_nothing_in_the_dialplan_runs_programs_or_evaluates_text(files: Mapping[str, str]) -> None:
    text = files["extensions.conf"]
    assert 2 == text.count("AGI(agi://${MADOGUCHI_RESCUE}/callback)")  # over TCP, to a process of ours
    text = text.replace("AGI(agi://${MADOGUCHI_RESCUE}/callback)", "")
    assert not re.search(r"\b(System|TrySystem|Exec\w*|SHELL|EVAL\w*|AGI|Macro)\(", text)


PRESENTATION = "${CALLERID(num-pres)}"
"""One of Asterisk's own words (``allowed``, ``prohib_passed_screen`` …), whatever the caller sends."""

FILTERED = "${FILTER(0-9,${EXTEN})}"
"""What an operator's phone transfers to: digits only."""

OUTSIDE = re.compile(r"\b(CALLERID|CONNECTEDLINE|REDIRECTING|PJSIP_HEADER|CHANNEL\(pjsip)|\$\{EXTEN\b")
"""What a caller can choose."""

ENCODED = re.compile(
    r"\$\{URIENCODE\(\$\{(EXTEN|CALLERID\(num\)|CHANNEL\(pjsip,call-id\))\}\)\}",
)
"""The only way in which it may stand in a line: percent-encoded, as a whole."""


def test_what_a_caller_sends_is_never_put_into_a_line_unencoded(files: Mapping[str, str]) -> None:
    code = "\n".join(lines(files["extensions.conf"]))
    assert len(ENCODED.findall(code)) == 5
    assert code.count(FILTERED) == 1
    assert not OUTSIDE.search(ENCODED.sub("", code).replace(PRESENTATION, "").replace(FILTERED, ""))


def test_a_bracket_that_a_caller_sends_keeps_nothing_else_from_being_set(files: Mapping[str, str]) -> None:
    several = re.findall(r"MSet\((.*)\)$", "\n".join(lines(files["extensions.conf"])), re.MULTILINE)
    encoded = [step for step in several if ENCODED.search(step)]
    assert 2 == len(encoded)
    for step in encoded:
        assert ENCODED.fullmatch(step.rpartition("=")[2]), "it comes last"
        assert 1 == len(ENCODED.findall(step))


def test_the_extension_is_split_only_where_it_is_our_own(files: Mapping[str, str]) -> None:
    text = files["extensions.conf"]
    for context in re.split(r"^\[", text, flags=re.MULTILINE)[1:]:
        name, _, body = context.partition("]")
        assert ("CUT(EXTEN" in body) == (name in {"offer", "supervise"})  # and the ways out, below


def test_no_key_does_anything_in_a_call(files: Mapping[str, str]) -> None:
    code = "\n".join(lines(files["extensions.conf"]))
    dialled = re.findall(r"Dial\(.*\},(gm.*)\)$", code, re.MULTILINE)
    assert 1 == code.count("Dial(")
    assert dialled == ['gmI${IF($["${CUT(EXTEN,*,4)}" = "r"]?U(answered))}']
    features = configparser.ConfigParser(allow_no_value=True)
    features.read_string("\n".join(lines(files["features.conf"])))
    assert set(dict(features["featuremap"]).values()) == {""}


def test_who_did_not_ask_to_be_called_hears_no_words_about_having_asked(files: Mapping[str, str]) -> None:
    called = files["extensions.conf"].partition("[called]")[2].partition("\n[")[0]
    noted, asked, greeting, notice = lines(called)[:4]
    assert "DB(madoguchi/answered/" in noted
    assert asked.endswith('GotoIf($["${MADOGUCHI_ASKED_FOR}" = "no"]?notice)')
    assert "callback-greeting" in greeting
    assert "n(notice)" in notice


def test_every_variable_that_the_dialplan_reads_is_set_somewhere() -> None:
    files = dialplan.render(centre(trunks=WITH_A_WAY_OUT), [], settings(HOME), SECRETS)
    text = files["extensions.conf"] + files["pjsip.conf"]
    (shown,) = re.findall(r"^channelvars = (.*)$", files["ari.conf"], re.MULTILINE)
    read = set(re.findall(r"[$@]\{(MADOGUCHI_\w+)\}", text)) | set(shown.split(","))
    written = set(re.findall(r"(?:[(,]_*|set_var = )(MADOGUCHI_\w+)=", text))
    on_legs_that_we_make = {"MADOGUCHI_ASKED_FOR", "MADOGUCHI_CALLBACK", "MADOGUCHI_LEG"}
    by_our_processes = {f"MADOGUCHI_{name}" for name in ("DRIVER", "RESCUE", "ASKED", "VOICES", "ROOM")}
    assert read == written | by_our_processes | on_legs_that_we_make | {"MADOGUCHI_KEY"}


def test_operators_phones_can_dial_nothing(files: Mapping[str, str]) -> None:
    assert section(files["extensions.conf"], "[from-operators]") == ["include => turned-away"]
    assert section(files["extensions.conf"], "[turned-away]") == ["exten => _.,1,Hangup(21)"]


WITH_A_WAY_OUT = [
    {"name": "carrier", "addresses": ["127.0.0.2"], "outbound": {"address": "127.0.0.2", "port": 5070}},
    {"name": "other", "addresses": ["127.0.0.4"], "outbound": {"address": "127.0.0.4"}},
    {"name": "silent", "addresses": ["127.0.0.5"]},
]


def test_how_a_call_of_ours_ends_is_noted_before_a_controller_is_asked_and_when_the_operator_leaves() -> None:
    files = dialplan.render(centre(trunks=WITH_A_WAY_OUT), [], settings(HOME), SECRETS)
    way_out = section(files["extensions.conf"], "[callback-carrier]")
    pushed = next(n for n, line in enumerate(way_out) if "hangup_handler_push)=noted,s,1" in line)
    dials = next(n for n, line in enumerate(way_out) if ",Dial(" in line)
    noted = next(n for n, line in enumerate(way_out) if "Gosub(noted,s,1(" in line)
    told = next(n for n, line in enumerate(way_out) if "Stasis(madoguchi,called," in line)
    assert pushed < dials < noted < told


def test_without_a_way_out_nothing_can_be_dialled_but_operators(files: Mapping[str, str]) -> None:
    assert "[callback-" not in files["extensions.conf"]


def test_the_only_way_out_dials_the_one_number_that_the_leg_was_made_for() -> None:
    files = dialplan.render(centre(trunks=WITH_A_WAY_OUT), [], settings(HOME), SECRETS)
    text = files["extensions.conf"]
    dialled = re.findall(r"Dial\(PJSIP/([^\n]*)\)", "\n".join(lines(text)))
    ways_out = [each for each in dialled if "@trunk-" in each]
    assert [each.split(",")[0] for each in ways_out] == [
        "${MADOGUCHI_NUMBER}@trunk-carrier",
        "${MADOGUCHI_NUMBER}@trunk-other",
    ] * 2
    to_referrals, to_citizens = ways_out[:2], ways_out[2:]
    assert [each.rpartition("},")[2] for each in to_referrals] == [
        "gmf(${FILTER(0-9,${CUT(EXTEN,*,2)})})"
    ] * 2
    assert [each.rpartition(",")[2] for each in to_citizens] == ["gU(called)"] * 2
    contacts = [line for line in lines(files["pjsip.conf"]) if line.startswith("contact = ")]
    assert contacts == ["contact = sip:127.0.0.2:5070", "contact = sip:127.0.0.4:5060"]
    body = section(text, "[callback-carrier]")
    number = body.index("same => n,Set(MADOGUCHI_NUMBER=${FILTER(0-9,${CUT(EXTEN,*,1)})})")
    guard = next(place for place, line in enumerate(body) if '!= "${MADOGUCHI_CALLBACK}"' in line)
    assert number < guard < next(place for place, line in enumerate(body) if "Dial(" in line)


def test_calls_are_put_through_to_the_referral_list_and_to_no_other_number() -> None:
    place = {"name": "koseki", "title": "課", "topics": ["戸籍"], "when": "戸籍"}
    referrals = [
        place | {"number": "0598-00-0001"},
        place | {"name": "toll", "number": "0570-000-000", "transfer": False},
    ]
    way_out = centre(trunks=WITH_A_WAY_OUT, referrals=referrals)
    text = dialplan.render(way_out, [], settings(HOME), SECRETS)["extensions.conf"]
    assert section(text, "[referrals]") == ["exten => 0598000001,1,NoOp()"]
    body = section(text, "[referral-carrier]")
    guard = next(place for place, line in enumerate(body) if "DIALPLAN_EXISTS(referrals,${MADOGUCHI_" in line)
    assert body[guard].endswith("?:after)"), "whatever is not on the list goes back"
    assert guard < next(place for place, line in enumerate(body) if "Dial(" in line)


def test_nothing_in_the_dialplan_leads_to_the_way_out() -> None:
    text = dialplan.render(centre(trunks=WITH_A_WAY_OUT), [], settings(HOME), SECRETS)["extensions.conf"]
    assert not re.search(
        r"(Goto|GotoIf|Gosub|include|switch)[^\n]*(callback|referral)-", "\n".join(lines(text))
    )


def with_trunk(**more: object) -> Mapping[str, str]:
    """Render a centre with a trunk of another kind behind its carrier."""
    trunks = [
        {
            "name": "carrier",
            "addresses": ["127.0.0.2"],
            "outbound": {"address": "127.0.0.2", "backup": "other"},
        },
        {"name": "other", "addresses": ["127.0.0.4"], "outbound": {"address": "127.0.0.4"}} | more,
    ]
    secrets = replace(SECRETS, trunks={"other": "pass;word"})
    return dialplan.render(centre(trunks=trunks), [], settings(HOME), secrets)


def test_a_call_that_one_trunk_does_not_take_goes_to_the_one_behind_it() -> None:
    files = with_trunk()
    body = section(files["extensions.conf"], "[callback-carrier]")
    assert [line.partition("Dial(")[2].split(",")[0] for line in body if "Dial(" in line] == [
        "PJSIP/${MADOGUCHI_NUMBER}@trunk-carrier",
        "PJSIP/${MADOGUCHI_NUMBER}@trunk-other",
    ]
    assert "same => n,Set(GROUP(trunk)=other)" in body
    behind = section(files["extensions.conf"], "[callback-other]")
    assert len([line for line in behind if "Dial(" in line]) == 1


def test_a_trunk_over_tls_has_a_transport_whose_name_says_all_of_it() -> None:
    files = with_trunk(transport="tls", listen="192.0.2.1", listen_port=5061, encrypted=True)
    transport = section(files["pjsip.conf"], "[tls-192-0-2-1-5061]")
    assert {"protocol = tls", "bind = 192.0.2.1:5061", "verify_server = yes"} <= set(transport)
    endpoint = section(files["pjsip.conf"], "[trunk-other]")
    assert {
        "transport = tls-192-0-2-1-5061",
        "media_encryption = sdes",
        "media_address = 192.0.2.1",
    } <= set(endpoint)
    assert "contact = sip:127.0.0.4:5060\\;transport=tls" in lines(files["pjsip.conf"])


def test_a_trunk_that_registers_has_its_password_in_the_private_file_alone() -> None:
    account = {"server": "sip.example.jp", "user": "0598000000"}
    way = {"address": "127.0.0.4", "account": True, "domain": "example.jp", "identity": "p-preferred"}
    files = with_trunk(registration=account, outbound=way)
    assert "password = pass\\;word" in lines(files["pjsip_trunks.conf"])
    assert not [name for name, text in files.items() if "pass\\;word" in text and name != "pjsip_trunks.conf"]
    assert "server_uri = sip:sip.example.jp:5060" in lines(files["pjsip_trunks.conf"])
    endpoint = section(files["pjsip.conf"], "[trunk-other]")
    assert {"from_user = 0598000000", "from_domain = example.jp"} <= set(endpoint)
    assert section(files["extensions.conf"], "[identity-other]")[0] == (
        "exten => s,1,Set(PJSIP_HEADER(add,P-Preferred-Identity)=<sip:${ARG1}@example.jp>)"
    )


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"transport": "tls"}, "needs listen_port"),
        ({"encrypted": True}, "needs transport tls"),
        ({"qualify_s": 5, "outbound": None}, "needs outbound"),
        ({"outbound": {"address": "127.0.0.4", "account": True}}, "needs registration"),
    ],
)
def test_a_trunk_whose_parts_do_not_fit_is_said_to_be(more: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        with_trunk(**more)


def test_a_phone_that_falls_silent_is_hung_up_sooner_than_one_on_hold(files: Mapping[str, str]) -> None:
    phone = section(files["pjsip_agents.conf"], "[phone](!)")
    assert {"rtp_timeout = 60", "rtp_timeout_hold = 1800"} <= set(phone)
