"""ARI over HTTP: what each request does, and how Asterisk refuses it (``res/ari/resource_*.c``)."""

import asyncio
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import orjson

from telephony.asterisk import operations as use
from telephony.asterisk.operations import Operation
from tests.simulation.asterisk.channel import Channel, stamp
from tests.simulation.asterisk.stasis import Command, Playback

if TYPE_CHECKING:
    from tests.simulation.asterisk.server import SimulatedAsterisk

Answer = tuple[int, bytes]
Fields = Mapping[str, str]
VERSION = "22.10.1"

_DONE: Answer = (HTTPStatus.NO_CONTENT, b"")
_NO_CHANNEL: Answer = (HTTPStatus.NOT_FOUND, b'{"message":"Channel not found"}')
_NOT_OURS: Answer = (HTTPStatus.CONFLICT, b'{"message":"Channel not in Stasis application"}')
_NO_PLAYBACK: Answer = (HTTPStatus.NOT_FOUND, b'{"message":"Playback not found"}')
_NO_APPLICATION: Answer = (HTTPStatus.NOT_FOUND, b'{"message":"Application not found"}')
_NO_SOURCE: Answer = (HTTPStatus.UNPROCESSABLE_ENTITY, b'{"message":"Event source does not exist"}')
_NOT_ANSWERED: Answer = (HTTPStatus.INTERNAL_SERVER_ERROR, b'{"message":"Failed to answer channel"}')


class Rest:
    """Carries requests out; only those that the controller's own table of operations names exist."""

    def __init__(self, server: "SimulatedAsterisk") -> None:
        self._server = server
        self._how: Mapping[Operation, Callable[..., Answer | asyncio.Future[Answer]]] = {
            use.INFO: self._info,
            use.GET_APPLICATION: self._get_application,
            use.SUBSCRIBE: self._subscribe,
            use.FILTER: self._filter,
            use.USER_EVENT: self._user_event,
            use.LIST_CHANNELS: self._channels,
            use.GET_CHANNEL: self._channel,
            use.HANG_UP: self._hang_up,
            use.ANSWER: self._answer,
            use.CONTINUE: self._continue,
            use.START_MUSIC: self._start_music,
            use.STOP_MUSIC: self._stop_music,
            use.PLAY: self._play,
            use.GET_PLAYBACK: self._playback,
            use.STOP_PLAYBACK: self._stop_playback,
            use.LIST_BRIDGES: self._bridges,
        }
        self._routes = {_shape(operation.method, operation.path): operation for operation in self._how}

    def request(self, method: str, address: str, body: Any) -> "Answer | asyncio.Future[Answer]":
        """Do it, and return the answer, or a promise of one when it waits behind a playback."""
        parts = urlsplit(address)
        operation = self._routes.get(_shape(method, parts.path))
        if operation is None:
            return HTTPStatus.NOT_FOUND, b'{"message":"Resource not found"}'
        names = operation.path.split("/")
        values = parts.path.split("/")
        path = {n[1:-1]: unquote(v) for n, v in zip(names, values, strict=True) if n.startswith("{")}
        query = {name: value[0] for name, value in parse_qs(parts.query).items()}
        return self._how[operation](path, query, body)

    # --- Asterisk and the application ------------------------------------------------------------------

    def _info(self, *_: Any) -> Answer:
        return _ok({"system": {"version": VERSION}, "status": {"startup_time": stamp(self._server.started)}})

    def _get_application(self, *_: Any) -> Answer:
        if not self._server.application.exists:
            return _NO_APPLICATION
        return _ok({"name": "madoguchi", "channel_ids": [], "events_allowed": []})

    def _subscribe(self, _: Fields, query: Fields, __: Any) -> Answer:
        """Follow all sources, or none when one is missing."""
        application = self._server.application
        if not application.exists:
            return _NO_APPLICATION
        sources = [source.partition(":")[::2] for source in query["eventSource"].split(",")]
        if any(kind == "channel" and name not in self._server.channels for kind, name in sources):
            return _NO_SOURCE
        for kind, name in sources:
            if kind == "channel":
                application.follow(name)
            else:
                application.follow_endpoint(name)
        return _ok({})

    def _filter(self, _: Fields, __: Fields, body: Any) -> Answer:
        if not self._server.application.exists:
            return _NO_APPLICATION
        self._server.application.allow(frozenset(each["type"] for each in body["allowed"]))
        return _ok({})

    def _user_event(self, *_: Any) -> Answer:
        if not self._server.application.exists:
            return _NO_APPLICATION
        self._server.application.send_user_event()
        return _DONE

    # --- legs ------------------------------------------------------------------------------------------

    def _channels(self, *_: Any) -> Answer:
        return _ok([channel.json() for channel in self._server.channels.values()])

    def _channel(self, path: Fields, *_: Any) -> Answer:
        channel = self._server.channels.get(path["channelId"])
        return _NO_CHANNEL if channel is None else _ok(channel.json())

    def _hang_up(self, path: Fields, query: Fields, _: Any) -> Answer:
        channel = self._server.channels.get(path["channelId"])
        if channel is None:
            return _NO_CHANNEL
        channel.deleted = not channel.hung_up
        self._server.hang_up(channel, int(query["reason_code"]))
        return _DONE

    def _in_stasis(self, path: Fields) -> Channel | Answer:
        """Return the leg, or the refusal for one that is gone or elsewhere."""
        channel = self._server.channels.get(path["channelId"])
        if channel is None:
            return _NO_CHANNEL
        return _NOT_OURS if channel.control is None else channel

    def _queue(self, channel: Channel, command: Command) -> None:
        if channel.control is not None:
            channel.control.put(command)

    def _answer(self, path: Fields, *_: Any) -> "Answer | asyncio.Future[Answer]":
        """Answer; the response comes when it is done, behind whatever plays."""
        channel = self._in_stasis(path)
        if not isinstance(channel, Channel):
            return channel
        loop = asyncio.get_running_loop()
        done: asyncio.Future[bool] = loop.create_future()
        answer: asyncio.Future[Answer] = loop.create_future()
        done.add_done_callback(lambda told: answer.set_result(_DONE if told.result() else _NOT_ANSWERED))
        self._queue(channel, Command(self._server.stasis.answer, done))
        return answer

    def _continue(self, path: Fields, query: Fields, _: Any) -> Answer:
        deed = self._server.stasis.going_to(query["context"], query["extension"])
        return self._command(path, Command(deed))

    def _start_music(self, path: Fields, *_: Any) -> Answer:
        return self._command(path, Command(self._server.stasis.music(on=True)))

    def _stop_music(self, path: Fields, *_: Any) -> Answer:
        return self._command(path, Command(self._server.stasis.music(on=False)))

    def _command(self, path: Fields, command: Command) -> Answer:
        """Queue *command* and say that it is done, whatever becomes of it."""
        channel = self._in_stasis(path)
        if not isinstance(channel, Channel):
            return channel
        self._queue(channel, command)
        return _DONE

    # --- playbacks and bridges -------------------------------------------------------------------------

    def _play(self, path: Fields, query: Fields, _: Any) -> Answer:
        channel = self._in_stasis(path)
        if not isinstance(channel, Channel):
            return channel
        playback = Playback(path["playbackId"], channel.id, tuple(query["media"].split(",")))
        if channel.control is not None and not channel.control.finished:
            self._queue(channel, Command(self._server.stasis.add(playback)))
        return HTTPStatus.CREATED, orjson.dumps(playback.json())

    def _playback(self, path: Fields, *_: Any) -> Answer:
        playback = self._server.stasis.find(path["playbackId"])
        return _NO_PLAYBACK if playback is None else _ok(playback.json())

    def _stop_playback(self, path: Fields, *_: Any) -> Answer:
        playback = self._server.stasis.find(path["playbackId"])
        if playback is None:
            return _NO_PLAYBACK
        self._server.stasis.stop(playback)
        return _DONE

    def _bridges(self, *_: Any) -> Answer:
        return _ok(
            [
                {"id": name, "creator": "", "channels": list(legs)}
                for name, legs in self._server.bridges.items()
            ]
        )


def _ok(answer: Any) -> Answer:
    return HTTPStatus.OK, orjson.dumps(answer)


def _shape(method: str, path: str) -> tuple[str, tuple[str, ...], int]:
    """Return what tells our operations apart: the method, and every second part of the path."""
    parts = path.split("/")
    return method, tuple(parts[1::2]), len(parts)
