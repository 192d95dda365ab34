"""Which page somebody writes from: kept with the conversation, without what may be secret."""

from __future__ import annotations

import httpx
import pytest

from tests.ticketing.desk.stage import Desk
from tests.ticketing.inbox.test_identity import SHOP, Shop, added, opened
from ticketing.accounts.tokens import Role
from ticketing.composition import House
from ticketing.inbox.page import LONGEST, page_address


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (f"{SHOP}/orders/7", f"{SHOP}/orders/7"),
        (f"{SHOP}/orders?token=secret#top", f"{SHOP}/orders"),
        ("HTTP://li:pass@Shop.Example.com:8080/a", "http://shop.example.com:8080/a"),
        ("http://[::1]:80/a", "http://[::1]:80/a"),
        (f"{SHOP}/{'a' * 900}", f"{SHOP}/{'a' * 900}"[:LONGEST]),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("https://", None),
        ("http://[broken", None),
        ("http://a:99999/", None),
        ("", None),
        (7, None),
        (None, None),
    ],
)
def test_only_origin_and_path_of_a_page_on_the_web_are_kept(told: object, kept: str | None) -> None:
    assert page_address(told) == kept


@pytest.fixture
async def shop(house: House) -> Shop:
    return await added(house, "shop")


async def test_visitors_and_customers_have_the_page_they_came_from_last(
    house: House, shop: Shop
) -> None:
    for told in ({"site": shop.key}, shop.vouch("u-7")):
        came = await opened(house, {**told, "page": f"{SHOP}/cart?coupon=9"})
        back = await opened(house, {**told, "page": f"{SHOP}/orders"}, token=came.token)
        silent = await opened(house, told, token=back.token)
        assert came.conversation.id == silent.conversation.id
        assert (came.conversation.page, back.conversation.page) == (
            f"{SHOP}/cart",
            f"{SHOP}/orders",
        )
        assert silent.conversation.page == f"{SHOP}/orders"


@pytest.mark.parametrize("page", [7, ["x"], "nowhere"])
async def test_a_page_nobody_can_read_shuts_no_door(house: House, shop: Shop, page: object) -> None:
    came = await opened(house, {**shop.vouch("u-7"), "page": page})
    assert came.conversation.page is None


async def test_it_stands_beside_the_conversation_at_the_desk(
    house: House, api: httpx.AsyncClient, shop: Shop
) -> None:
    desk = Desk(house, api)
    came = await opened(house, {"site": shop.key, "page": f"{SHOP}/orders?id=7"})
    await desk.person("mona", Role.MANAGER, team=None)
    beside = f"/api/desk/conversations/{came.conversation.id}/context"
    assert (await desk.get(beside, "mona"))["page"] == f"{SHOP}/orders"
