"""Clients of the desk: so many requests, so many at a time, each timed and judged."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.bench.figures import Figures
from tests.bench.load import TurnWentWrong

_TIMEOUT = aiohttp.ClientTimeout(total=60)
_APART_SECONDS = 0.003
"""Between the first requests: of two processes one would take all connections opened at once."""


@dataclass(frozen=True)
class Ask:
    """One request, and the status it is answered with when all is well."""

    method: str
    path: str
    body: Mapping[str, Any] | None = None
    expects: int = 200


@dataclass
class Answers:
    """What came back: seconds each good answer took, and its JSON; what went wrong."""

    seconds: list[float] = field(default_factory=list)
    said: list[Any] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    wall_seconds: float = 0.0

    def add(self, more: Answers) -> None:
        """Count what came back of further requests to these."""
        self.seconds += more.seconds
        self.said += more.said
        self.wrong += more.wrong
        self.wall_seconds += more.wall_seconds

    def figures(self, concurrency: int) -> Figures:
        """Sum up; raises TurnWentWrong when nothing was answered as expected."""
        if not self.seconds:
            raise TurnWentWrong(next(iter(self.wrong), "nothing was asked"))
        return Figures.of(
            self.seconds,
            wall_seconds=self.wall_seconds,
            failures=len(self.wrong),
            concurrency=concurrency,
        )


def ask_all(url: str, token: str, asks: Iterable[Ask], concurrency: int) -> Answers:
    """Ask everything, each client one after another; nobody waits between two requests."""
    return asyncio.run(_ask_all(url, token, asks, concurrency))


async def _ask_all(url: str, token: str, asks: Iterable[Ask], concurrency: int) -> Answers:
    # Encoded beforehand: what the clients cost is taken from the same cores.
    waiting = deque((ask, _encoded(ask.body)) for ask in asks)
    answers = Answers()
    connector = aiohttp.TCPConnector(limit=concurrency, keepalive_timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    async def one_after_another(place: int) -> None:
        await asyncio.sleep(place * _APART_SECONDS)
        while waiting:
            ask, body = waiting.popleft()
            await _asked(http, ask, body, answers)

    async with aiohttp.ClientSession(
        url, connector=connector, timeout=_TIMEOUT, headers=headers
    ) as http:
        began = time.perf_counter()
        await asyncio.gather(*map(one_after_another, range(concurrency)))
        answers.wall_seconds = time.perf_counter() - began
    answers.said = [json.loads(raw) for raw in answers.said]
    return answers


async def _asked(
    http: aiohttp.ClientSession, ask: Ask, body: bytes | None, answers: Answers
) -> None:
    began = time.perf_counter()
    try:
        async with http.request(ask.method, ask.path, data=body) as response:
            raw = await response.read()
    except (aiohttp.ClientError, TimeoutError) as error:
        answers.wrong.append(f"{ask.method} {ask.path}: {type(error).__name__}")
        return
    if response.status != ask.expects:
        shown = raw[:200].decode(errors="replace")
        answers.wrong.append(f"{ask.method} {ask.path}: {response.status} {shown}")
        return
    answers.seconds.append(time.perf_counter() - began)
    answers.said.append(raw)


def _encoded(body: Mapping[str, Any] | None) -> bytes | None:
    return None if body is None else json.dumps(body, ensure_ascii=False).encode()
