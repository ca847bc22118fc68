"""Which scenes the demo plays, in which order, for the centre that ``centre.toml`` describes."""

from config.schema import Centre
from config.schema.base import national_digits
from madoguchi.demo.callback_scene import called_back
from madoguchi.demo.phones import RingOut
from madoguchi.demo.scenes import Cast, Played, conversation, gives_up, leaves_message, turned_away
from madoguchi.demo.stage import Stage

NO_KEY, KEY_BOOK, KEY_CHANGE, KEY_CARD, KEY_PORTAL, OPERATOR = "", "1", "2", "3", "4", "0"


class Programme:
    """The scenes. `acts` are played one after another, the scenes of an act at the same time.

    `early` comes before any operator does. `meanwhile` runs beside all acts: it hears every announcement to
    its end, thrice.
    """

    def __init__(self, centre: Centre) -> None:
        self._centre = centre
        number = centre.numbers[0]
        self._menu = next(menu for menu in centre.menus if menu.name == number.menu)

    @property
    def acts(self) -> list[list[Cast]]:
        """Who calls when."""
        return [
            [
                self._books,
                self._cast("Key 4, Mynaportal and others", "09011110002", KEY_PORTAL),
                self._unanswered("One operator does not answer, another takes it", "09011110006", KEY_BOOK),
            ],
            [
                self._cast("Key 0, an operator at once", "09011110004", OPERATOR),
                self._city(),
                self._cast("Withheld number, key 2", None, KEY_CHANGE, hangs_up="agent"),
                self._gives_up,
            ],
        ]

    @property
    def early(self) -> Cast:
        """The caller for whom nobody is there yet."""
        return self._cast("Nobody is there yet: leaves a message", "09011110008", KEY_BOOK)

    @property
    def meanwhile(self) -> Cast:
        """The caller who presses nothing."""
        return self._cast("No key at all: an operator after the repeats", "09011110003", NO_KEY)

    async def finale(self, stage: Stage) -> list[Played]:
        """Play the scene that needs everybody: the citizen who is called back."""
        cast = self._cast("Asks for a callback and gets it", "09011110009", KEY_PORTAL)
        return await called_back(stage, self._centre, cast)

    @property
    def outside_hours(self) -> Cast:
        """The caller who comes too late; the centre is closed meanwhile."""
        return Cast("Outside hours: why, and when it opens", "09011110008", None)

    @property
    def _books(self) -> Cast:
        queue = self._queue(KEY_BOOK)
        return Cast("Key 1: books a day", "09011110001", queue, KEY_BOOK, hangs_up="agent", books=True)

    @property
    def _gives_up(self) -> Cast:
        return self._cast("Hangs up while waiting", "09011110007", KEY_CARD)

    async def play(self, stage: Stage, cast: Cast) -> Played:
        """Play one scene."""
        if cast == self.outside_hours:
            return await turned_away(stage, cast)
        scene = {self._gives_up: gives_up, self.early: leaves_message}.get(cast, conversation)
        return await scene(stage, self._centre, cast)

    def _cast(self, title: str, caller: str | None, keys: str, *, hangs_up: str = "caller") -> Cast:
        return Cast(title, caller, self._queue(keys), keys, hangs_up)

    def _unanswered(self, title: str, caller: str, keys: str) -> Cast:
        return Cast(title, caller, self._queue(keys), keys, "agent", (RingOut(),))

    def _city(self) -> Cast:
        city = self._centre.priority_callers[0]
        return Cast(
            f"{city.title}: straight to the head of the line", national_digits(city.number), city.queue
        )

    def _queue(self, keys: str) -> str:
        choice = self._menu.keys.get(keys)
        return choice.queue if choice is not None and choice.queue is not None else self._menu.operator
