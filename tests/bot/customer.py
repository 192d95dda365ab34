"""A customer of the bot, and what the bot told them."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.bot.ticketing_standin import Json, Standin


@dataclass(frozen=True)
class Heard:
    """The bot's answer to one message."""

    body: Json

    @property
    def text(self) -> str:
        """All texts of the answer."""
        return "\n".join(message["text"] for message in self.body["messages"])

    @property
    def buttons(self) -> list[str]:
        """What the buttons of the last message say."""
        return [button["title"] for button in self.body["messages"][-1]["buttons"]]

    @property
    def cards(self) -> list[Json]:
        """The cards."""
        return [message["card"] for message in self.body["messages"] if message["card"]]

    @property
    def form(self) -> str | None:
        """The form that goes on."""
        form: str | None = self.body["active_form"]
        return form

    @property
    def intent(self) -> str:
        """What was understood."""
        return str(self.body["understood"]["intent"]["name"])


@dataclass
class Customer:
    """One conversation through the bot's door."""

    door: str
    http: aiohttp.ClientSession
    standin: Standin
    conversation_id: str

    @classmethod
    @asynccontextmanager
    async def arriving(cls, door: str, token: str, standin: Standin) -> AsyncIterator[Customer]:
        """A new conversation."""
        headers = {"Authorization": f"Bearer {token}"}
        async with aiohttp.ClientSession(headers=headers) as http:
            yield cls(door, http, standin, uuid.uuid4().hex)

    async def post(self, path: str, body: Any) -> tuple[int, Any]:
        """Status and JSON of any request."""
        async with self.http.post(f"{self.door}/{path}", json=body) as response:
            return response.status, await response.json()

    async def send(self, text: str, message_id: str | None = None) -> tuple[int, Json]:
        """Status and body of a turn."""
        body = {
            "conversation_id": self.conversation_id,
            "message_id": message_id or uuid.uuid4().hex,
            "text": text,
        }
        return await self.post("turn", body)

    async def says(self, *texts: str) -> Heard:
        """Write one or several messages; the answer to the last."""
        heard = Heard({})
        for text in texts:
            status, body = await self.send(text)
            assert status == 200, body
            heard = Heard(body)
        return heard

    def asked_of_ticketing(self, call: str) -> list[Json]:
        """What the actions asked in this conversation."""
        return self.standin.bodies(self.conversation_id, call)
