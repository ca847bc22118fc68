"""Speech engines: OpenJTalk itself, and the same voice through pyttsx3."""

import wave
from pathlib import Path

import numpy as np
import pytest
import pyttsx3

import sounds
from config.schema import Speech
from sounds.engines import choose, fingerprint
from sounds.engines.pyttsx3_driver import make_selectable
from sounds.errors import SynthesisError

TEXT = "松阪市でございます。"


@pytest.mark.parametrize("engine", ["openjtalk", "pyttsx3:openjtalk"])
def test_an_engine_speaks_at_the_speed_that_is_set(engine: str, tmp_path: Path) -> None:
    seconds = {}
    for speed in (0.8, 1.6):
        recording = choose(Speech(engine=engine, speed=speed), tmp_path).speak(TEXT)
        assert np.abs(recording.samples).max() > 0.1
        seconds[speed] = len(recording.samples) / recording.rate
    assert seconds[0.8] / seconds[1.6] == pytest.approx(2, abs=0.3)


def test_our_driver_is_selectable_by_name_in_plain_pyttsx3(tmp_path: Path) -> None:
    make_selectable()
    engine = pyttsx3.init("openjtalk")
    heard: list[tuple[str, object]] = []
    engine.connect("started-utterance", lambda name: heard.append(("started", name)))
    engine.connect(
        "finished-utterance", lambda name, completed: heard.append((f"finished {name}", completed))
    )
    engine.save_to_file(TEXT, str(tmp_path / "a.wav"), "greeting")
    engine.save_to_file(TEXT, str(tmp_path / "b.wav"))
    engine.runAndWait()
    assert heard == [
        ("started", "greeting"),
        ("finished greeting", True),
        ("started", None),
        ("finished None", True),
    ]
    assert (tmp_path / "a.wav").read_bytes() == (tmp_path / "b.wav").read_bytes()
    with wave.open(str(tmp_path / "a.wav")) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    assert 3000 < np.abs(samples).max() < 32_767
    assert [voice.id for voice in engine.getProperty("voices")] == ["mei_normal"]


def test_a_driver_s_failure_is_told(tmp_path: Path) -> None:
    engine = choose(Speech(engine="pyttsx3:openjtalk"), tmp_path)
    with pytest.raises(SynthesisError, match="The pyttsx3 driver 'openjtalk' did not speak '☎'"):
        engine.speak("☎")
    assert len(engine.speak(TEXT).samples)


def test_an_engine_that_is_not_installed_is_one_sentence_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(SynthesisError, match=r"'pyttsx3:sapi5' cannot be used here .* as the last resort\.$"):
        choose(Speech(engine="pyttsx3:sapi5"), tmp_path)


def test_the_fingerprint_changes_with_the_voice() -> None:
    voices = [Speech(), Speech(speed=1), Speech(engine="pyttsx3:espeak"), Speech(voice="ja")]
    assert len({fingerprint(voice) for voice in voices}) == len(voices)


@pytest.mark.parametrize(("form", "bytes_per_second"), [("sln16", 32_000), ("wav", 16_000)])
def test_say_writes_telephone_sound(form: str, bytes_per_second: int, tmp_path: Path) -> None:
    sounds.say("8:30からです。", tmp_path / f"said.{form}")
    assert 1 < (tmp_path / f"said.{form}").stat().st_size / bytes_per_second < 4


def test_say_refuses_a_form_that_asterisk_would_not_find(tmp_path: Path) -> None:
    with pytest.raises(SynthesisError, match=r"said\.mp3 ends in neither \.wav nor \.sln16"):
        sounds.say(TEXT, tmp_path / "said.mp3")
