"""Which pages may connect, as sites come and go."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy.exc import OperationalError

from tests.ticketing.sites.conftest import SHOP, Shop
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.sites import guests as guests_module
from ticketing.sites import service
from ticketing.sites.guests import Guests

OURS = {"wsgi.url_scheme": "https", "HTTP_HOST": "chat.example.com"}


async def test_a_page_is_a_guest_while_its_site_is_active(house: House, shop: Shop) -> None:
    guests = Guests(house.db)
    assert not guests.may_connect(SHOP, OURS)
    await guests.renew()
    assert guests.may_connect(SHOP, OURS)
    async with house.db.transaction() as session:
        await service.change(session, shop.key, {"is_active": False}, clock.now())
    await guests.renew()
    assert not guests.may_connect(SHOP, OURS)


async def test_our_own_pages_and_programs_are_no_guests(house: House) -> None:
    guests = Guests(house.db)
    assert guests.may_connect("https://chat.example.com", OURS)
    assert guests.may_connect(None, OURS)
    assert not guests.may_connect("http://chat.example.com", OURS)


async def test_a_database_that_is_away_for_a_moment_is_asked_again(
    house: House, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    guests, renew, tries = Guests(house.db), Guests.renew, 0
    done = asyncio.Event()

    async def sometimes(self: Guests) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise OperationalError("SELECT", {}, Exception("away"))
        await renew(self)
        done.set()

    monkeypatch.setattr(guests_module, "RENEWED_EVERY", 0)
    monkeypatch.setattr(Guests, "renew", sometimes)
    renewing = asyncio.create_task(guests.keep_renewing())
    await asyncio.wait_for(done.wait(), 20)
    renewing.cancel()
    assert guests.may_connect(SHOP, OURS)
    assert shop.key == "shop"
