"""ARI over HTTP: one method for each operation that we use, typed answers, typed errors.

It knows Asterisk's words (channels, playbacks), not ours (calls, offers), and never repeats a request by
itself: what may be repeated after a time-out is decided in ``telephony.asterisk.control``.
Source: Asterisk's own ``/ari/api-docs``, and docs/adr/0001-own-ari-client.md for why this is not a library.
"""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

import aiohttp
import orjson
from yarl import URL

from telephony.asterisk import answers
from telephony.asterisk import operations as use
from telephony.asterisk.errors import (
    Conflict,
    DecodeError,
    LoginRefused,
    NotFound,
    Refused,
    Unanswered,
    Unavailable,
)
from telephony.asterisk.http import Answer, Http
from telephony.asterisk.operations import Operation
from telephony.model.ids import LegId, PlaybackId

APPLICATION = "madoguchi"
"""The name of our Stasis application, as the dialplan writes it."""

CONNECTIONS = 32
"""Requests under way at once. Asterisk answers in about 1 ms, so more would only queue inside Asterisk."""

CLOSE_LIMIT_S = 1.0
"""A hung Asterisk does not answer the close frame of a websocket."""

_NOTHING: Mapping[str, str] = {}
_ERRORS: Mapping[int, type[Refused]] = {
    HTTPStatus.UNAUTHORIZED: LoginRefused,
    HTTPStatus.FORBIDDEN: LoginRefused,
    HTTPStatus.NOT_FOUND: NotFound,
    HTTPStatus.CONFLICT: Conflict,
    HTTPStatus.UNPROCESSABLE_ENTITY: NotFound,  # "Event source does not exist"
}


class Ari:
    """The connection pool to one Asterisk; use it as an async context manager.

    Every method raises `Unavailable` when there is no reliable answer (connection, time-out, 5xx), `NotFound`
    or `Conflict` for a leg that is gone or elsewhere, and `Refused` for any other 4xx.
    *url* ends in ``/ari``; *timeout_s* is for one whole request.
    """

    def __init__(self, url: str, user: str, password: str, *, timeout_s: float = 3.0) -> None:
        self.application = APPLICATION
        self._base = URL(url.rstrip("/"))
        self._credentials = {"Authorization": aiohttp.encode_basic_auth(user, password)}
        self._timeout_s = timeout_s
        self._http = self._requests()
        self._session: aiohttp.ClientSession | None = None

    def _requests(self) -> Http:
        if self._base.host is None or self._base.port is None:
            raise ValueError(f"{self._base} is not the address of an Asterisk.")
        headers = "".join(f"{name}: {value}\r\n" for name, value in self._credentials.items()).encode("ascii")
        return Http(self._base.host, self._base.port, headers, most=CONNECTIONS, timeout_s=self._timeout_s)

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            headers=self._credentials, timeout=aiohttp.ClientTimeout(total=self._timeout_s)
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()
        await self._open_session.close()

    @property
    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("Ari is an async context manager: enter it first.")
        return self._session

    # --- Asterisk and our application ------------------------------------------------------------------

    async def info(self) -> answers.Info:
        """Return version and start-up time."""
        return answers.info(await self._ask(use.INFO, query={"only": "system,status"}))

    async def running_modules(self) -> frozenset[str]:
        """Return which modules run, for example ``res_pjsip.so``."""
        return answers.running_modules(await self._ask(use.LIST_MODULES))

    async def load_module(self, name: str) -> None:
        """Load a module; calls in progress go on."""
        await self._tell(use.LOAD_MODULE, {"moduleName": name})

    async def reload_module(self, name: str) -> None:
        """Let a module read its files again, for example ``res_pjsip.so``; calls in progress go on."""
        await self._tell(use.RELOAD_MODULE, {"moduleName": name})

    async def api_docs(self, resource: str) -> Any:
        """Return Asterisk's own description of *resource*, for example ``channels``."""
        return _json(await self._send("GET", f"/api-docs/{resource}.json"), resource)

    async def get_application(self) -> answers.Application:
        """Return what we are subscribed to. Raises `NotFound` while no websocket is connected."""
        return answers.application(await self._ask(use.GET_APPLICATION, self._ours))

    async def allow_events(self, types: Iterable[str]) -> None:
        """Let only events of these *types* through to our websocket."""
        body = {"allowed": [{"type": name} for name in sorted(types)]}
        await self._tell(use.FILTER, self._ours, body=body)

    async def subscribe(self, *legs: LegId) -> None:
        """Receive the events of *legs* wherever they are. If one does not exist, `NotFound` and none is."""
        sources = ",".join(f"channel:{leg}" for leg in legs)
        try:
            await self._tell(use.SUBSCRIBE, self._ours, {"eventSource": sources})
        except NotFound as error:
            if error.status == HTTPStatus.NOT_FOUND:
                raise Unavailable("Our application is not registered: no websocket is connected.") from error
            raise

    async def echo(self) -> None:
        """Let Asterisk send us an event of our own. Raises `NotFound` when our application is gone."""
        await self._tell(use.USER_EVENT, {"eventName": "echo"}, {"application": self.application})

    async def open_events(self, heartbeat_s: float) -> aiohttp.ClientWebSocketResponse:
        """Open our websocket; it closes itself when a ping is not answered in half of *heartbeat_s*."""
        address = use.EVENTS.address({}, {"app": self.application})
        try:
            return await self._open_session.ws_connect(
                URL(f"{self._base}{address}", encoded=True),
                heartbeat=heartbeat_s,
                timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_LIMIT_S),
            )
        except aiohttp.WSServerHandshakeError as error:
            _raise_for(error.status, error.message.encode(), "the websocket")
            raise Unavailable(f"Asterisk did not open the websocket ({error.status}).") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unavailable(f"No websocket to Asterisk: {_reason(error)}") from error

    # --- channels ----------------------------------------------------------------------------------------

    async def channels(self) -> tuple[answers.Channel, ...]:
        """Return every leg that exists, also those outside our application."""
        return tuple(answers.channel(each) for each in await self._ask(use.LIST_CHANNELS))

    async def channel(self, leg: LegId) -> answers.Channel:
        """Return one leg."""
        return answers.channel(await self._ask(use.GET_CHANNEL, _of(leg)))

    async def create(self, leg: LegId, endpoint: str, purpose: str, variables: Mapping[str, str]) -> None:
        """Make a leg to *endpoint* under our id; it is in our application and rings nobody yet.

        `Conflict` when there is one of that id.
        """
        query = {"endpoint": endpoint, "app": self.application, "appArgs": purpose, "channelId": leg}
        await self._tell(use.CREATE, {}, query, {"variables": variables})

    async def dial(self, leg: LegId, timeout_s: int) -> None:
        """Let a leg that was made ring; it is gone when nobody answers in time."""
        await self._tell(use.DIAL, _of(leg), {"timeout": str(timeout_s)})

    async def answer(self, leg: LegId) -> None:
        """Answer; nothing happens to a leg that is up already."""
        await self._tell(use.ANSWER, _of(leg))

    async def hang_up(self, leg: LegId, cause: int) -> None:
        """End the leg with a Q.850 cause. Works for every leg, not only for those in our application."""
        await self._tell(use.HANG_UP, _of(leg), {"reason_code": str(cause)})

    async def continue_in(self, leg: LegId, context: str, extension: str) -> None:
        """Send the leg into the dialplan, as soon as what it is playing ends."""
        await self._tell(use.CONTINUE, _of(leg), {"context": context, "extension": extension})

    async def start_music(self, leg: LegId) -> None:
        """Start music on hold of the default class."""
        await self._tell(use.START_MUSIC, _of(leg))

    async def stop_music(self, leg: LegId) -> None:
        """Stop music on hold; nothing happens without music."""
        await self._tell(use.STOP_MUSIC, _of(leg))

    # --- playbacks -----------------------------------------------------------------------------------------

    async def play(self, leg: LegId, playback: PlaybackId, media: Iterable[str]) -> None:
        """Play *media* (``sound:…``) one after another under our id.

        Asterisk takes an id twice (201 both times) and then plays twice; and it takes sounds that do not
        exist: only the last one's failure shows, in ``PlaybackFinished``.
        """
        await self._tell(use.PLAY, {**_of(leg), "playbackId": playback}, {"media": ",".join(media)})

    async def playback(self, playback: PlaybackId) -> answers.Playback:
        """Return a playback that waits or plays. `NotFound` once it is over."""
        return answers.playback(await self._ask(use.GET_PLAYBACK, {"playbackId": playback}))

    async def stop_playback(self, playback: PlaybackId) -> None:
        """Stop it at once."""
        await self._tell(use.STOP_PLAYBACK, {"playbackId": playback})

    # --- voice messages ------------------------------------------------------------------------------------

    async def record(self, leg: LegId, name: str, limit_s: int, silence_s: int) -> None:
        """Record what the leg says, as WAV below Asterisk's ``recording`` spool.

        ``RecordingFinished`` follows after *limit_s*, *silence_s* of silence, or `stop_recording`. A stored
        one of that *name* is replaced; `Conflict` while one of that name is being made.
        """
        limits = {"maxDurationSeconds": str(limit_s), "maxSilenceSeconds": str(silence_s)}
        query = {"name": name, "format": "wav", "ifExists": "overwrite", **limits}
        await self._tell(use.RECORD, _of(leg), query)

    async def stop_recording(self, name: str) -> None:
        """End it and keep it. `NotFound` when it has ended already."""
        await self._tell(use.STOP_RECORDING, {"recordingName": name})

    async def delete_recording(self, name: str) -> None:
        """Delete a stored one."""
        await self._tell(use.DELETE_RECORDING, {"recordingName": name})

    # --- bridges -------------------------------------------------------------------------------------------

    async def bridges(self) -> tuple[answers.Bridge, ...]:
        """Return every bridge."""
        return tuple(answers.bridge(each) for each in await self._ask(use.LIST_BRIDGES))

    async def delete_bridge(self, bridge: str) -> None:
        """Dissolve a bridge of ours."""
        await self._tell(use.DELETE_BRIDGE, {"bridgeId": bridge})

    # --- how ---------------------------------------------------------------------------------------------

    @property
    def _ours(self) -> Mapping[str, str]:
        return {"applicationName": self.application}

    async def _ask(
        self,
        operation: Operation,
        path: Mapping[str, str] = _NOTHING,
        query: Mapping[str, str] = _NOTHING,
    ) -> Any:
        """Return the JSON that *operation* answers."""
        address = operation.address(path, query)
        return _json(await self._send(operation.method, address), address)

    async def _tell(
        self,
        operation: Operation,
        path: Mapping[str, str],
        query: Mapping[str, str] = _NOTHING,
        body: Any = None,
    ) -> None:
        """Do *operation*. Its answer is not read: a subscription's lists every leg of the application."""
        await self._send(operation.method, operation.address(path, query), body)

    async def _send(self, method: str, address: str, body: Any = None) -> bytes:
        data = None if body is None else orjson.dumps(body)
        answer = await self._answer(method, address, data)
        _raise_for(answer.status, answer.body, f"{method} {address}")
        return answer.body

    async def _answer(self, method: str, address: str, data: bytes | None) -> Answer:
        try:
            return await self._http.send(method, self._base.raw_path + address, data)
        except OSError as error:
            raise Unanswered(f"{method} {address}: {_reason(error)}") from error


def _of(leg: LegId) -> Mapping[str, str]:
    return {"channelId": leg}


def _json(text: bytes, address: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise DecodeError(f"{address} was answered with something that is not JSON.") from error


def _raise_for(status: int, body: bytes, what: str) -> None:
    """Raise what a status of 400 or more means."""
    if status < HTTPStatus.BAD_REQUEST:
        return
    message = f"{what}: {status} {body[:200].decode(errors='replace')}"
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Unavailable(message)
    raise _ERRORS.get(status, Refused)(message, status)


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
