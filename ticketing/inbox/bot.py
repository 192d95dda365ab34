"""The client of the bot's one door."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
from pydantic import BaseModel, ValidationError

from ticketing.conversations.service import Turn, Utterance
from ticketing.kernel.errors import HouseError

CONNECT_SECONDS = 1.0


class BotFailed(HouseError):
    """The bot did not answer, answered too late, or made no sense."""

    status, code = 503, "bot_failed"

    def __init__(self, why: str) -> None:
        super().__init__("智能助手暂时无法回答", why=why)


class _Button(BaseModel):
    title: str
    payload: str


class _BotMessage(BaseModel):
    text: str
    buttons: list[_Button] = []
    card: dict[str, Any] | None = None


class _BotReply(BaseModel):
    messages: list[_BotMessage]
    understood: dict[str, Any]
    active_form: str | None = None
    repeated: bool = False


@dataclass(frozen=True)
class BotAnswer:
    """What the bot says, and what it understood (intent, confidence, ranking, entities)."""

    utterances: tuple[Utterance, ...]
    understood: dict[str, Any]


class BotClient:
    """Asks the bot; every failure is a `BotFailed`."""

    def __init__(
        self,
        url: str,
        token: str,
        timeout: timedelta,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._seconds = timeout.total_seconds()
        self._http = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(timeout.total_seconds(), connect=CONNECT_SECONDS),
            transport=transport,
            trust_env=False,
        )

    async def turn(self, turn: Turn) -> BotAnswer:
        """Let the bot answer one message; the same message asked again gets the same answer."""
        return await self._ask("turn", str(turn.conversation_id), turn.message_id, turn.text)

    async def shadow(self, conversation_id: str, message_id: str, text: str) -> BotAnswer:
        """Ask what the bot would answer: nothing is remembered there, and nothing is done."""
        return await self._ask("shadow", conversation_id, message_id, text)

    async def _ask(self, door: str, conversation_id: str, message_id: str, text: str) -> BotAnswer:
        body = {"conversation_id": conversation_id, "message_id": message_id, "text": text}
        try:
            async with asyncio.timeout(self._seconds):
                response = await self._http.post(f"/webhooks/yiwen/{door}", json=body)
            response.raise_for_status()
            reply = _BotReply.model_validate_json(response.content)
        except (httpx.HTTPError, ValidationError, TimeoutError) as error:
            raise BotFailed(type(error).__name__) from error
        if not reply.messages:
            raise BotFailed("silence")
        return BotAnswer(tuple(_utterance(m) for m in reply.messages), reply.understood)

    async def tell(
        self, conversation_id: str, slots: dict[str, Any], note: str, *, is_over: bool = False
    ) -> None:
        """Let the bot know what happened while a person held the conversation.

        `is_over`: whatever it was asking for is not asked any more.
        """
        known = {"conversation_id": conversation_id, "slots": slots}
        body = {**known, "note": note, "is_over": is_over}
        try:
            (await self._http.post("/webhooks/yiwen/context", json=body)).raise_for_status()
        except httpx.HTTPError as error:
            raise BotFailed(type(error).__name__) from error

    async def is_ready(self) -> bool:
        """Tell whether the bot has a model loaded and answers."""
        try:
            return (await self._http.get("/webhooks/yiwen/health", timeout=2)).status_code == 200
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def _utterance(message: _BotMessage) -> Utterance:
    buttons = tuple({"title": b.title, "payload": b.payload} for b in message.buttons)
    return Utterance(text=message.text, buttons=buttons, card=message.card)
