"""Simulated customers: the same client, the same counts, for every system that is measured."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp

from tests.bench.figures import Figures

_TIMEOUT = aiohttp.ClientTimeout(total=60)


class TurnWentWrong(Exception):
    """A customer was not answered as expected; what was answered is in the message."""


@dataclass(frozen=True)
class Answer:
    """Everything that was said to one message, and how many seconds it took."""

    text: str
    titles: tuple[str, ...]
    seconds: float


@dataclass(frozen=True)
class Client:
    """Talks to a REST channel of Rasa's shape; connections are kept."""

    http: aiohttp.ClientSession
    url: str

    async def say(self, sender: str, text: str) -> Answer:
        """Send one message. Raises TurnWentWrong when it is not answered with 200."""
        body = json.dumps({"sender": sender, "message": text}).encode()
        began = time.perf_counter()
        async with self.http.post(
            self.url, data=body, headers={"Content-Type": "application/json"}
        ) as response:
            raw = await response.read()
        seconds = time.perf_counter() - began
        if response.status != 200:
            raise TurnWentWrong(f"{response.status}: {raw[:200].decode(errors='replace')}")
        said = json.loads(raw)
        return Answer(
            text="\n".join(each.get("text") or "" for each in said),
            titles=tuple(b["title"] for each in said for b in each.get("buttons") or ()),
            seconds=seconds,
        )


@dataclass(frozen=True)
class Conversation:
    """A customer who has got so far that the measured message can be sent."""

    sender: str
    text: str
    expects: str
    """A regular expression to be found in every measured answer."""


Prepare = Callable[[Client, int], Awaitable[Conversation]]


@dataclass(frozen=True)
class Cell:
    """So many conversations of so many measured turns, so many of them at a time."""

    prepare: Prepare
    conversations: int
    turns_each: int
    concurrency: int


@dataclass
class _Tally:
    seconds: list[float]
    failures: int = 0


def measure(url: str, cell: Cell) -> Figures:
    """Prepare every conversation, then play and time the measured turns of all of them.

    Preparing uses the same connections and the same paths as the measured turns, so it is their
    warm-up as well. Raises TurnWentWrong when no conversation gets that far.
    """
    return asyncio.run(_measure(url, cell))


async def _measure(url: str, cell: Cell) -> Figures:
    connector = aiohttp.TCPConnector(limit=cell.concurrency, keepalive_timeout=60)
    async with aiohttp.ClientSession(connector=connector, timeout=_TIMEOUT) as http:
        client = Client(http, url)
        prepared = await _prepare(client, cell)
        tally = _Tally([])
        began = time.perf_counter()
        await _at_a_time(
            cell.concurrency,
            [_play(client, each, cell.turns_each, tally) for each in prepared],
        )
        wall = time.perf_counter() - began
    if not tally.seconds:
        raise TurnWentWrong(f"none of {tally.failures} measured turns was answered as expected")
    return Figures.of(
        tally.seconds,
        wall_seconds=wall,
        failures=tally.failures + (cell.conversations - len(prepared)) * cell.turns_each,
        concurrency=cell.concurrency,
    )


async def _prepare(client: Client, cell: Cell) -> list[Conversation]:
    prepared: list[Conversation] = []
    problems: list[TurnWentWrong] = []

    async def prepare(number: int) -> None:
        try:
            prepared.append(await cell.prepare(client, number))
        except TurnWentWrong as error:
            problems.append(error)

    await _at_a_time(cell.concurrency, [prepare(number) for number in range(cell.conversations)])
    if not prepared:
        raise problems[0]
    return prepared


async def _play(client: Client, conversation: Conversation, turns: int, tally: _Tally) -> None:
    for _ in range(turns):
        try:
            answer = await client.say(conversation.sender, conversation.text)
        except (TurnWentWrong, aiohttp.ClientError, TimeoutError):
            tally.failures += 1
            continue
        if re.search(conversation.expects, answer.text) is None:
            tally.failures += 1
            continue
        tally.seconds.append(answer.seconds)


async def _at_a_time(concurrency: int, work: list[Awaitable[None]]) -> None:
    waiting = deque(work)

    async def one_after_another() -> None:
        while waiting:
            await waiting.popleft()

    await asyncio.gather(*(one_after_another() for _ in range(concurrency)))
