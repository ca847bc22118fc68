"""Tones are made, coded and recognised again."""

import numpy as np

from madoguchi.demo.phones import tones


def test_mu_law_keeps_the_sound() -> None:
    ramp = np.linspace(-0.99, 0.99, 2_001)
    assert np.max(np.abs(tones.decode(tones.encode(ramp)) - ramp)) < 0.03


def test_mu_law_codes_are_those_of_g711() -> None:
    assert tones.encode(np.array([0.0, 1.0, -1.0])) == bytes([0xFF, 0x80, 0x00])
    assert round(tones.decode(b"\x80")[0] * tones.FULL_SCALE) == 32_124  # G.711 table 2a, scaled to 16 bits


def test_a_tone_is_told_from_another_and_from_silence() -> None:
    heard = tones.decode(b"".join(tones.tone(440)))
    assert tones.share_of_tone(heard, 440) > 0.99
    assert tones.share_of_tone(heard, 1_000) < 0.01
    silence = tones.decode(tones.SILENCE * 50)
    assert tones.share_of_tone(silence, 440) == 0
    assert tones.loudness(silence) == 0


def test_two_voices_are_both_found_in_a_mixture() -> None:
    mixed = tones.decode(b"".join(tones.tone(440))) + tones.decode(b"".join(tones.tone(1_000)))
    assert 0.4 < tones.share_of_tone(mixed, 440) < 0.6
    assert 0.4 < tones.share_of_tone(mixed, 1_000) < 0.6
