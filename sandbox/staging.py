"""Plays one call to an aggregator, spoilt by whatever faults are on."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request, Response

from sandbox.faults import FaultKind, Provider
from sandbox.world import World

Sleep = Callable[[float], Awaitable[None]]
Compose = Callable[[frozenset[FaultKind]], Any]


@dataclass(frozen=True)
class Reply:
    """An answer with a status of its own."""

    status: int
    body: Any


class Stage:
    """Where the stand-ins act: the world, and a way to let time pass (seconds)."""

    def __init__(self, world: World, sleep: Sleep = asyncio.sleep) -> None:
        self.world = world
        self._sleep = sleep

    async def rest(self, seconds: float) -> None:
        """Let time pass."""
        await self._sleep(seconds)

    async def play(self, provider: Provider, compose: Compose) -> Response:
        """Answer one call.

        `compose` makes the JSON answer, HTTP 200 unless it is a `Reply`; it is told the faults
        that are part of the protocol itself (wrong signature, quota). The others are played here.
        """
        struck = self.world.faults.strike(provider)
        if FaultKind.SLOW in struck:
            await self._sleep(struck[FaultKind.SLOW].seconds)
        if FaultKind.DOWN in struck:
            return Response(status_code=503, headers={"Connection": "close"})
        if FaultKind.ERROR_500 in struck:
            return Response("<html>Internal Server Error</html>", 500, media_type="text/html")
        made = compose(frozenset(struck))
        reply = made if isinstance(made, Reply) else Reply(200, made)
        body = json.dumps(reply.body, ensure_ascii=False).encode(errors="replace")
        if FaultKind.TRUNCATED_JSON in struck:
            body = body[: len(body) // 2]
        return Response(body, reply.status, media_type="application/json;charset=utf-8")


def _stage_of(request: Request) -> Stage:
    stage: Stage = request.app.state.stage
    return stage


def _world_of(request: Request) -> World:
    return _stage_of(request).world


TheStage = Annotated[Stage, Depends(_stage_of)]
TheWorld = Annotated[World, Depends(_world_of)]
