"""Whoever tries too often waits; whose name is tried by strangers does not."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, update

from tests.ticketing.people import PASSWORD
from ticketing.accounts import service, throttle
from ticketing.accounts.models import AuditLine, SignInTries
from ticketing.accounts.throttle import ADDRESS_TRIES, NAME_TRIES, WINDOW, Tries
from ticketing.accounts.tokens import Role
from ticketing.app import build
from ticketing.composition import House
from ticketing.kernel import clock

HOME, ABROAD = "203.0.113.7", "198.51.100.9"


@pytest.fixture
async def anna(house: House) -> None:
    """Somebody who may sign in."""
    async with house.db.transaction() as session:
        await service.put_person(session, "anna", PASSWORD, Role.AGENT, clock.now())


def client_from(house: House, address: str) -> httpx.AsyncClient:
    """A browser at an address."""
    transport = httpx.ASGITransport(build(house), client=(address, 4711))
    return httpx.AsyncClient(transport=transport, base_url="http://house")


async def attempt(
    client: httpx.AsyncClient, name: str = "anna", password: str = "wrong"
) -> httpx.Response:
    """Try to sign in at the console."""
    return await client.post("/api/session", json={"username": name, "password": password})


async def lock(house: House, name: str, address: str) -> None:
    """Count as many tries as a name has, without hashing as many passwords."""
    for _ in range(NAME_TRIES):
        async with house.db.transaction() as session:
            assert await throttle.count(session, Tries.of(name, address), clock.now()) is None


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("name", ["anna", "nobody"])
async def test_after_ten_tries_a_name_waits_whether_it_exists_or_not(
    house: House, name: str
) -> None:
    await lock(house, name, ABROAD)
    async with client_from(house, ABROAD) as client:
        refused = await attempt(client, name, PASSWORD)
    assert (refused.status_code, refused.json()["error"]) == (429, "too_many_tries")
    wait = refused.json()["facts"]["retry_after"]
    assert 0 < wait <= WINDOW.total_seconds()
    assert refused.headers["Retry-After"] == str(wait)


@pytest.mark.usefixtures("anna")
async def test_programs_wait_at_their_own_door_too(house: House) -> None:
    await lock(house, "anna", ABROAD)
    form = {"grant_type": "password", "username": "anna", "password": PASSWORD}
    async with client_from(house, ABROAD) as client:
        refused = await client.post("/api/oauth/token", data=form)
    assert (refused.status_code, refused.json()["error"]) == (429, "too_many_tries")


@pytest.mark.usefixtures("anna")
async def test_strangers_who_lock_a_name_do_not_lock_out_its_owner(house: House) -> None:
    async with client_from(house, HOME) as home, client_from(house, ABROAD) as abroad:
        assert (await attempt(home, password=PASSWORD)).status_code == 200
        await lock(house, "anna", ABROAD)
        assert (await attempt(abroad, password=PASSWORD)).status_code == 429
        assert (await attempt(home, password=PASSWORD)).status_code == 200


@pytest.mark.usefixtures("anna")
async def test_from_a_known_address_too_a_name_is_not_tried_for_ever(house: House) -> None:
    async with client_from(house, HOME) as home:
        assert (await attempt(home, password=PASSWORD)).status_code == 200
        await lock(house, "anna", HOME)
        assert (await attempt(home, password=PASSWORD)).status_code == 429


@pytest.mark.usefixtures("anna")
async def test_whoever_comes_in_begins_anew(house: House) -> None:
    async with client_from(house, HOME) as home:
        for _ in range(2):
            assert (await attempt(home)).status_code == 401
        assert (await attempt(home, password=PASSWORD)).status_code == 200
    async with house.db.transaction() as session:
        counts = list(await session.scalars(select(SignInTries.count)))
    assert counts == [2], "what is left is what the address got wrong"


@pytest.mark.usefixtures("anna")
async def test_who_comes_in_where_they_are_known_makes_no_room_for_guesses(house: House) -> None:
    async with house.db.transaction() as session:
        await service.put_person(session, "ben", PASSWORD, Role.AGENT, clock.now())
    async with client_from(house, HOME) as home:
        assert (await attempt(home, "ben", PASSWORD)).status_code == 200
        assert (await attempt(home, "anna")).status_code == 401
        tries = Tries.of("anna", HOME)
        before = await counted(house, tries.address)
        assert (await attempt(home, "ben", PASSWORD)).status_code == 200
        assert await counted(house, tries.address) == before


async def test_a_try_that_is_taken_back_was_counted_before(house: House) -> None:
    tries, now = Tries.of("anna", HOME), clock.now()
    async with house.db.transaction() as session:
        await throttle.succeeded(session, tries, now)
    await lock(house, "anna", ABROAD)
    for _ in range(3):
        async with house.db.transaction() as session:
            assert await throttle.count(session, tries, now) is None
            await throttle.take_back(session, tries)
    assert await counted(house, tries.name) == NAME_TRIES


async def counted(house: House, key: str) -> int:
    """How many tries are counted."""
    async with house.db.transaction() as session:
        return (await session.get_one(SignInTries, key)).count


@pytest.mark.usefixtures("anna")
async def test_tries_too_many_fill_no_log(house: House) -> None:
    await lock(house, "anna", ABROAD)
    async with client_from(house, ABROAD) as client:
        for _ in range(3):
            assert (await attempt(client)).status_code == 429
    async with house.db.transaction() as session:
        lines = (await session.scalars(select(AuditLine.what))).all()
    assert lines == ["too_many_tries"]


async def test_an_address_that_tries_many_names_waits(house: House) -> None:
    for number in range(ADDRESS_TRIES):
        async with house.db.transaction() as session:
            tries = Tries.of(f"name{number}", ABROAD)
            assert await throttle.count(session, tries, clock.now()) is None
    async with client_from(house, ABROAD) as client:
        assert (await attempt(client, "another")).status_code == 429
    async with client_from(house, HOME) as client:
        assert (await attempt(client, "another")).status_code == 401


async def test_many_at_once_are_not_one_too_many(house: House) -> None:
    async def one() -> Any:
        async with house.db.transaction() as session:
            return await throttle.count(session, Tries.of("anna", ABROAD), clock.now())

    refused = [each for each in await asyncio.gather(*(one() for _ in range(30))) if each]
    assert len(refused) == 30 - NAME_TRIES


async def test_after_a_quarter_of_an_hour_one_may_try_again(house: House) -> None:
    await lock(house, "anna", ABROAD)
    tries, now = Tries.of("anna", ABROAD), clock.now()
    async with house.db.transaction() as session:
        refused = await throttle.count(session, tries, now)
        assert refused is not None
        assert refused.facts["retry_after"] <= WINDOW.total_seconds()
        later = now + WINDOW + timedelta(seconds=1)
        assert await throttle.count(session, tries, later) is None


async def test_old_counts_are_forgotten(house: House) -> None:
    await lock(house, "anna", ABROAD)
    long_ago = clock.now() - timedelta(days=365)
    async with house.db.transaction() as session:
        await session.execute(update(SignInTries).values(until=long_ago))
        await service.put_person(session, "mina", PASSWORD, Role.MANAGER, clock.now())
    async with client_from(house, HOME) as home:
        assert (await attempt(home, "mina", PASSWORD)).status_code == 200
    async with house.db.transaction() as session:
        query = select(func.count()).where(SignInTries.until == long_ago)
        assert await session.scalar(query) == 0


def test_names_and_addresses_are_counted_as_what_they_are() -> None:
    assert Tries.of(" Anna ", HOME) == Tries.of("anna", HOME)
    assert Tries.of("anna", "2001:db8::1").address == Tries.of("anna", "2001:db8::2").address
    assert Tries.of("anna", "2001:db8:0:1::1").address != Tries.of("anna", "2001:db8::1").address
    assert Tries.of("anna", "socket").both != Tries.of("anna", HOME).both
    assert len({Tries.of("a", "b").name, Tries.of("a", "b").address, Tries.of("a", "b").both}) == 3
