"""Alive, and ready: two questions an operator's machines ask."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from ticketing.composition import House
from ticketing.kernel import clock, liveness

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """Answer while the process lives."""
    return {"status": "ok"}


@router.get("/readyz", responses={503: {"description": "which part is missing"}})
async def ready(request: Request) -> JSONResponse:
    """Answer 200 only when database, bot, actions and worker answer, else 503 and which do not."""
    house: House = request.app.state.house
    database, bot, actions = await asyncio.gather(
        _database_and_worker(house), house.bot.is_ready(), _actions_answer(house)
    )
    parts: dict[str, Any] = {**database, "bot": bot, "actions": actions}
    missing = sorted(name for name, answers in parts.items() if not answers)
    if not missing:
        return JSONResponse({"status": "ready", "missing": []})
    return JSONResponse({"status": "not_ready", "missing": missing}, 503)


async def _database_and_worker(house: House) -> dict[str, bool]:
    try:
        async with house.db.transaction() as session:
            await session.execute(text("SELECT 1"))
            worker = await liveness.is_alive(session, "worker", clock.now())
    except (SQLAlchemyError, OSError):
        return {"database": False, "worker": False}
    return {"database": True, "worker": worker}


async def _actions_answer(house: House) -> bool:
    url = httpx.URL(house.settings.actions_url).copy_with(path="/health")
    async with httpx.AsyncClient(timeout=2, trust_env=False) as http:
        try:
            return (await http.get(url)).status_code == 200
        except httpx.HTTPError:
            return False
