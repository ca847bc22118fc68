"""The doctor at a real Asterisk: it reads the words that this version prints."""

from madoguchi.doctor import Health
from madoguchi.doctor.asterisk import asterisk as look_at
from tests.asterisk_fixture import RunningAsterisk, small_centre


def test_a_real_asterisk_is_read(asterisk: RunningAsterisk) -> None:
    found = {finding.what: finding for finding in look_at(asterisk.cli, small_centre())}
    assert {"asterisk", "trunk: carrier", "trunk: standby", "phones"} == found.keys()
    assert Health.OK is found["asterisk"].health
    assert Health.OK is found["trunk: carrier"].health
    assert "No phone is registered." == found["phones"].said


def test_an_asterisk_without_the_trunk_is_red(asterisk: RunningAsterisk) -> None:
    def without(line: str) -> str:
        said = asterisk.cli(line)
        return said.replace("trunk-carrier", "trunk-gone") if "endpoints" in line else said

    found = {finding.what: finding for finding in look_at(without, small_centre())}
    assert Health.RED is found["trunk: carrier"].health
