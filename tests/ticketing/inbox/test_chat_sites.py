"""Chats on the pages of sites, over a real socket: who may connect, and who is believed."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from socketio.exceptions import ConnectionError as Refused

from tests.ticketing.inbox.test_chat_door import Chat, url
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.sites import service as sites
from ticketing.sites.signing import Identity, sign

__all__ = ["url"]

SHOP = "https://shop.example.com"
KEY = "shop"
Json = dict[str, Any]


@pytest.fixture
async def secret(house: House) -> str:
    """The secret of a site; it is there before the server starts."""
    wanted = {"name": "商城", "origins": [SHOP], "theme": {}}
    mine = house.settings.secret_key.get_secret_value()
    async with house.db.transaction() as session:
        _, secret = await sites.add(session, KEY, wanted, clock.now(), house_secret=mine)
    return secret


@pytest.fixture
async def tabs(secret: str) -> AsyncIterator[list[Chat]]:
    assert secret
    tabs = [Chat(), Chat()]
    yield tabs
    for tab in tabs:
        await tab.client.disconnect()


def vouched(secret: str, external_id: str = "u-7") -> Json:
    """Return what a page of the site tells."""
    at = int(time.time())
    signature = sign(Identity(KEY, external_id, "李雷", False, at), secret)
    customer = {"id": external_id, "name": "李雷", "vip": False, "at": at}
    return {"site": KEY, "customer": customer, "signature": signature}


async def test_a_customer_speaks_on_two_devices_in_one_conversation(
    tabs: list[Chat], url: str, secret: str
) -> None:
    phone, desk = tabs
    await phone.open(url, after=0, customer_data=vouched(secret))
    assert (await phone.say("在手机上"))["seq"] == 1
    await phone.next("bot_uttered")
    await desk.open(url, after=0, customer_data=vouched(secret))
    history = await desk.next("history")
    assert [message["text"] for message in history["messages"]] == ["在手机上", "收到：在手机上"]
    assert (await desk.say("在电脑上"))["seq"] == 3
    assert (await phone.next("bot_uttered"))["text"] == "收到：在电脑上"


async def test_what_was_read_on_one_device_is_read_on_the_other(
    tabs: list[Chat], url: str, secret: str
) -> None:
    phone, desk = tabs
    await phone.open(url, after=0, customer_data=vouched(secret))
    await phone.say("你好")
    seq = (await phone.next("bot_uttered"))["metadata"]["seq"]
    await phone.client.emit("seen", {"seq": seq})
    await phone.say("再见")
    await phone.next("bot_uttered")
    await desk.open(url, after=0, customer_data=vouched(secret))
    assert (await desk.next("history"))["seen_seq"] == seq


async def test_a_forged_customer_is_told_so_and_goes_on_as_a_visitor(
    tabs: list[Chat], url: str, secret: str
) -> None:
    chat = tabs[0]
    await chat.client.connect(url)
    forged = {**vouched(secret), "signature": "0" * 64}
    await chat.client.emit("session_request", {"after": 0, "customer_data": forged})
    refusal = await chat.next("error")
    assert refusal["error"] == "wrong_signature"
    await chat.client.emit("session_request", {"after": 0, "customer_data": {"site": KEY}})
    chat.token = await chat.next("session_confirm")
    assert (await chat.say("你好"))["seq"] == 1


async def test_nothing_can_be_said_before_the_site_is_believed(tabs: list[Chat], url: str) -> None:
    chat = tabs[0]
    await chat.client.connect(url)
    await chat.client.emit("session_request", {"customer_data": {"site": "nobody"}})
    assert (await chat.next("error"))["error"] == "unknown_site"
    assert (await chat.say("你好"))["error"] == "session_not_yours"


async def test_a_page_of_the_site_may_connect_by_itself(tabs: list[Chat], url: str) -> None:
    chat = tabs[0]
    await chat.client.connect(url, headers={"Origin": SHOP})
    await chat.client.emit("session_request", {"after": 0, "customer_data": {"site": KEY}})
    assert len(await chat.next("session_confirm")) == 43


@pytest.mark.parametrize("origin", ["https://evil.example.com", "null", f"{SHOP}:8443"])
async def test_a_page_of_nobodys_is_not_let_in(tabs: list[Chat], url: str, origin: str) -> None:
    with pytest.raises(Refused):
        await tabs[0].client.connect(url, headers={"Origin": origin})


async def test_our_own_page_is_always_let_in(tabs: list[Chat], url: str) -> None:
    await tabs[0].client.connect(url, headers={"Origin": url})
    assert tabs[0].client.connected
