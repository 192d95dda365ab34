"""A part of a ticket becomes one of its own."""

from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.ticketing.tickets.desk import (
    OTHER_WAYBILL,
    WAYBILL,
    chat,
    finish,
    hears,
    history,
    listening,
    opened,
)
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.tickets import chain, repository
from ticketing.tickets.events import TicketOpened, TicketSplit
from ticketing.tickets.kinds import UnknownTicketKind
from ticketing.tickets.listing import Linked, links
from ticketing.tickets.models import Ticket
from ticketing.tickets.service import Filed, WaybillMissing
from ticketing.tickets.splitting import NothingToSplit, Part, split
from ticketing.tickets.steps import TicketAlreadyClosed, TicketChangedMeanwhile

WORDS = ("杯子碎了", "顺便开张发票")
INVOICE = Part("invoice", None, ("顺便开张发票",))


async def parted(session: AsyncSession, ticket: Ticket, part: Part = INVOICE) -> Filed:
    return await split(session, ticket.ticket_no, part, by="anna", now=clock.now())


async def test_the_part_is_a_ticket_with_its_own_steps_whose_parent_is_named(
    house: House,
) -> None:
    async with listening(house) as (session, heard):
        parent = await opened(session, words=WORDS, contact_phone="13800000001")
        heard.clear()
        filed = await parted(session, parent)
        child = filed.ticket
        assert (filed.outcome, child.kind, child.description) == (
            "opened",
            "invoice",
            "顺便开张发票",
        )
        assert child.contact_phone == "13800000001"
        assert await repository.open_steps(session, child.id) != []
        assert await links(session, child) == (Linked(parent.ticket_no, "parent", outgoing=True),)
        assert [type(fact) for fact in heard if isinstance(fact, TicketOpened | TicketSplit)] == [
            TicketOpened,
            TicketSplit,
        ]


async def test_the_words_are_moved_and_both_histories_name_them(house: House) -> None:
    async with house.db.transaction() as session:
        parent = await opened(session, words=WORDS)
        child = (await parted(session, parent)).ticket
        assert (parent.words, child.words) == (["杯子碎了"], ["顺便开张发票"])
        of_parent, of_child = (await history(session, parent))[-1], await history(session, child)
        assert of_parent.what == "split_off"
        assert of_parent.facts == {
            "ticket_no": child.ticket_no,
            "words": ["顺便开张发票"],
        }
        from_there = next(line for line in of_child if line.what == "split_from")
        assert from_there.facts["ticket_no"] == parent.ticket_no
        for each in (parent, child):
            assert (await chain.verify(session, each)).ok


async def test_where_such_a_ticket_is_open_the_part_joins_it(house: House) -> None:
    async with house.db.transaction() as session:
        parent = await opened(session, words=("杯子碎了", "还停了三天"))
        late = await opened(session, "delay", words=("没动了",))
        filed = await parted(session, parent, Part("delay", WAYBILL, ("还停了三天",)))
        assert (filed.outcome, filed.ticket) == ("joined", late)
        assert late.words == ["没动了", "还停了三天"]


async def test_the_same_again_is_not_a_part(house: House) -> None:
    async with house.db.transaction() as session:
        parent = await opened(session, words=WORDS)
        with pytest.raises(NothingToSplit):
            await parted(session, parent, Part("damage", WAYBILL, ("杯子碎了",)))


async def test_a_part_is_filed_by_the_rules_of_its_kind(house: House) -> None:
    async with house.db.transaction() as session:
        parent = await opened(session, words=WORDS)
        with pytest.raises(WaybillMissing):
            await parted(session, parent, Part("lost", None, ("丢了",)))
        with pytest.raises(UnknownTicketKind):
            await parted(session, parent, Part("boredom", None, ("无聊",)))


async def test_a_closed_ticket_or_one_changed_meanwhile_is_not_split(house: House) -> None:
    async with house.db.transaction() as session:
        parent = await opened(session, words=WORDS)
        number, now = parent.ticket_no, clock.now()
        with pytest.raises(TicketChangedMeanwhile):
            await split(session, number, INVOICE, by="anna", now=now, seen=parent.version + 1)
        await finish(session, parent)
        with pytest.raises(TicketAlreadyClosed):
            await parted(session, parent)


async def test_the_customer_hears_of_the_part_about_the_same_parcel(house: House) -> None:
    async with house.db.transaction() as session:
        parent = await opened(session, words=("杯子碎了", "还停了三天"))
        customer = await chat(session, "customer")
        await hears(session, parent, customer)
        child = (await parted(session, parent, Part("delay", WAYBILL, ("还停了三天",)))).ticket
        assert await repository.audience(session, child.id) == [customer]


async def test_of_another_parcels_open_ticket_the_customer_does_not_hear(house: House) -> None:
    async with house.db.transaction() as session:
        parent = await opened(session, words=("杯子碎了", "另一个也碎了"))
        customer, other = await chat(session, "customer"), await chat(session, "other")
        await hears(session, parent, customer)
        theirs = await opened(session, waybill_no=OTHER_WAYBILL)
        await hears(session, theirs, other)
        await parted(session, parent, Part("damage", OTHER_WAYBILL, ("另一个也碎了",)))
        assert await repository.audience(session, theirs.id) == [other]


async def test_of_a_new_ticket_only_a_sole_customer_hears_without_a_proof(house: House) -> None:
    async with house.db.transaction() as session:
        parent = await opened(session, words=("杯子碎了", "另一个也碎了"))
        one, other = await chat(session, "one"), await chat(session, "other")
        await hears(session, parent, one, opener=True)
        alone = (await parted(session, parent, Part("invoice", None, ("发票",)))).ticket
        assert await repository.audience(session, alone.id) == [one]
        await hears(session, parent, other)
        part = Part("damage", OTHER_WAYBILL, ("另一个也碎了",))
        assert (
            await repository.audience(session, (await parted(session, parent, part)).ticket.id)
            == []
        )
