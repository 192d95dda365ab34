"""A request made twice with one key is done once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from pydantic import BaseModel
from sqlalchemy import select, text, update

from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.kernel.errors import InvalidRequest
from ticketing.kernel.idempotency import KEPT_FOR, IdempotencyKey, KeyUsedOtherwise, Once

NOW = clock.now()


class Made(BaseModel):
    """What a request makes."""

    number: int
    says: str = "做好了"


class Maker:
    """Makes things, and counts them."""

    def __init__(self) -> None:
        self.made = 0

    async def __call__(self) -> Made:
        """Make one more; others may come between."""
        await asyncio.sleep(0)
        self.made += 1
        return Made(number=self.made)


async def ask(
    house: House,
    make: Any,
    key: str | None = "k1",
    *,
    caller: str = "anna",
    body: str = "one",
    at: timedelta = timedelta(0),
) -> Made:
    async with house.db.transaction() as session:
        once = Once(session, key, "POST /api/things", 201, body, NOW + at)
        return await once.answer(caller, Made, make)


async def test_the_same_request_gets_the_same_answer_and_is_done_once(house: House) -> None:
    make = Maker()
    first, again = await ask(house, make), await ask(house, make)
    assert first == again == Made(number=1)
    assert make.made == 1
    async with house.db.transaction() as session:
        kept = await session.get_one(IdempotencyKey, ("anna", "k1"))
        assert (kept.status, kept.body, kept.route) == (
            201,
            {"number": 1, "says": "做好了"},
            "POST /api/things",
        )


async def test_without_a_key_each_request_is_done(house: House) -> None:
    make = Maker()
    assert [(await ask(house, make, None)).number for _ in range(2)] == [1, 2]
    async with house.db.transaction() as session:
        assert (await session.scalars(select(IdempotencyKey))).all() == []


async def test_another_request_with_the_same_key_is_refused(house: House) -> None:
    make = Maker()
    await ask(house, make)
    with pytest.raises(KeyUsedOtherwise) as caught:
        await ask(house, make, body="two")
    assert caught.value.facts == {"key": "k1", "route": "POST /api/things"}
    assert make.made == 1


async def test_callers_and_keys_do_not_meet(house: House) -> None:
    make = Maker()
    await ask(house, make)
    assert (await ask(house, make, caller="bert")).number == 2
    assert (await ask(house, make, "k2")).number == 3


async def test_of_several_at_once_one_does_it_and_all_get_its_answer(house: House) -> None:
    make = Maker()
    answers = await asyncio.gather(*(ask(house, make) for _ in range(6)))
    assert answers == [Made(number=1)] * 6
    assert make.made == 1


async def test_a_request_that_failed_may_be_made_again(house: House) -> None:
    make = Maker()

    async def fail() -> Made:
        raise InvalidRequest("这样不行")

    with pytest.raises(InvalidRequest):
        await ask(house, fail)
    assert await ask(house, make, body="mended") == Made(number=1)


async def test_after_a_day_the_key_is_free_and_forgotten(house: House) -> None:
    make = Maker()
    await ask(house, make, "old")
    await ask(house, make)
    just = timedelta(seconds=1)
    assert (await ask(house, make, at=KEPT_FOR - just)).number == 2
    assert (await ask(house, make, body="two", at=KEPT_FOR + just)).number == 3
    async with house.db.transaction() as session:
        rows = (await session.scalars(select(IdempotencyKey))).all()
        assert [(row.key, row.body["number"]) for row in rows] == [("k1", 3)]


async def test_a_door_answers_the_same_for_the_same_key(
    house: House, api: httpx.AsyncClient, agent: dict[str, str]
) -> None:
    damage = await opened(api, agent, "damage")
    delay = await opened(api, agent, "delay")
    path, headers = f"/api/tickets/{delay}/split", {**agent, "Idempotency-Key": "split-1"}
    body = {"kind": "invoice", "words": ["开发票"]}
    first = await api.post(path, json=body, headers=headers)
    again = await api.post(path, json=body, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    other = await api.post(path, json={**body, "words": ["别的"]}, headers=headers)
    assert (other.status_code, other.json()["error"]) == (422, "idempotency_key_reused")
    elsewhere = f"/api/tickets/{damage}/split"
    assert (await api.post(elsewhere, json=body, headers=headers)).status_code == 422
    async with house.db.transaction() as session:
        invoices = text("SELECT count(*) FROM tickets WHERE kind = 'invoice'")
        assert await session.scalar(invoices) == 1


async def test_what_is_answered_again_is_what_was_kept(house: House) -> None:
    make = Maker()
    await ask(house, make)
    async with house.db.transaction() as session:
        await session.execute(update(IdempotencyKey).values(body={"number": 7, "says": "变了"}))
    assert await ask(house, make) == Made(number=7, says="变了")


@pytest.mark.parametrize("key", ["", "x" * 201, "有", "a b"])
async def test_a_key_has_a_plain_shape(
    api: httpx.AsyncClient, agent: dict[str, str], key: str
) -> None:
    ticket = await opened(api, agent, "damage")
    headers = {**agent, "Idempotency-Key": key.encode()}
    answer = await api.post(
        f"/api/tickets/{ticket}/reopen",
        json={"reason": "又坏了"},
        headers=headers,  # type: ignore[arg-type]
    )
    assert (answer.status_code, answer.json()["error"]) == (422, "invalid_request")


async def opened(api: httpx.AsyncClient, agent: dict[str, str], kind: str) -> str:
    body = {"kind": kind, "waybill_no": "YT2700000000001", "description": "杯子碎了"}
    answer = await api.post("/api/tickets", json=body, headers=agent)
    return str(answer.json()["ticket"]["ticket_no"])
