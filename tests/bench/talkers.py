"""Customers on the web and agents at the desk, as the server knows them: sockets and requests."""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx
import socketio

from tests.bench import desk_people

PATIENCE = 20.0
NAMESPACE = "/desk"
_RENEW_SECONDS = 20.0
_LOOK_SECONDS = 0.05


class NoTalk(Exception):
    """Somebody did not get into a talk; the message says who."""


class Ears:
    """Who waits for words, by what they say."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Future[float]] = {}

    def listen_for(self, words: str) -> asyncio.Future[float]:
        """Return when these words arrive, by `time.perf_counter`."""
        heard = self._waiting[words] = asyncio.get_running_loop().create_future()
        return heard

    def hear(self, words: str) -> None:
        """Note that words have arrived."""
        waiting = self._waiting.pop(words, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(time.perf_counter())


@dataclass
class Agent:
    """Somebody at the desk, with its page open."""

    name: str
    http: httpx.AsyncClient
    socket: socketio.AsyncClient = field(
        default_factory=lambda: socketio.AsyncClient(reconnection=False)
    )
    ears: Ears = field(default_factory=Ears)
    token: str = ""
    beating: asyncio.Task[None] | None = None

    async def sign_in(self, url: str) -> None:
        """Come to the desk, and stay available until one leaves."""
        form = {"grant_type": "password", "username": self.name, "password": desk_people.PASSWORD}
        answer = await self.http.post("/api/oauth/token", data=form)
        self.token = str(answer.raise_for_status().json()["access_token"])
        self.socket.on("message", self._on_message, namespace=NAMESPACE)
        await self.socket.connect(
            url, namespaces=[NAMESPACE], auth={"token": self.token}, transports=["websocket"]
        )
        await self._be_present()
        self.beating = asyncio.create_task(self._stay())

    async def leave(self) -> None:
        """Close the page."""
        if self.beating is not None:
            self.beating.cancel()
        await self.socket.disconnect()

    async def look_for(self, words: str) -> dict[str, Any]:
        """Return the conversation on the lists whose newest words these are. Raises `NoTalk`."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            shown = await self.ask("GET", "/api/desk")
            for row in (*shown["waiting"], *shown["mine"]):
                if (row["last_message"] or {}).get("text") == words:
                    return dict(row)
            await asyncio.sleep(_LOOK_SECONDS)
        raise NoTalk(f"{self.name} does not see who said {words}")

    async def take(self, row: dict[str, Any]) -> int:
        """Take a conversation that waits and look at it; return its epoch."""
        talk = f"/api/desk/conversations/{row['id']}"
        taken = await self.ask("POST", f"{talk}/take", {"epoch": row["owner_epoch"]})
        watched = {"conversation_id": row["id"], "after": 0}
        await self.socket.call("watch", watched, namespace=NAMESPACE)
        return int(taken["owner_epoch"])

    async def answer(self, conversation_id: str, epoch: int, words: str) -> None:
        """Say something to a customer."""
        body = {"message_id": uuid.uuid4().hex, "epoch": epoch, "text": words}
        await self.ask("POST", f"/api/desk/conversations/{conversation_id}/replies", body)

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the server something as the page does."""
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = await self.http.request(method, path, json=body, headers=headers)
        return answer.raise_for_status().json()

    async def _stay(self) -> None:
        while True:
            await asyncio.sleep(_RENEW_SECONDS)
            await self._be_present()

    async def _be_present(self) -> None:
        await self.socket.call("present", {"status": "available"}, namespace=NAMESPACE)

    async def _on_message(self, told: dict[str, Any]) -> None:
        said = told["message"]
        self.ears.hear(said["text"])
        if said["author"] == "customer":
            read = {"conversation_id": told["conversation_id"], "seq": said["seq"]}
            await self.socket.emit("seen", read, namespace=NAMESPACE)


@dataclass
class Customer:
    """A customer on the web, in an agent's hands; `last` is what was said last."""

    agent: Agent
    socket: socketio.AsyncClient = field(
        default_factory=lambda: socketio.AsyncClient(reconnection=False)
    )
    ears: Ears = field(default_factory=Ears)
    session_id: str = ""
    conversation_id: str = ""
    epoch: int = 0
    last: str = ""

    async def ask_for_a_person(self, url: str) -> None:
        """Open the chat, ask for a person and be taken by one."""
        confirmed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.socket.on("session_confirm", confirmed.set_result)
        self.socket.on("bot_uttered", self._on_words)
        await self.socket.connect(url, transports=["websocket"])
        await self.socket.emit("session_request", {"after": 0})
        self.session_id = await asyncio.wait_for(confirmed, PATIENCE)
        words = f"转人工，{uuid.uuid4().hex[:8]}"
        await self.say(words)
        row = await self.agent.look_for(words)
        self.conversation_id = row["id"]
        self.epoch = await self.agent.take(row)

    async def say(self, words: str) -> None:
        """Say something and have it acknowledged."""
        self.last = words
        said = {"message": words, "session_id": self.session_id, "message_id": uuid.uuid4().hex}
        answer = await self.socket.call("user_uttered", said)
        if "seq" not in (answer or {}):
            raise NoTalk(f"not taken: {answer}")

    async def leave(self) -> None:
        """Close the chat."""
        await self.socket.disconnect()

    async def _on_words(self, told: dict[str, Any]) -> None:
        self.ears.hear(told.get("text", ""))
        seq = (told.get("metadata") or {}).get("seq")
        if seq is not None:
            await self.socket.emit("seen", {"seq": seq})
