"""A desk with people."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.ticketing.desk.browsers import Console, Tab, serving
from tests.ticketing.desk.stage import Desk
from tests.ticketing.inbox.test_chat_door import Chat
from ticketing.accounts.tokens import Role
from ticketing.composition import House


@pytest.fixture
async def desk(house: House, api: httpx.AsyncClient) -> Desk:
    """Anna and Ben answer customers, Lena leads them, Vera is for VIPs, Mona manages."""
    desk = Desk(house, api)
    await desk.person("anna", called="安娜")
    await desk.person("ben", called="小本")
    await desk.person("lena", Role.LEAD, called="莲娜")
    await desk.person("vera", team="vip", called="薇拉")
    await desk.person("mona", Role.MANAGER, team=None, called="莫娜")
    return desk


@pytest.fixture
async def url(house: House) -> AsyncIterator[str]:
    async with serving(house) as [url]:
        yield url


@pytest.fixture
async def tab(desk: Desk) -> AsyncIterator[Tab]:
    """Opens consoles, and closes them."""
    opened: list[Console] = []

    def tab(who: str) -> Console:
        opened.append(Console(desk.token(who)))
        return opened[-1]

    yield tab
    for console in opened:
        await console.leave()


@pytest.fixture
async def chat(url: str) -> AsyncIterator[Chat]:
    """A customer's browser."""
    chat = Chat()
    chat.client.on("retracted", chat._keep("retracted"))
    await chat.open(url, after=0)
    yield chat
    await chat.client.disconnect()
