"""Promises to look again, kept by the worker's job."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from carriers.errors import AllProvidersFailed, CarrierError, WaybillUnknown
from tests.ticketing.scripted import Carriers
from ticketing.composition import House
from ticketing.conversations import service as conversations
from ticketing.inbox import promises
from ticketing.inbox.promises import GIVE_UP_AFTER, Promise
from ticketing.kernel import clock
from ticketing.shipments import service as shipments

WAYBILL = "YT2700000000001"


@pytest.fixture
async def promise(house: House) -> Promise:
    async with house.db.transaction() as session:
        conversation = await conversations.open_conversation(session, "web", "one", clock.now())
        await shipments.register(session, WAYBILL, "YTO", frozenset({"4562"}), clock.now())
        given = Promise(conversation.id, "m1", WAYBILL)
        await promises.give(session, given, "4562", clock.now())
    return given


async def keep(house: House, args: dict[str, Any]) -> None:
    await promises.keep(house.db, house.tracker, clock.now, **args)


async def said(house: House, conversation_id: uuid.UUID) -> list[str]:
    async with house.db.transaction() as session:
        return [m.text for m in await conversations.messages_after(session, conversation_id, 0)]


async def waiting_jobs(house: House) -> list[dict[str, Any]]:
    async with house.db.transaction() as session:
        rows = await session.execute(text("SELECT args FROM procrastinate_jobs ORDER BY id"))
        return [row.args for row in rows]


async def test_a_promise_is_a_job_in_the_same_transaction_without_the_digits(
    house: House, promise: Promise
) -> None:
    [args] = await waiting_jobs(house)
    assert args == promise.as_args(0)
    assert "4562" not in str(args)


async def test_a_kept_promise_tells_the_last_scan_once(house: House, promise: Promise) -> None:
    for _ in range(2):
        await keep(house, promise.as_args(0))
    [news] = await said(house, promise.conversation_id)
    assert "派送中" in news
    assert "快递员：王**" in news


async def test_while_a_person_speaks_it_is_not_the_bot_who_keeps_it(
    house: House, promise: Promise
) -> None:
    async with house.db.transaction() as session:
        held = await conversations.locked(session, promise.conversation_id)
        await conversations.change_owner(session, held, "agent", clock.now(), "asked")
    await keep(house, promise.as_args(0))
    async with house.db.transaction() as session:
        [news] = await conversations.messages_after(session, promise.conversation_id, 0)
    assert news.author == "system"
    assert "派送中" in news.text


async def test_without_right_digits_only_state_and_city_are_told(
    house: House, promise: Promise
) -> None:
    async with house.db.transaction() as session:
        other = await conversations.open_conversation(session, "web", "two", clock.now())
        stranger = Promise(other.id, "m1", WAYBILL)
        await promises.give(session, stranger, None, clock.now())
    await keep(house, stranger.as_args(0))
    [news] = await said(house, stranger.conversation_id)
    assert "深圳市" in news
    assert "王" not in news
    assert await said(house, promise.conversation_id) == []


async def test_a_silent_carrier_is_asked_again_later(
    house: House, promise: Promise, carriers: Carriers
) -> None:
    carriers.errors[WAYBILL] = AllProvidersFailed(())
    await keep(house, promise.as_args(0))
    assert await said(house, promise.conversation_id) == []
    assert [job["attempt"] for job in await waiting_jobs(house)] == [0, 1]


@pytest.mark.parametrize(
    ("error", "attempt", "words"),
    [(WaybillUnknown("no"), 0, "查不到"), (AllProvidersFailed(()), GIVE_UP_AFTER, "一直没有回应")],
)
async def test_a_promise_ends_with_a_word_in_any_case(
    house: House,
    promise: Promise,
    carriers: Carriers,
    error: CarrierError,
    attempt: int,
    words: str,
) -> None:
    carriers.errors[WAYBILL] = error
    await keep(house, promise.as_args(attempt))
    [news] = await said(house, promise.conversation_id)
    assert words in news


def test_waits_grow_and_end_at_five_minutes() -> None:
    waits = [promises.wait_before(n) for n in range(300)]
    assert waits[0] == timedelta(seconds=3)
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(minutes=5)
