"""What this machine must offer, and the sentence for each thing that is missing."""

import socket
import subprocess
from pathlib import Path

import pytest

from config.settings import Settings
from madoguchi.local import machine, ports, postgres
from madoguchi.local.asterisk_root import new_enough
from madoguchi.local.errors import LocalError
from madoguchi.local.packages import keep_default_cluster_away, missing, progress
from madoguchi.local.running import CommandFailedError, run
from madoguchi.local.runtime import LOCAL, runtime_of

ROOT = Path("/cache/asterisk")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Asterisk 22.10.1~dfsg+~cs6.16.60671435-1", "22.10.1"),
        ("Asterisk 22.11.0", "22.11.0"),
        ("Asterisk 23.0.0~rc1", "23.0.0"),
    ],
)
def test_an_asterisk_without_known_holes_is_taken(printed: str, expected: str) -> None:
    assert expected == new_enough(printed, ROOT)


@pytest.mark.parametrize("printed", ["Asterisk 22.10.0", "Asterisk 22.9.1", "Asterisk 20.99.99"])
def test_an_older_asterisk_is_refused_with_the_way_out(printed: str) -> None:
    with pytest.raises(
        LocalError, match=r"in /cache/asterisk is older than 22\.10\.1.*remove that directory"
    ):
        new_enough(printed, ROOT)


def test_an_asterisk_that_does_not_say_its_version_is_refused() -> None:
    with pytest.raises(LocalError, match="does not tell its version, but 'Segmentation fault'"):
        new_enough("Segmentation fault", ROOT)


def test_a_runtime_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    settings = Settings.from_environment({"MADOGUCHI_HOME": str(tmp_path)})
    assert LOCAL == runtime_of(settings, {}).name
    with pytest.raises(
        LocalError, match="RUNTIME=podman is not known; give local or docker, or leave it unset"
    ):
        runtime_of(settings, {"RUNTIME": "podman"})


def test_a_full_disk_is_told_with_figures(tmp_path: Path) -> None:
    machine.require_space(tmp_path / "not" / "there" / "yet", 1, "A test")
    with pytest.raises(
        LocalError, match=r"A test needs 1000000000 MB below .*, but only \d+ MB are free there"
    ):
        machine.require_space(tmp_path, 1_000_000_000, "A test")


def test_another_system_than_debian_is_refused(tmp_path: Path) -> None:
    release = tmp_path / "os-release"
    release.write_text('ID=ubuntu\nID_LIKE="debian"\n', encoding="utf-8")
    machine.require_debian(release)
    release.write_text('ID=fedora\nPRETTY_NAME="Fedora Linux 43"\n', encoding="utf-8")
    with pytest.raises(LocalError, match=r"This is Fedora Linux 43, .* use Debian 12 or newer"):
        machine.require_debian(release)


def _settings(sip: int, http: int) -> Settings:
    return Settings(Path("/home"), Path("/centre.toml"), None, sip, http, http + 1, http + 2)


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (ports.UDP, "Port {}/udp for SIP is taken by another program; .* set MADOGUCHI_SIP_PORT"),
        (ports.TCP, "Port {}/tcp for the console is taken .* set MADOGUCHI_HTTP_PORT"),
    ],
)
def test_a_taken_port_is_named_with_its_variable(kind: socket.SocketKind, sentence: str) -> None:
    with socket.socket(socket.AF_INET, kind) as other:
        other.bind(("127.0.0.1", 0))
        if kind is ports.TCP:
            other.listen()
        taken = other.getsockname()[1]
        free = ports.first_free(30_000, 1_000)
        settings = _settings(taken, free) if kind is ports.UDP else _settings(free, taken)
        with pytest.raises(LocalError, match=sentence.format(taken)):
            ports.require_free(ports.wanted(settings))
    ports.require_free(port for port in ports.wanted(settings) if port.number == taken)


def test_one_port_for_two_purposes_is_refused() -> None:
    settings = Settings(Path("/home"), Path("/centre.toml"), None, 15_060, 30_000, 30_000, 30_001)
    with pytest.raises(
        LocalError, match="MADOGUCHI_HTTP_PORT and MADOGUCHI_ASTERISK_HTTP_PORT are both 30000"
    ):
        ports.require_free(ports.wanted(settings))


def test_a_port_of_udp_does_not_stand_in_the_way_of_tcp() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        assert ports.is_free(other.getsockname()[1], ports.TCP)


def test_the_newest_server_makes_a_cluster_and_its_own_one_runs_it() -> None:
    servers = {15: Path("/15"), 17: Path("/17")}
    assert Path("/17") == postgres.choose(None, servers)
    assert Path("/15") == postgres.choose(15, servers)


def test_somebody_else_than_root_gets_the_bundled_server(tmp_path: Path) -> None:
    servers = postgres.bundled_servers()
    assert max(servers) >= postgres.OLDEST_MAJOR
    cluster = postgres.Cluster(tmp_path, "password", as_postgres=False)
    cluster.choose_port()
    assert cluster.server_argv()[:3] == [str(servers[max(servers)] / "postgres"), "-D", str(cluster.data)]


def test_a_missing_or_old_server_is_told() -> None:
    with pytest.raises(LocalError, match="PostgreSQL 15 or newer is needed; run: apt-get install postgresql"):
        postgres.choose(None, {13: Path("/13")})
    with pytest.raises(LocalError, match=r"made by PostgreSQL 16, .* run: apt-get install postgresql-16"):
        postgres.choose(16, {17: Path("/17")})
    with pytest.raises(LocalError, match=r"at db:5432/city is version 14, .* unset DATABASE_URL"):
        postgres.require_new_enough(140_011, "db:5432/city")
    postgres.require_new_enough(150_000, "db:5432/city")


def test_debian_is_told_not_to_start_a_cluster_of_its_own(tmp_path: Path) -> None:
    settings = tmp_path / "createcluster.conf"
    settings.write_text("# Create one\n#create_main_cluster = true\n\nssl = on\n", encoding="utf-8")
    keep_default_cluster_away(settings)
    assert settings.read_text(encoding="utf-8") == "# Create one\ncreate_main_cluster = false\n\nssl = on\n"


def test_missing_packages_are_found() -> None:
    assert missing(["bash", "madoguchi-no-such-package", "coreutils"]) == ["madoguchi-no-such-package"]


def test_apts_progress_is_understood() -> None:
    assert progress("dlstatus:1:20.5:Retrieving file 1 of 3") == ("Retrieving file 1 of 3", 0.205)
    assert progress("pmstatus:sox:75.0:Unpacking sox (amd64): now") == ("Unpacking sox (amd64): now", 0.75)
    assert progress("Reading package lists...") is None


def test_a_failing_program_says_why() -> None:
    seen: list[str] = []
    with pytest.raises(CommandFailedError) as failure:
        run(["sh", "-c", "echo working; echo no space left >&2; exit 3"], on_line=seen.append)
    assert (seen, failure.value.reason) == (["working", "no space left"], "no space left")


def test_a_program_gets_no_input() -> None:
    assert run(["cat"]) == ""


@pytest.mark.parametrize(
    "script", sorted(Path(machine.__file__).parent.glob("*.sh")), ids=lambda path: path.name
)
def test_every_script_is_plain_shell(script: Path) -> None:
    subprocess.run(["dash", "-n", script], check=True)
