"""What an operator notes of a call, into the call's own record. A My Number is refused here, too."""

from aiohttp import web

from agents.web.answers import nothing
from booking.office import Office
from booking.web.calls import check_call
from booking.web.reading import body_of, who_of
from booking.wishes import CallNote


class CallNoteHandlers:
    """The handlers."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def write(self, request: web.Request) -> web.Response:
        """Write the note down; a later one of the same call replaces what is shown, and none is lost."""
        wish, who, call = await body_of(request, CallNote), who_of(request), request.match_info["id"]
        await check_call(self._office.calls, call, who)
        self._office.calls.write_down(call, who.user, wish.text)
        return nothing()
