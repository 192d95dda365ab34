"""Talks with people: 200 customers in the hands of 20 agents, words that go there and back."""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace

import httpx
import socketio

from tests.bench import desk_people
from tests.bench.desk import Desk, running_desk
from tests.bench.figures import Figures
from tests.bench.plan import TALKS_AT
from tests.bench.results import BACK, BOTH, THERE
from tests.bench.talkers import PATIENCE, Agent, Customer, NoTalk

AGENTS = 20
EVERY_SECONDS = 4.0
"""How often an agent is written to, and answers."""
_COMING_AT_ONCE = 4
_BROKEN = (TimeoutError, httpx.HTTPError, socketio.exceptions.SocketIOError, NoTalk)


@dataclass
class Legs:
    """Seconds each exchange took there and back, and how many came to nothing."""

    there: list[float] = field(default_factory=list)
    back: list[float] = field(default_factory=list)
    broken: int = 0

    def figures(self, wall_seconds: float) -> list[tuple[str, Figures]]:
        """Return the figures of either way and of both together."""
        both = [sum(legs) for legs in zip(self.there, self.back, strict=True)]
        return [
            (name, self._of(seconds, wall_seconds))
            for name, seconds in ((THERE, self.there), (BACK, self.back), (BOTH, both))
        ]

    def _of(self, seconds: list[float], wall_seconds: float) -> Figures:
        return Figures.of(
            seconds, wall_seconds=wall_seconds, failures=self.broken, concurrency=TALKS_AT
        )


def measured(rounds: int) -> list[tuple[str, Figures]]:
    """Return how long words take to an agent's screen, back to the customer's, and both."""
    with running_desk(0, desk_people.employ_for_talks) as desk:
        return asyncio.run(_measured(desk, rounds))


async def _measured(desk: Desk, rounds: int) -> list[tuple[str, Figures]]:
    async with under_way(desk.url) as customers:
        await talk(customers, 1)
        began, before = time.perf_counter(), desk.cpu_seconds()
        legs = await talk(customers, rounds)
        seconds, spent = time.perf_counter() - began, desk.cpu_seconds() - before
    each = round(spent * 1000 / (len(legs.there) or 1), 1)
    return [
        (name, replace(found, cpu_ms=each) if name == BOTH else found)
        for name, found in legs.figures(seconds)
    ]


@asynccontextmanager
async def under_way(url: str) -> AsyncIterator[Sequence[Customer]]:
    """Yield the customers, each with a talk that is open and an agent who looks at it."""
    gate = asyncio.Semaphore(_COMING_AT_ONCE)

    async def come(customer: Customer) -> None:
        async with gate:
            stack.push_async_callback(customer.leave)
            await customer.ask_for_a_person(url)

    async with AsyncExitStack() as stack:
        http = httpx.AsyncClient(base_url=url, timeout=PATIENCE, trust_env=False)
        await stack.enter_async_context(http)
        agents = [Agent(name, http) for name in desk_people.names()[:AGENTS]]
        for agent in agents:
            stack.push_async_callback(agent.leave)
            await agent.sign_in(url)
        customers = [Customer(agents[number % AGENTS]) for number in range(TALKS_AT)]
        await asyncio.gather(*map(come, customers))
        yield customers


async def talk(customers: Sequence[Customer], rounds: int, every: float = EVERY_SECONDS) -> Legs:
    """Let every customer write and be answered some times; agents serve theirs in turn."""
    legs = Legs()
    await asyncio.gather(
        *(
            _serve([each for each in customers if each.agent is agent] * rounds, legs, every)
            for agent in {id(each.agent): each.agent for each in customers}.values()
        )
    )
    return legs


async def _serve(mine: Sequence[Customer], legs: Legs, every: float) -> None:
    """Let an agent's customers write one after another, at times that nobody agrees on."""
    for customer in mine:
        rest = random.uniform(0, every)
        await asyncio.sleep(rest)
        await _exchange(customer, legs)
        await asyncio.sleep(every - rest)


async def _exchange(customer: Customer, legs: Legs) -> None:
    try:
        there, back = await _there(customer), await _back(customer)
    except _BROKEN:
        legs.broken += 1
        return
    legs.there.append(there)
    legs.back.append(back)


async def _there(customer: Customer) -> float:
    """Return the seconds from a customer's words to their agent's screen."""
    words = f"我的包裹到哪里了 {uuid.uuid4().hex}"
    return await _arrives(customer.agent.ears.listen_for(words), customer.say(words))


async def _back(customer: Customer) -> float:
    """Return the seconds from an agent's answer to the customer's screen."""
    words = customer.last = f"您好，马上为您查询 {uuid.uuid4().hex}"
    answer = customer.agent.answer(customer.conversation_id, customer.epoch, words)
    return await _arrives(customer.ears.listen_for(words), answer)


async def _arrives(heard: asyncio.Future[float], saying: Awaitable[None]) -> float:
    began = time.perf_counter()
    await saying
    return await asyncio.wait_for(heard, PATIENCE) - began
