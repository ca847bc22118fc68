"""The menu: put the question, take the key, repeat within reason, and then an operator (R3)."""

from config.schema import Menu
from telephony.model.call import Call
from telephony.model.callbacks import join_line
from telephony.model.events import CallArrived, CallTimerFired, KeyPressed, PlaybackEnded, Timer
from telephony.model.floor import Floor
from telephony.model.guide import tell
from telephony.model.hearing import hush, say
from telephony.model.ids import MenuName, QueueName
from telephony.model.states import CallState

OPERATOR_KEY = "0"
BACK_KEY = "*"


def enter(floor: Floor, call: Call, menu: Menu) -> None:
    """Put this menu's question, unless the caller has already typed the answer."""
    call.menu, call.attempts = menu, 0
    floor.note(call, "menu.entered", menu=menu.name)
    floor.move(call, CallState.MENU)
    if call.typed_ahead is not None:
        key, call.typed_ahead = call.typed_ahead, None
        _take(floor, call, menu, key)
    else:
        _ask(floor, call, menu)


def _ask(floor: Floor, call: Call, menu: Menu, first: str | None = None) -> None:
    say(floor, call, (menu.prompt,) if first is None else (first, menu.prompt))
    floor.arm(call, Timer.KEY, floor.plan.calling.greeting_limit_s)


def on_question_put(floor: Floor, call: Call, event: PlaybackEnded) -> None:
    """The question was heard: now the caller has *timeout_s* to press a key."""
    del event
    call.playback = None
    floor.arm(call, Timer.KEY, _menu(call).timeout_s)


def on_entered_again(floor: Floor, call: Call, event: CallArrived) -> None:
    """The caller fell out of our hands and is back: put the question again."""
    del event
    call.playback = None
    _ask(floor, call, _menu(call))


def on_key(floor: Floor, call: Call, event: KeyPressed) -> None:
    """A key in the menu; with barge-in it stops the question."""
    menu = _menu(call)
    if call.playback is not None and not menu.barge_in:
        return
    hush(floor, call)
    _take(floor, call, menu, event.key)


def on_no_key(floor: Floor, call: Call, event: CallTimerFired) -> None:
    """No key came in time."""
    del event
    _try_again(floor, call, _menu(call), "no-key")


def _take(floor: Floor, call: Call, menu: Menu, key: str) -> None:
    understood = key in (OPERATOR_KEY, BACK_KEY) or key in menu.keys
    floor.note(call, "menu.key", menu=menu.name, key=key, understood=understood)
    if key == BACK_KEY:
        _back(floor, call, menu)
    elif key == OPERATOR_KEY:
        call.menu_path.append(key)
        join_line(floor, call, QueueName(menu.operator))
    elif (choice := menu.keys.get(key)) is None:
        _try_again(floor, call, menu, "invalid-key")
    elif choice.queue is not None:
        call.menu_path.append(key)
        join_line(floor, call, QueueName(choice.queue))
    elif choice.menu is not None:
        call.menu_path.append(key)
        call.menus_before.append(menu)
        enter(floor, call, floor.menus[MenuName(choice.menu)])
    elif (guide := floor.guides.get(choice.guide or "")) is not None:
        call.menu_path.append(key)
        tell(floor, call, guide)
    else:  # published away meanwhile
        _try_again(floor, call, menu, "invalid-key")


def _back(floor: Floor, call: Call, menu: Menu) -> None:
    if call.menus_before:
        call.menu_path.pop()
        menu = call.menus_before.pop()
    enter(floor, call, menu)


def _try_again(floor: Floor, call: Call, menu: Menu, remark: str) -> None:
    call.attempts += 1
    if call.attempts > menu.repeats:
        join_line(floor, call, QueueName(menu.operator))
    else:
        _ask(floor, call, menu, remark)


def _menu(call: Call) -> Menu:
    if call.menu is None:
        raise RuntimeError(f"call {call.id} is in no menu")  # the table allows no such event
    return call.menu
