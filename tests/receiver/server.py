"""The receiver: checks the signature, takes each key once, and misbehaves by chance.

A ``tests.receiver.nursery`` program: PORT DATABASE SECRET FAULTS SEED. FAULTS is how often (0 to 1) a request
meets with one. What it got stands in DATABASE (SQLite), also what it holds against the sender.
"""

import asyncio
import hashlib
import hmac
import os
import random
import signal
import socket
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

import orjson
from aiohttp import web

TABLES = """
CREATE TABLE IF NOT EXISTS got (
    place INTEGER PRIMARY KEY, key TEXT UNIQUE, reservation TEXT, version INTEGER, body BLOB
);
CREATE TABLE IF NOT EXISTS faults (kind TEXT);
CREATE TABLE IF NOT EXISTS counted (name TEXT PRIMARY KEY, count INTEGER);
CREATE TABLE IF NOT EXISTS complaints (what TEXT);
CREATE TABLE IF NOT EXISTS full (reservation TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS broken (key TEXT PRIMARY KEY);
"""
BEFORE = ("fails before", "too busy", "cuts before", "dies before")
AFTER = ("fails after", "cuts after", "dies after", "answers late")
FAULTS = (*BEFORE, *AFTER, *("fails before", "cuts before", "fails after", "cuts after") * 12, "too busy")
"""Deaths and late answers are rarer: birth, and the sender's patience, are real time."""

LATE_S = 1.0
TOLERANCE_S = 300


@dataclass
class Prepared:
    """What every life of the receiver shares."""

    listening: socket.socket
    file: Path
    secret: bytes
    often: float
    seed: str


def prepare(port: str, file: str, secret: str, often: str, seed: str) -> Prepared:
    """Listen; requests that come while nobody lives wait in the queue."""
    listening = socket.create_server(("127.0.0.1", int(port)), backlog=64)
    prepared = Prepared(listening, Path(file), secret.encode(), float(often), seed)
    with _open(prepared.file) as database:
        database.executescript(TABLES)
    return prepared


def live(prepared: Prepared) -> None:
    """Serve until killed."""
    asyncio.run(_serve(prepared))


async def _serve(prepared: Prepared) -> None:
    application = web.Application()
    application.router.add_post("/changes", Receiver(prepared).take)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.SockSite(runner, prepared.listening).start()
    await asyncio.Event().wait()


def _open(file: Path) -> sqlite3.Connection:
    database = sqlite3.connect(file, isolation_level=None, timeout=10)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = OFF")  # it is killed, its machine is not
    return database


class Receiver:
    """One life."""

    def __init__(self, prepared: Prepared) -> None:
        self._secret, self._often, self._seed = prepared.secret, prepared.often, prepared.seed
        self._database = _open(prepared.file)

    async def take(self, request: web.Request) -> web.Response:
        body, key = await request.read(), request.headers.get("Idempotency-Key", "")
        if not self._signed(request, key, body):
            self._database.execute("INSERT INTO complaints VALUES (?)", (f"{key} is not signed",))
            return web.json_response({"reason": "bad signature"}, status=401)
        fault = self._fault()
        if fault in BEFORE:
            return await self._misbehave(request, fault)
        answer = self._apply(key, body)
        return answer if fault is None else await self._misbehave(request, fault)

    def _signed(self, request: web.Request, key: str, body: bytes) -> bool:
        stamp = request.headers.get("Madoguchi-Timestamp", "")
        signed = f"{stamp}\n{key}\n".encode() + body
        expected = "v1=" + hmac.new(self._secret, signed, hashlib.sha256).hexdigest()
        given = request.headers.get("Madoguchi-Signature", "")
        fresh = stamp.isdigit() and abs(time.time() - int(stamp)) <= TOLERANCE_S
        return fresh and hmac.compare_digest(expected, given)

    def _apply(self, key: str, body: bytes) -> web.Response:
        change = orjson.loads(body)
        number, version = change["reservation"], change["version"]
        known = self._database.execute("SELECT body FROM got WHERE key = ?", (key,)).fetchone()
        if known is not None:
            self._count("repeats")
            if known[0] != body:
                self._complain(f"{key} came again with another content")
            return web.json_response({"taken": "before"})
        if self._database.execute("SELECT 1 FROM broken WHERE key = ?", (key,)).fetchone():
            return web.json_response({"error": "NullPointerException"}, status=500)
        if self._database.execute("SELECT 1 FROM full WHERE reservation = ?", (number,)).fetchone():
            return web.json_response({"reason": "この枠は満員です。\r\nX-Evil: 1"}, status=409)
        (last,) = self._database.execute(
            "SELECT coalesce(max(version), 0) FROM got WHERE reservation = ?", (number,)
        ).fetchone()
        if version <= last:
            self._complain(f"{key} came after version {last}")
        self._database.execute(
            "INSERT INTO got (key, reservation, version, body) VALUES (?, ?, ?, ?)",
            (key, number, version, body),
        )
        return web.json_response({"taken": "now"}, status=201)

    def _fault(self) -> str | None:
        chance = random.Random(f"{self._seed}:{self._count('requests')}")
        if chance.random() >= self._often:
            return None
        fault = chance.choice(FAULTS)
        self._database.execute("INSERT INTO faults VALUES (?)", (fault,))
        return fault

    async def _misbehave(self, request: web.Request, fault: str) -> web.Response:
        what, _, _ = fault.partition(" ")
        match what:
            case "fails":
                raise web.HTTPInternalServerError(text="<html>out of cheese</html>")
            case "too":
                return web.Response(status=503, headers={"Retry-After": "2"})
            case "cuts":
                if request.transport is not None:
                    request.transport.abort()
            case "dies":
                os.kill(os.getpid(), signal.SIGKILL)
            case _:
                await asyncio.sleep(LATE_S)
        return web.Response()

    def _complain(self, what: str) -> None:
        self._database.execute("INSERT INTO complaints VALUES (?)", (what,))

    def _count(self, name: str) -> int:
        (count,) = self._database.execute(
            "INSERT INTO counted VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET count = count + 1 "
            "RETURNING count",
            (name,),
        ).fetchone()
        return int(count)
