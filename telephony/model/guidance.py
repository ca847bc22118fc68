"""Somebody listens to guidance, from a menu or while waiting (R3).

Who waits keeps the place in line; an operator who becomes free takes them out of the guidance (``matching``).
"""

from config.schema import Menu, OverflowKey
from telephony.model import menu as menus
from telephony.model.call import Call, Listening, Verdict
from telephony.model.callbacks import join_line
from telephony.model.ending import abandonment, close_book, end_with_words, leave_line, verdict_of_leaving
from telephony.model.events import CallArrived, CallerLeft, CallTimerFired, KeyPressed, PlaybackEnded
from telephony.model.facts import EndedBy, Outcome
from telephony.model.floor import Floor
from telephony.model.guide import arm_listening, listen, listen_until, tell
from telephony.model.hearing import hush, music
from telephony.model.ids import MenuName, QueueName
from telephony.model.matching import serve_call
from telephony.model.waiting import open_due_tiers, stay_in_line, wait_or_be_served

AGAIN_KEY = "1"


def begin(floor: Floor, call: Call, key: OverflowKey) -> None:
    """Open the guidance menu for somebody who waits."""
    if key.menu is not None and (found := floor.menus.get(MenuName(key.menu))) is not None:
        call.menu, call.attempts = found, 0
        _ask(floor, call, found)
    else:  # published away meanwhile
        stay_in_line(floor, call)


def _ask(floor: Floor, call: Call, menu: Menu, *before: str) -> None:
    listen(floor, call, Listening.QUESTION, (*before, menu.prompt))


def on_heard(floor: Floor, call: Call, event: PlaybackEnded) -> None:
    """The words ended. A guide heard to its end is what the caller may have called for."""
    call.playback = None
    if call.listening is Listening.GUIDE:
        if event.heard:
            call.guided = True
            floor.note(call, "guidance.heard", guide=None if call.guide is None else call.guide.name)
        listen(floor, call, Listening.AFTERWARDS, ("guide-after",))
        return
    if call.id in floor.line:
        music(floor, call)
    listen_until(floor, call, _menu(call).timeout_s)


def on_key(floor: Floor, call: Call, event: KeyPressed) -> None:
    """A key: an operator, back, the next guide, or once more."""
    menu = _menu(call)
    choice = menu.keys.get(event.key)
    if event.key == menus.OPERATOR_KEY:
        _to_operator(floor, call, menu)
    elif event.key == menus.BACK_KEY:
        _back(floor, call, menu)
    elif call.listening is Listening.QUESTION and choice is not None and choice.guide is not None:
        _go(floor, call, menu, event.key)
        guide = floor.guides.get(choice.guide)
        if guide is None:  # published away meanwhile
            _ask(floor, call, menu, "invalid-key")
        else:
            tell(floor, call, guide)
    elif call.listening is Listening.AFTERWARDS and event.key == AGAIN_KEY and call.guide is not None:
        tell(floor, call, call.guide)


def _go(floor: Floor, call: Call, menu: Menu, key: str) -> None:
    """Note a key that led on."""
    floor.note(call, "menu.key", menu=menu.name, key=key, understood=True)
    call.menu_path.append(key)


def _to_operator(floor: Floor, call: Call, menu: Menu) -> None:
    hush(floor, call)
    if call.id in floor.line:
        stay_in_line(floor, call)
    else:
        _go(floor, call, menu, menus.OPERATOR_KEY)
        join_line(floor, call, QueueName(menu.operator))


def _back(floor: Floor, call: Call, menu: Menu) -> None:
    if call.listening is not Listening.QUESTION:
        call.menu_path = call.menu_path[:-1]
        floor.note(call, "menu.key", menu=menu.name, key=menus.BACK_KEY, understood=True)
        hush(floor, call)
        if call.id in floor.line:
            _ask(floor, call, menu)
        else:
            menus.enter(floor, call, menu)
    else:
        stay_in_line(floor, call)


def on_due(floor: Floor, call: Call, event: CallTimerFired) -> None:
    """A tier opens for somebody who waits; or no key came, or the sound was lost on the way."""
    del event
    if call.id in floor.line:
        open_due_tiers(floor, call)
        if serve_call(floor, call):
            return
    if call.listen_until is not None and floor.now < call.listen_until:
        arm_listening(floor, call)
    elif call.listening is Listening.GUIDE:
        listen(floor, call, Listening.AFTERWARDS, ("guide-after",))
    elif call.id in floor.line:
        _try_again(floor, call, _menu(call))
    else:
        verdict = Verdict(Outcome.GUIDED if call.guided else Outcome.ABANDONED, EndedBy.SYSTEM)
        end_with_words(floor, call, verdict, ["goodbye"])


def _try_again(floor: Floor, call: Call, menu: Menu) -> None:
    call.attempts += 1
    if call.listening is Listening.QUESTION and call.attempts <= menu.repeats:
        _ask(floor, call, menu, "no-key")
    else:
        stay_in_line(floor, call)


def on_entered_again(floor: Floor, call: Call, event: CallArrived) -> None:
    """The caller fell out of our hands and is back: in line with music, else the guide once more."""
    del event
    call.playback, call.music = None, False
    if call.id in floor.line:
        wait_or_be_served(floor, call)
    elif call.guide is not None:
        tell(floor, call, call.guide)


def on_left(floor: Floor, call: Call, event: CallerLeft) -> None:
    """The caller hung up: served, if a guide was heard to its end."""
    leave_line(floor, call, "guided" if call.guided else "abandoned")
    outcome = Outcome.GUIDED if call.guided else abandonment(floor, call)
    close_book(floor, call, verdict_of_leaving(event, outcome))


def _menu(call: Call) -> Menu:
    if call.menu is None:
        raise RuntimeError(f"call {call.id} listens and came from no menu")  # nothing leads here without
    return call.menu
