"""A manager, and a shop that carries the chat."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.ticketing.people import sign_in
from ticketing.accounts.tokens import Role
from ticketing.composition import House
from ticketing.sites.signing import Identity, sign

SHOP = "https://shop.example.com"
Json = dict[str, Any]


@dataclass(frozen=True)
class Shop:
    """A site as its own server knows it."""

    key: str
    secret: str

    def vouch(self, external_id: str, *, name: str = "李雷", at: int | None = None) -> Json:
        """Return the `customer_data` of a customer of the shop."""
        moment = int(time.time()) if at is None else at
        who = Identity(self.key, external_id, name, False, moment)
        customer = {"id": external_id, "name": name, "vip": False, "at": moment}
        return {"site": self.key, "customer": customer, "signature": sign(who, self.secret)}


@pytest.fixture
async def manager(house: House, api: httpx.AsyncClient) -> Json:
    """The headers of a manager."""
    return await sign_in(house, api, "mona", Role.MANAGER)


@pytest.fixture
async def shop(api: httpx.AsyncClient, manager: Json) -> Shop:
    """A site at `SHOP`."""
    return await add_shop(api, manager, "shop")


async def add_shop(api: httpx.AsyncClient, manager: Json, key: str) -> Shop:
    """Add a site with this key at `SHOP`."""
    body = {"key": key, "name": "示例商城", "origins": [SHOP]}
    answer = await api.post("/api/sites", json=body, headers=manager)
    assert answer.status_code == 201, answer.text
    return Shop(key, answer.json()["secret"])
