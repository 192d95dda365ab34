"""Whoever hears and tells what is new goes on, whatever one signal or one key does to them."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from ticketing.composition import House
from ticketing.kernel import bursts, listening
from ticketing.kernel.bursts import Bursts
from ticketing.kernel.listening import connected, listen


class Hearer:
    """Notes what it hears; one word is more than it can bear."""

    def __init__(self) -> None:
        self.heard_of: asyncio.Queue[str] = asyncio.Queue()

    async def heard(self, payload: str) -> None:
        if payload == "poison":
            raise KeyError(payload)
        await self.heard_of.put(payload)

    async def catch_up(self) -> None:
        await self.heard_of.put("caught up")

    async def next(self) -> str:
        return await asyncio.wait_for(self.heard_of.get(), 10)


async def test_one_signal_that_breaks_its_hearer_makes_nobody_deaf(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "PAUSE_SECONDS", 0.01)
    hearer = Hearer()
    task = asyncio.create_task(listen({"test_words": (hearer,)}, house.settings.database_url))
    try:
        assert await hearer.next() == "caught up"
        for word in ("poison", "hello"):
            async with house.db.transaction() as session:
                await session.execute(text("SELECT pg_notify('test_words', :word)"), {"word": word})
            if word == "poison":
                assert await hearer.next() == "caught up"
        assert await hearer.next() == "hello"
    finally:
        task.cancel()


async def test_a_key_that_breaks_the_work_takes_no_other_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bursts, "PAUSE_SECONDS", 0.01)
    served: asyncio.Queue[set[str]] = asyncio.Queue()

    async def work(keys: set[str]) -> None:
        if "poison" in keys:
            raise KeyError("poison")
        await served.put(keys)

    burst = Bursts("test", work)
    burst.add("poison", "anna")
    task = asyncio.create_task(burst.run())
    try:
        assert await asyncio.wait_for(served.get(), 5) == {"anna"}
        burst.add("ben")
        assert await asyncio.wait_for(served.get(), 5) == {"ben"}
    finally:
        task.cancel()


async def test_a_server_that_is_gone_without_a_word_is_missed(house: House) -> None:
    async with await connected(house.settings.database_url) as connection:
        known = connection.info.get_parameters()
    assert (known["keepalives_idle"], known["keepalives_interval"]) == ("15", "5")
