"""Building: parallel, resumable, instant when nothing changed, and harmless when a prompt is wrong."""

import shutil
import stat
import wave
from pathlib import Path

import pytest

from sounds import BuildResult, build, catalogue
from sounds.audio import CEILING_DBFS, SPEECH_DBFS, Measurement, measured
from sounds.errors import SoundsError
from tests.unit.sounds.centres import centre

SMALL = """
[greeting]
text = "{centre}でございます。"
[menu-main]
text = "ご予約は、1番。"
[recording-notice]
text = "録音します。"
[please-wait]
text = "お待ちください。"
"""


EMERGENCY = {"message": "please-wait"}
"""The small catalogue has no prompt for a disaster."""


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the catalogue small; return a folder in which nothing is built yet."""
    file = tmp_path / "catalogue.toml"
    file.write_text(SMALL, "utf-8")
    monkeypatch.setattr(catalogue, "CATALOGUE_FILE", file)
    return tmp_path


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the small catalogue built, to copy and not to change."""
    folder = tmp_path_factory.mktemp("built")
    file = folder / "catalogue.toml"
    file.write_text(SMALL, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "CATALOGUE_FILE", file)
        build_in(folder)
    return folder


@pytest.fixture
def built(small: Path, built_once: Path) -> Path:
    """Return a folder of this test's own in which the small catalogue is built."""
    shutil.copytree(built_once / "cache", small / "cache")
    build_in(small)
    return small


def build_in(room: Path, **changes: object) -> BuildResult:
    return build(centre(emergency=EMERGENCY, **changes), room / "sounds", cache=room / "cache")


def heard_in(path: Path) -> Measurement:
    if path.suffix == ".sln16":
        return measured(path.read_bytes(), 16_000)
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 8_000)
        return measured(file.readframes(file.getnframes()), 8_000)


def test_both_forms_are_published_readable_for_asterisk_and_a_second_build_is_instant(small: Path) -> None:
    seen: list[tuple[int, int]] = []
    first = build(
        centre(emergency=EMERGENCY),
        small / "sounds",
        lambda done, total, _what: seen.append((done, total)),
        cache=small / "cache",
    )
    assert (first.sounds, first.rendered, first.published, first.problems) == (6, 6, 6, ())
    assert seen == [(done, 6) for done in range(1, 7)]
    files = sorted(path.relative_to(small / "sounds").as_posix() for path in (small / "sounds").rglob("*.*"))
    names = ["beep", "greeting", "menu-main", "moh/madoguchi", "please-wait", "recording-notice"]
    assert files == [f"{name}.{form}" for name in names for form in ("sln16", "wav")]
    assert {stat.S_IMODE((small / "sounds" / file).stat().st_mode) for file in files} == {0o644}
    assert stat.S_IMODE((small / "sounds" / "moh").stat().st_mode) == 0o755

    second = build_in(small)
    assert (second.rendered, second.published, second.problems) == (0, 0, ())
    assert second.seconds < 1


def test_an_interrupted_build_goes_on_where_it_was(small: Path) -> None:
    def interrupt(done: int, _total: int, _what: str) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(centre(emergency=EMERGENCY), small / "sounds", interrupt, cache=small / "cache")
    assert not (small / "sounds").exists()
    rest = build_in(small)
    assert 0 < rest.rendered + 1 <= 6
    assert rest.rendered < 6
    assert (rest.published, rest.problems) == (6, ())


def test_one_wrong_prompt_is_one_sentence_and_the_rest_is_built(built: Path) -> None:
    before = (built / "sounds" / "please-wait.wav").read_bytes()
    result = build_in(built, prompts={"please-wait": "ーーー", "greeting": "ようこそ。", "goodbye": "電話☎"})
    assert (result.rendered, result.published) == (1, 1)
    assert result.problems == (
        "prompts.goodbye: The text has '☎' at place 3, which nobody can say; use words.",
        "please-wait: OpenJTalk finds nothing to say in 'ーーー'.",
    )
    assert (built / "sounds" / "please-wait.wav").read_bytes() == before


def test_a_changed_text_replaces_the_sound_but_not_under_a_call_that_plays_it(built: Path) -> None:
    with (built / "sounds" / "greeting.sln16").open("rb") as playing:
        first_half = playing.read(1000)
        build_in(built, prompts={"greeting": "ようこそ。"})
        whole = first_half + playing.read()
    assert heard_in(built / "sounds" / "greeting.sln16").seconds < len(whole) / 32_000
    build_in(built)
    assert (built / "sounds" / "greeting.sln16").read_bytes() == whole


def test_a_lost_or_damaged_file_is_mended(built: Path) -> None:
    (built / "sounds" / "greeting.wav").unlink()
    (built / "sounds" / "menu-main.wav").unlink()
    (built / "sounds" / "menu-main.wav").write_bytes(b"")
    for emptied in (built / "cache").glob("*/*.sln16"):
        emptied.write_bytes(b"")
        break
    result = build_in(built)
    assert result.rendered == 1
    assert all(path.stat().st_size > 1000 for path in (built / "sounds").rglob("*.*"))


def test_a_new_voice_renders_everything_but_music_and_beep(built: Path) -> None:
    assert build_in(built, speech={"speed": 1.2}).rendered == 4


def test_a_disk_that_cannot_be_written_to_is_one_sentence(small: Path) -> None:
    (small / "cache").write_text("in the way", "utf-8")
    with pytest.raises(SoundsError, match=r"^Sounds cannot be written to .*: Not a directory\.$"):
        build_in(small)


def test_an_engine_that_is_not_there_is_said_once_per_prompt_with_the_way_out(small: Path) -> None:
    result = build_in(small, speech={"engine": "pyttsx3:nosuch"})
    assert len(result.problems) == 4
    assert all("set engine under [speech] in centre.toml" in problem for problem in result.problems)


def test_the_cache_may_be_on_another_disk(built: Path) -> None:
    shutil.rmtree(built / "sounds")
    other = Path("/dev/shm") / built.name  # noqa: S108  (a second file system, of this test alone)
    try:
        assert build(centre(emergency=EMERGENCY), other, cache=built / "cache").published == 6
        assert build(centre(emergency=EMERGENCY), other, cache=built / "cache").published == 0
    finally:
        shutil.rmtree(other)


def test_every_sound_of_the_centre_is_unclipped_equally_loud_and_without_long_silences(
    tmp_path: Path,
) -> None:
    """Uses the machine's cache: what a build before has rendered is only measured here."""
    result = build(centre(), tmp_path)
    assert result.problems == ()
    files = list(tmp_path.glob("*.*"))
    assert len(files) == 2 * (result.sounds - 1)
    for path in files:
        heard = heard_in(path)
        assert heard.clipped == 0, path.name
        assert heard.peak_dbfs <= CEILING_DBFS + 0.01, path.name
        assert heard.active_dbfs == pytest.approx(SPEECH_DBFS, abs=0.5), path.name
        assert heard.lead_s <= 0.15, path.name
        assert heard.tail_s <= 0.6, path.name
        assert 0.2 <= heard.seconds <= 40, path.name
