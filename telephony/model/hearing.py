"""What the caller hears: words or music, one at a time, and never silence while waiting."""

from collections.abc import Iterable, Mapping

from telephony.model.call import Call
from telephony.model.commands import Play, StartMusic, StopMusic, StopPlaying
from telephony.model.floor import Floor


def say(  # noqa: PLR0913 - whom, what, and two rare wishes
    floor: Floor,
    call: Call,
    prompts: Iterable[str],
    variables: Mapping[str, object] | None = None,
    recorded: str | None = None,
    *,
    promises: bool = False,
) -> None:
    """Say *prompts* one after another, after the message *recorded*, in place of whatever is heard now.

    With *promises* they are said only when everything recorded so far is durable.
    """
    hush(floor, call)
    sounds = tuple(sound for prompt in prompts for sound in floor.voice.phrase(prompt, variables))
    call.playback = floor.new_playback()
    floor.do(Play(call.id, call.playback, sounds, recorded, promises))


def say_between_music(
    floor: Floor, call: Call, prompts: Iterable[str], variables: Mapping[str, object] | None = None
) -> None:
    """Say *prompts* to somebody who waits; the music after them is ordered with them."""
    say(floor, call, prompts, variables)
    call.music = True
    floor.do(StartMusic(call.id, after_words=True))


def hush(floor: Floor, call: Call) -> None:
    """Stop whatever is heard; Asterisk would queue the next command behind it."""
    if call.playback is not None:
        floor.do(StopPlaying(call.id, call.playback))
        call.playback = None
    if call.music:
        floor.do(StopMusic(call.id))
        call.music = False


def music(floor: Floor, call: Call) -> None:
    """Music on hold, unless something is heard already."""
    if not call.music and call.playback is None:
        call.music = True
        floor.do(StartMusic(call.id))
