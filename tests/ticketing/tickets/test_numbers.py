"""Numbers of tickets: a day counts from one, nobody waits for anybody, none is given twice."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.composition import House
from ticketing.tickets import repository

DAY, NEXT_DAY = date(2026, 11, 22), date(2026, 11, 23)


async def number(session: AsyncSession, day: date = DAY) -> int:
    return (await repository.number(session, day, 0)).number


async def number_of_its_own(house: House, day: date = DAY) -> int:
    async with house.db.transaction() as session:
        return await number(session, day)


async def number_for_nothing(house: House) -> None:
    async with house.db.transaction() as session:
        await number(session)
        raise ZeroDivisionError


async def test_every_day_counts_from_one(house: House) -> None:
    days = (DAY, DAY, NEXT_DAY, DAY, NEXT_DAY)
    assert [await number_of_its_own(house, day) for day in days] == [1, 2, 1, 4, 3]


async def test_whoever_opens_a_ticket_holds_up_nobody(house: House) -> None:
    await number_of_its_own(house)
    async with house.db.transaction() as slow, house.db.transaction() as quick:
        await quick.execute(text("SET LOCAL lock_timeout = '2s'"))
        assert (await number(slow), await number(quick)) == (2, 3)


async def test_a_ticket_that_comes_to_nothing_leaves_a_gap(house: House) -> None:
    await number_of_its_own(house)
    with pytest.raises(ZeroDivisionError):
        await number_for_nothing(house)
    assert await number_of_its_own(house) == 3


async def test_a_day_whose_first_ticket_comes_to_nothing_begins_with_the_next(
    house: House,
) -> None:
    with pytest.raises(ZeroDivisionError):
        await number_for_nothing(house)
    assert await number_of_its_own(house) == 1


async def test_many_who_begin_a_day_at_once_get_numbers_of_their_own(house: House) -> None:
    given = await asyncio.gather(*(number_of_its_own(house) for _ in range(8)))
    assert len(set(given)) == 8
    assert min(given) >= 1


async def test_numbers_go_on_well_after_those_an_earlier_release_gave_on_the_day(
    house: House,
) -> None:
    async with house.db.transaction() as session:
        await session.execute(text("INSERT INTO ticket_counters VALUES (:day, 41)"), {"day": DAY})
    assert [await number_of_its_own(house) for _ in range(2)] == [1042, 1043]


async def test_the_keys_of_the_first_steps_come_with_the_number(house: House) -> None:
    async with house.db.transaction() as session:
        first = await repository.number(session, DAY, 2)
        second = await repository.number(session, DAY, 1)
    assert len({*first.step_ids, *second.step_ids}) == 3
    assert first.change_id != second.change_id
