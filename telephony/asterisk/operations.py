"""Every ARI operation that we use, in one table: the client sends from it, the start-up check reads it.

So what is checked against the running Asterisk (``telephony.asterisk.api_docs``) cannot drift from what is
sent. Paths and names are those of Asterisk's own ``/ari/api-docs``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from urllib.parse import quote

SAFE_IN_VALUE = ":/,*"
"""Characters that Asterisk takes literally in a value, so that media lists stay readable in its log."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path. *query* are the query parameters we send, *body* the body parameter."""

    method: str
    path: str
    query: frozenset[str] = frozenset()
    body: str | None = None

    @property
    def resource(self) -> str:
        """The api-docs file that describes it: the first part of the path."""
        return self.path.split("/")[1]

    @property
    def path_names(self) -> frozenset[str]:
        """The parameters inside the path."""
        return frozenset(name for _, name, _, _ in Formatter().parse(self.path) if name)

    def address(self, path: Mapping[str, str], query: Mapping[str, str]) -> str:
        """Return path and query, percent-encoded. Raises KeyError for a parameter that the table lacks."""
        if unknown := query.keys() - self.query:
            raise KeyError(f"{self.method} {self.path} is not checked for {sorted(unknown)}")
        filled = self.path.format_map({name: quote(value, safe="") for name, value in path.items()})
        if not query:
            return filled
        written = "&".join(f"{name}={quote(value, safe=SAFE_IN_VALUE)}" for name, value in query.items())
        return f"{filled}?{written}"


def _operation(method: str, path: str, *query: str, body: str | None = None) -> Operation:
    return Operation(method, path, frozenset(query), body)


INFO = _operation("GET", "/asterisk/info", "only")
LIST_MODULES = _operation("GET", "/asterisk/modules")
LOAD_MODULE = _operation("POST", "/asterisk/modules/{moduleName}")
RELOAD_MODULE = _operation("PUT", "/asterisk/modules/{moduleName}")

GET_APPLICATION = _operation("GET", "/applications/{applicationName}")
SUBSCRIBE = _operation("POST", "/applications/{applicationName}/subscription", "eventSource")
FILTER = _operation("PUT", "/applications/{applicationName}/eventFilter", body="filter")
EVENTS = _operation("GET", "/events", "app")
USER_EVENT = _operation("POST", "/events/user/{eventName}", "application")

LIST_CHANNELS = _operation("GET", "/channels")
CREATE = _operation(
    "POST", "/channels/create", "endpoint", "app", "appArgs", "channelId", "formats", body="variables"
)
DIAL = _operation("POST", "/channels/{channelId}/dial", "timeout")
GET_CHANNEL = _operation("GET", "/channels/{channelId}")
HANG_UP = _operation("DELETE", "/channels/{channelId}", "reason_code")
ANSWER = _operation("POST", "/channels/{channelId}/answer")
CONTINUE = _operation("POST", "/channels/{channelId}/continue", "context", "extension")
START_MUSIC = _operation("POST", "/channels/{channelId}/moh")
STOP_MUSIC = _operation("DELETE", "/channels/{channelId}/moh")
PLAY = _operation("POST", "/channels/{channelId}/play/{playbackId}", "media")
RECORD = _operation(
    "POST",
    "/channels/{channelId}/record",
    *("name", "format", "maxDurationSeconds", "maxSilenceSeconds", "ifExists"),
)

STOP_RECORDING = _operation("POST", "/recordings/live/{recordingName}/stop")
DELETE_RECORDING = _operation("DELETE", "/recordings/stored/{recordingName}")

GET_PLAYBACK = _operation("GET", "/playbacks/{playbackId}")
STOP_PLAYBACK = _operation("DELETE", "/playbacks/{playbackId}")

LIST_BRIDGES = _operation("GET", "/bridges")
DELETE_BRIDGE = _operation("DELETE", "/bridges/{bridgeId}")

USED = tuple(value for value in list(globals().values()) if isinstance(value, Operation))
"""All of the above."""
