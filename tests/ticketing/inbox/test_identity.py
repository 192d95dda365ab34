"""Who opens a web chat: visitors by their secret, customers by what their site signed."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from ticketing.composition import House
from ticketing.conversations.models import Conversation, Customer
from ticketing.inbox import identity
from ticketing.inbox.identity import Asking, Opened
from ticketing.inbox.models import ChatKey
from ticketing.kernel import clock
from ticketing.sites import service as sites
from ticketing.sites.service import (
    IdentityExpired,
    OriginNotAllowed,
    UnknownSite,
    WrongSignature,
)
from ticketing.sites.signing import GOOD_FOR, Identity, sign

SHOP = "https://shop.example.com"
HOUSE_SECRET = "a-secret-key-of-at-least-32-bytes"
Json = dict[str, Any]


@dataclass(frozen=True)
class Shop:
    """A site, and how its server signs."""

    key: str
    secret: str

    def vouch(self, external_id: str, **changes: Any) -> Json:
        """Return what a page of the site tells of a customer."""
        who = {"name": "李雷", "vip": False, "at": int(time.time()), **changes}
        signed = Identity(self.key, external_id, who["name"], who["vip"], who["at"])
        signature = sign(signed, self.secret)
        return {"site": self.key, "customer": {"id": external_id, **who}, "signature": signature}


@pytest.fixture
async def shop(house: House) -> Shop:
    return await added(house, "shop")


async def added(house: House, key: str) -> Shop:
    """Add a site."""
    wanted = {"name": key, "origins": [SHOP], "theme": {}}
    async with house.db.transaction() as session:
        _, secret = await sites.add(session, key, wanted, clock.now(), house_secret=HOUSE_SECRET)
    return Shop(key, secret)


async def opened(
    house: House, told: object = None, token: object = None, origin: str | None = None
) -> Opened:
    """Knock with these."""
    async with house.db.transaction() as session:
        asking = Asking(token, told, origin)
        return await identity.open_session(session, asking, clock.now(), HOUSE_SECRET)


async def test_a_customer_goes_on_with_the_same_conversation_on_another_device(
    house: House, shop: Shop
) -> None:
    phone = await opened(house, shop.vouch("u-7"))
    desk = await opened(house, shop.vouch("u-7"))
    assert phone.conversation.id == desk.conversation.id
    assert phone.token != desk.token


async def test_customers_of_one_site_and_of_two_have_each_their_own(
    house: House, shop: Shop
) -> None:
    other = await added(house, "other")
    all_of_them = [shop.vouch("u-7"), shop.vouch("u-8"), other.vouch("u-7")]
    found = {(await opened(house, told)).conversation.id for told in all_of_them}
    assert len(found) == 3


async def test_the_desk_knows_who_it_is_by_the_newest_word_of_the_site(
    house: House, shop: Shop
) -> None:
    await opened(house, shop.vouch("u-7"))
    await opened(house, shop.vouch("u-7", name="李雷雷", vip=True))
    async with house.db.transaction() as session:
        customer = (await session.scalars(select(Customer))).one()
        conversation = (await session.scalars(select(Conversation))).one()
    assert (customer.name, customer.vip, customer.site) == ("李雷雷", True, "shop")
    assert (conversation.customer_id, conversation.site) == (customer.id, "shop")


async def test_a_visitors_history_is_never_given_to_who_signs_in_after_them(
    house: House, shop: Shop
) -> None:
    visitor = await opened(house, {"site": shop.key})
    customer = await opened(house, shop.vouch("u-7"), token=visitor.token)
    assert customer.conversation.id != visitor.conversation.id
    again = await opened(house, {"site": shop.key}, token=visitor.token)
    assert again.conversation.id == visitor.conversation.id


async def test_a_customers_secret_opens_nothing_without_the_sites_word(
    house: House, shop: Shop
) -> None:
    customer = await opened(house, shop.vouch("u-7"))
    alone = await opened(house, None, token=customer.token)
    with_site = await opened(house, {"site": shop.key}, token=customer.token)
    other = await opened(house, shop.vouch("u-8"), token=customer.token)
    ids = {each.conversation.id for each in (customer, alone, with_site, other)}
    assert len(ids) == 4
    assert customer.token not in {alone.token, with_site.token, other.token}


async def test_nobody_opens_a_customers_conversation_by_guessing_its_key(
    house: House, shop: Shop
) -> None:
    customer = await opened(house, shop.vouch("u-7"))
    for token in (customer.conversation.customer_key, str(customer.conversation.id)):
        assert (await opened(house, None, token=token)).conversation.id != customer.conversation.id
        async with house.db.transaction() as session:
            assert await identity.opened_by(session, token) is None


@pytest.mark.parametrize(
    "spoil",
    [
        {"signature": "0" * 64},
        {"signature": ""},
        {"customer": {"id": "u-8", "name": "李雷", "vip": False, "at": 1}},
        {"customer": {"id": "", "at": 1}},
        {"customer": "u-7"},
        {"site": 7},
    ],
)
async def test_a_wrong_signature_opens_nothing_at_all(
    house: House, shop: Shop, spoil: Json
) -> None:
    with pytest.raises(WrongSignature):
        await opened(house, {**shop.vouch("u-7"), **spoil})
    async with house.db.transaction() as session:
        assert (await session.scalars(select(Conversation))).all() == []
        assert (await session.scalars(select(Customer))).all() == []


async def test_what_one_site_signed_counts_on_no_other(house: House, shop: Shop) -> None:
    other = await added(house, "other")
    with pytest.raises(WrongSignature):
        await opened(house, {**shop.vouch("u-7"), "site": other.key})


async def test_an_old_signature_opens_no_door_but_keeps_one_open(house: House, shop: Shop) -> None:
    customer = await opened(house, shop.vouch("u-7"))
    old = shop.vouch("u-7", at=int((clock.now() - GOOD_FOR - timedelta(hours=1)).timestamp()))
    back = await opened(house, old, token=customer.token)
    assert (back.token, back.conversation.id) == (customer.token, customer.conversation.id)
    with pytest.raises(IdentityExpired):
        await opened(house, old)
    with pytest.raises(IdentityExpired):
        await opened(house, old, token=(await opened(house, shop.vouch("u-8"))).token)


async def test_what_an_old_page_says_of_a_customer_is_no_news(house: House, shop: Shop) -> None:
    long_ago = int((clock.now() - GOOD_FOR - timedelta(hours=1)).timestamp())
    customer = await opened(house, shop.vouch("u-7", name="李磊"))
    old = shop.vouch("u-7", name="李雷", vip=True, at=long_ago)
    assert (await opened(house, old, token=customer.token)).token == customer.token
    async with house.db.transaction() as session:
        [known] = await session.scalars(select(Customer))
    assert (known.name, known.vip) == ("李磊", False)


async def test_a_rolled_secret_ends_what_was_signed_before(house: House, shop: Shop) -> None:
    told = shop.vouch("u-7")
    async with house.db.transaction() as session:
        await sites.roll_secret(session, shop.key, clock.now(), house_secret=HOUSE_SECRET)
    with pytest.raises(WrongSignature):
        await opened(house, told)


async def test_a_page_of_another_origin_is_refused(house: House, shop: Shop) -> None:
    assert (await opened(house, {"site": shop.key}, origin=SHOP)).token
    with pytest.raises(OriginNotAllowed):
        await opened(house, {"site": shop.key}, origin="https://evil.example.com")
    with pytest.raises(UnknownSite):
        await opened(house, {"site": "nobody"}, origin=SHOP)


@pytest.mark.parametrize("told", [None, "hello", ["x"], {}, {"language": "zh"}])
async def test_what_other_clients_send_along_is_passed_over(house: House, told: object) -> None:
    visitor = await opened(house, told)
    assert (await opened(house, told, token=visitor.token)).token == visitor.token


async def test_secrets_that_are_not_used_any_more_are_forgotten(house: House, shop: Shop) -> None:
    first = await opened(house, shop.vouch("u-7"))
    async with house.db.transaction() as session:
        key = (await session.scalars(select(ChatKey))).one()
        key.used_at -= identity.KEPT_FOR + timedelta(minutes=1)
    await opened(house, shop.vouch("u-8"))
    async with house.db.transaction() as session:
        assert await identity.opened_by(session, first.token) is None
