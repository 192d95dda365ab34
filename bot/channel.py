"""The bot's door: ticketing sends what a customer wrote and gets everything back in one answer."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot import wiring
from bot.turn import TurnFailed, TurnRunner

logger = logging.getLogger(__name__)

_TURN_FIELDS = ("conversation_id", "message_id", "text")


class RequestRefused(Exception):
    """The request cannot be served; `code` and `detail` say why."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail

    def as_response(self) -> HTTPResponse:
        """The error as JSON."""
        return json({"error": self.code, "detail": self.detail}, status=self.status)


class YiwenInput(InputChannel):
    """`/webhooks/yiwen/turn`, `/shadow`, `/context` and `/health`."""

    def __init__(self, token: str) -> None:
        self.token = token

    @classmethod
    def name(cls) -> str:
        """The channel's name and the prefix of its routes."""
        return "yiwen"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> YiwenInput:
        """Build from `credentials.yml`. Raises RasaException without a token."""
        token = (credentials or {}).get("token")
        if not token or str(token).startswith("$"):
            cls.raise_missing_credentials_exception()
        wiring.install_patches()
        return cls(str(token))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:  # noqa: ARG002
        """The routes. Turns are played by our own runner, not through `on_new_message`."""
        routes = Blueprint("yiwen")
        routes.listener("after_server_start")(wire)
        routes.listener("after_server_stop")(unwire)

        # Sanic marks its handlers, which bound methods do not let it do.
        @routes.get("/health")
        async def health(request: Request) -> HTTPResponse:
            return self.health(request)

        @routes.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            return await self.turn(request)

        @routes.post("/shadow")
        async def shadow(request: Request) -> HTTPResponse:
            return await self.turn(request, in_shadow=True)

        @routes.post("/context")
        async def context(request: Request) -> HTTPResponse:
            return await self.context(request)

        return routes

    def health(self, request: Request) -> HTTPResponse:
        """200 when a model is loaded."""
        agent = getattr(request.app.ctx, "agent", None)
        ready = bool(agent and agent.is_ready())
        return json({"status": "ok" if ready else "no_model"}, status=200 if ready else 503)

    async def turn(self, request: Request, *, in_shadow: bool = False) -> HTTPResponse:
        """Play one turn; in shadow nothing is kept of it and nothing comes of it."""
        try:
            body = self._admit(request)
            conversation_id, message_id, text = (_text(body, name) for name in _TURN_FIELDS)
        except RequestRefused as refused:
            return refused.as_response()

        async def play(runner: TurnRunner) -> dict[str, Any]:
            played = runner.rehearse if in_shadow else runner.play
            return await played(conversation_id, message_id, text)

        return await _answered(play, request)

    async def context(self, request: Request) -> HTTPResponse:
        """Set slots, for instance when a person gives the conversation back.

        With `is_over` whatever the bot was asking for is asked no more.
        """
        try:
            body = self._admit(request)
            conversation_id = _text(body, "conversation_id")
            slots = body.get("slots", {})
            if not isinstance(slots, dict):
                raise RequestRefused(422, "malformed", "slots 应为对象")
        except RequestRefused as refused:
            return refused.as_response()

        async def set_slots(runner: TurnRunner) -> dict[str, Any]:
            await runner.set_slots(conversation_id, slots, is_over=body.get("is_over") is True)
            return {}

        return await _answered(set_slots, request)

    def _admit(self, request: Request) -> dict[str, Any]:
        """The JSON body of a request that carries our token. Raises RequestRefused."""
        given = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(given, f"Bearer {self.token}".encode()):
            raise RequestRefused(401, "unauthorized", "令牌不正确")
        try:
            body = request.json
        except Exception as error:
            raise RequestRefused(400, "malformed", "请求体不是 JSON") from error
        if not isinstance(body, dict):
            raise RequestRefused(422, "malformed", "请求体应为 JSON 对象")
        return body


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or (not value and name != "text"):
        raise RequestRefused(422, "malformed", f"缺少 {name}")
    return value


async def _answered(
    serve: Callable[[TurnRunner], Awaitable[dict[str, Any]]], request: Request
) -> HTTPResponse:
    """The answer, or 500 with the failing part; nothing a customer wrote goes into either log."""
    try:
        return json(await serve(request.app.ctx.turns), ensure_ascii=False)
    except TurnFailed as failed:
        logger.error("turn failed in %s: %s", failed.part, type(failed.__cause__).__name__)  # noqa: TRY400
        return json({"error": "turn_failed", "detail": f"{failed.part} 未能完成"}, status=500)
    except Exception as error:  # noqa: BLE001 - the process edge: every failure must reach ticketing
        logger.error("turn failed: %s", type(error).__name__)  # noqa: TRY400
        return json({"error": "turn_failed", "detail": type(error).__name__}, status=500)


async def wire(app: Sanic, _: object) -> None:
    """After the agent is loaded: its parts are replaced by ours."""
    app.ctx.turns = wiring.turn_runner(app.ctx.agent)


async def unwire(app: Sanic, _: object) -> None:
    """Close what `wire` opened."""
    await wiring.close(app.ctx.turns)
