"""The sound of a telephone, against another one."""

import asyncio

from madoguchi.demo.phones import tones
from madoguchi.demo.phones.rtp import Sound
from madoguchi.demo.phones.sdp import Media

HOST, HERTZ = "127.0.0.1", 440


def media_of(sound: Sound) -> Media:
    return Media(HOST, sound.port, 101, "sendrecv")


async def test_an_answer_that_comes_after_the_end_silences_nobody_else() -> None:
    """The clock of all sounds would stop at one that is closed."""
    speaker, ear, late = Sound(HOST), Sound(HOST), Sound(HOST)
    speaker.play(tones.tone(HERTZ))
    speaker.connect(media_of(ear))
    late.play(tones.tone(HERTZ))
    late.close()
    late.connect(media_of(ear))
    async with asyncio.timeout(5):
        heard = await ear.listen(0.2)
    assert tones.share_of_tone(heard, HERTZ) > 0.9
    speaker.close()
    ear.close()
