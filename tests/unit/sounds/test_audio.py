"""Sound processing: equally loud, never clipped, no long silences."""

import wave
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sounds import music
from sounds.audio import CEILING_DBFS, SPEECH_DBFS, limited, measured, pcm16, telephone

RATE = 48_000


def tone(seconds: float, level: float, hertz: float = 440) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    at = np.arange(round(seconds * RATE)) / RATE
    return level * np.sin(2 * np.pi * hertz * at)


def pcm_of(contents: dict[str, bytes], form: str) -> tuple[bytes, int]:
    if form == "sln16":
        return contents[form], 16_000
    with wave.open(BytesIO(contents[form])) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        return file.readframes(file.getnframes()), file.getframerate()


@pytest.mark.parametrize("form", ["sln16", "wav"])
@pytest.mark.parametrize("level", [0.02, 0.3, 1.0, 1.5])
def test_any_loudness_becomes_the_telephone_level(form: str, level: float) -> None:
    heard = measured(*pcm_of(telephone(tone(1, level), RATE, pause_s=0.1), form))
    assert heard.active_dbfs == pytest.approx(SPEECH_DBFS, abs=0.3)
    assert heard.clipped == 0


def test_silence_at_both_ends_is_cut_to_what_was_asked_for() -> None:
    silence = np.zeros(RATE)
    heard = measured(
        *pcm_of(telephone(np.concatenate([silence, tone(1, 0.3), silence]), RATE, pause_s=0.2), "sln16")
    )
    assert heard.seconds == pytest.approx(1.23, abs=0.03)
    assert heard.lead_s == pytest.approx(0.03, abs=0.02)
    assert heard.tail_s == pytest.approx(0.2, abs=0.03)


def test_a_cry_in_quiet_speech_stays_below_the_ceiling() -> None:
    samples = tone(2, 0.05)
    samples[RATE : RATE + 480] *= 30
    for form in ("sln16", "wav"):
        heard = measured(*pcm_of(telephone(samples, RATE, pause_s=0), form))
        assert heard.peak_dbfs <= CEILING_DBFS + 0.01


@given(st.lists(st.floats(-4, 4), min_size=1, max_size=400))
def test_no_sample_passes_the_limiter(samples: list[float]) -> None:
    ceiling = 10 ** (CEILING_DBFS / 20)
    assert np.abs(limited(np.array(samples), 16_000)).max() <= ceiling + 1e-9


def test_the_limiter_leaves_quiet_sound_alone() -> None:
    quiet = tone(0.1, 0.5)
    assert np.array_equal(quiet, limited(quiet, RATE))


def test_silence_is_refused() -> None:
    with pytest.raises(ValueError, match="is silent"):
        telephone(np.zeros(RATE), RATE, pause_s=0)


def test_clipping_is_refused() -> None:
    with pytest.raises(ValueError, match="would clip"):
        pcm16(np.array([0.0, 1.0]))


def test_the_music_is_long_enough_even_and_without_a_seam() -> None:
    contents = music.files()
    for form in ("sln16", "wav"):
        pcm, rate = pcm_of(contents, form)
        heard = measured(pcm, rate)
        assert heard.seconds >= 60
        assert heard.active_dbfs == pytest.approx(music.MUSIC_DBFS, abs=0.5)
        assert heard.clipped == 0
        samples = np.frombuffer(pcm, "<i2").astype(float)
        seconds = np.sqrt((samples.reshape(-1, rate) ** 2).mean(axis=1))
        assert seconds.min() > seconds.max() / 8, "the music must never fall silent"
        steps = np.abs(np.diff(samples))
        assert abs(samples[0] - samples[-1]) <= steps.max(), "the loop must not click"


def test_the_last_note_of_the_music_rings_on_under_its_beginning() -> None:
    """The piece ends on a long F5; nothing that starts in the first third of a second holds that pitch."""
    opening = music.composed()[: round(0.35 * 16_000)]
    at = np.arange(len(opening)) / 16_000
    strength = np.abs((opening * np.hanning(len(opening)) * np.exp(-2j * np.pi * 698.46 * at)).mean())
    assert strength > 0.002
