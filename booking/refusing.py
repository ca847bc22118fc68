"""The refusals that say what can be had instead."""

from booking.errors import SlotFull
from booking.shapes import Slot
from booking.slots import Slots
from booking.wording import day_and_time
from config.schema.booking import Channel
from storage import Connection

HOLD_GONE = "仮押さえの時間が過ぎたか、ほかの人が引き取りました。もう一度枠を選んでください。"


async def full(
    connection: Connection, slots: Slots, slot: Slot, wanted: tuple[str, int], channel: Channel
) -> SlotFull:
    """Return the refusal for a slot without room for what is *wanted* (a service, for so many people).

    It names the next slot that has room.
    """
    service, people = wanted
    following = await slots.next_free(connection, slot, service, people, channel)
    said = f"{day_and_time(slot.starts_at)} の枠は今ほかの人が確定しました"
    if people > 1:
        said = f"{day_and_time(slot.starts_at)} の枠には{people}人分の空きがありません"
    if following is None:
        return SlotFull(f"{said}。予約できる期間に空きがありません。キャンセル待ちを受け付けられます。")
    elsewhere = "" if following["venue"] == slot.venue else f"（{following['venue_title']}）"
    return SlotFull(
        f"{said}。次に空いているのは {following['written']}{elsewhere} です。", {"next": following}
    )
