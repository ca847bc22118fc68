"""The table of the floor's commands: by which route, how each is typed, and whether it can be taken back.

Pages offer what stands here; tests hold the routes and the command line to it. Who may give a command is
said by its route.
"""

from dataclasses import asdict, dataclass

from aiohttp import web

from agents.web.answers import answer
from agents.web.auditing import RULES
from agents.web.identity import caller_of


@dataclass(frozen=True, slots=True)
class FloorCommand:
    """One command. *title* is what people read, *typed* what follows ``madoguchi``."""

    name: str
    title: str
    method: str
    path: str
    typed: str
    undo: bool = False


COMMANDS = (
    FloorCommand(
        "pause-queue",
        "待ち列を止める",
        "POST",
        "/api/queues/{name}/pause",
        "queue NAME pause [--until T]",
        undo=True,
    ),
    FloorCommand(
        "resume-queue",
        "待ち列を再開する",
        "POST",
        "/api/queues/{name}/resume",
        "queue NAME resume",
        undo=True,
    ),
    FloorCommand(
        "limit-queue",
        "待ち列の上限を変える",
        "POST",
        "/api/queues/{name}/limit",
        "queue NAME limit COUNT|none [--until T]",
        undo=True,
    ),
    FloorCommand(
        "tier-queue",
        "受ける人の範囲を変える",
        "POST",
        "/api/queues/{name}/tiers",
        "queue NAME tiers SECONDS:WEIGHT…|none [--until T]",
        undo=True,
    ),
    FloorCommand(
        "move-call",
        "待っている呼を動かす",
        "POST",
        "/api/calls/{id}/move",
        "call ID move QUEUE",
        undo=True,
    ),
    FloorCommand(
        "give-call", "待っている呼を渡す", "POST", "/api/calls/{id}/give", "call ID give NAME [--even-away]"
    ),
    FloorCommand(
        "remove-call",
        "待っている呼を終える",
        "POST",
        "/api/calls/{id}/remove",
        "call ID remove [--message ID]",
    ),
    FloorCommand("hang-up-call", "通話を切る", "POST", "/api/calls/{id}/hangup", "call ID hangup"),
    FloorCommand(
        "supervise-call",
        "聞く・ささやく・割り込む・引き取る",
        "POST",
        "/api/calls/{id}/supervision",
        "listen CALL --as NAME",
    ),
    FloorCommand(
        "leave-call",
        "聞くのをやめる",
        "DELETE",
        "/api/calls/{id}/supervision",
        "leave CALL --as NAME",
    ),
    FloorCommand(
        "cancel-callback",
        "折り返しを取り消す",
        "POST",
        "/api/callbacks/{id}/cancel",
        "callback ID cancel",
    ),
    FloorCommand(
        "set-state",
        "担当者の状態を変える",
        "POST",
        "/api/agents/{name}/state",
        "agent pause NAME --reason R",
        undo=True,
    ),
    FloorCommand(
        "change-agent",
        "担当者の技能・経験を変える",
        "PATCH",
        "/api/agents/{name}",
        "agent set NAME --skill S=W",
        undo=True,
    ),
    FloorCommand("notice", "全員の画面に知らせる", "POST", "/api/notices", "notice TEXT"),
    FloorCommand(
        "open-or-close",
        "臨時に開く・閉じる",
        "POST",
        "/api/hours/overrides",
        "close --until T",
        undo=True,
    ),
    FloorCommand(
        "cancel-opening",
        "臨時の開閉を取り消す",
        "DELETE",
        "/api/hours/overrides/{id}",
        "hours --cancel ID",
    ),
    FloorCommand(
        "emergency",
        "災害時の案内に切り替える",
        "POST",
        "/api/emergency",
        "emergency on|off",
        undo=True,
    ),
    FloorCommand("undo", "直前の操作を取り消す", "POST", "/api/undo", "undo [TOKEN]"),
)


async def list_commands(request: web.Request) -> web.Response:
    """The commands that whoever asks may give."""
    role = caller_of(request).role
    allowed = {
        (route.method, route.path)
        for route in request.app[RULES]
        if route.allow is not None and role in route.allow
    }
    own = [asdict(command) for command in COMMANDS if (command.method, command.path) in allowed]
    return answer({"commands": own})
