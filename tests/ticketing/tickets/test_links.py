"""Tickets that belong together."""

from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.ticketing.tickets.desk import history, opened
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.tickets.links import LinkGoesRound, LinkHeld, Relation, SameTicket, link, unlink
from ticketing.tickets.listing import Linked, links
from ticketing.tickets.lookup import UnknownTicket
from ticketing.tickets.merging import merge
from ticketing.tickets.models import Ticket


async def tied(
    session: AsyncSession, one: Ticket, other: Ticket, relation: Relation = "parent"
) -> Ticket:
    numbers = one.ticket_no, other.ticket_no
    return await link(session, *numbers, relation, by="anna", now=clock.now())


async def untied(
    session: AsyncSession, one: Ticket, other: Ticket, relation: Relation = "parent"
) -> Ticket:
    numbers = one.ticket_no, other.ticket_no
    return await unlink(session, *numbers, relation, by="anna", now=clock.now())


async def three(session: AsyncSession) -> tuple[Ticket, Ticket, Ticket]:
    return (
        await opened(session, "damage"),
        await opened(session, "delay"),
        await opened(session, "lost"),
    )


async def test_a_link_is_seen_from_both_ends_and_told_in_both_histories(house: House) -> None:
    async with house.db.transaction() as session:
        damage, delay, _ = await three(session)
        await tied(session, damage, delay)
        assert await links(session, damage) == (Linked(delay.ticket_no, "parent", outgoing=True),)
        assert await links(session, delay) == (Linked(damage.ticket_no, "parent", outgoing=False),)
        for each in (damage, delay):
            assert (await history(session, each))[-1].what == "linked"


async def test_said_twice_it_is_once(house: House) -> None:
    async with house.db.transaction() as session:
        damage, delay, _ = await three(session)
        await tied(session, damage, delay)
        version = damage.version
        await tied(session, damage, delay)
        assert damage.version == version
        assert len(await links(session, damage)) == 1


async def test_a_parent_is_nobodys_child_by_way_of_others(house: House) -> None:
    async with house.db.transaction() as session:
        damage, delay, lost = await three(session)
        await tied(session, damage, delay)
        await tied(session, delay, lost)
        with pytest.raises(LinkGoesRound):
            await tied(session, lost, damage)
        await tied(session, lost, damage, "caused_by")


async def test_a_ticket_is_not_tied_to_itself_or_to_none(house: House) -> None:
    async with house.db.transaction() as session:
        damage, *_ = await three(session)
        with pytest.raises(SameTicket):
            await tied(session, damage, damage)
        with pytest.raises(UnknownTicket):
            await link(
                session,
                damage.ticket_no,
                "T20000101000001",
                "parent",
                by="anna",
                now=clock.now(),
            )


async def test_what_is_untied_is_free_again_and_untying_nothing_says_nothing(
    house: House,
) -> None:
    async with house.db.transaction() as session:
        damage, delay, _ = await three(session)
        await tied(session, damage, delay)
        await untied(session, damage, delay)
        assert await links(session, damage) == ()
        version = damage.version
        await untied(session, damage, delay)
        assert damage.version == version
        await tied(session, delay, damage)


async def test_a_merge_is_not_undone_by_untying(house: House) -> None:
    async with house.db.transaction() as session:
        damage, delay, _ = await three(session)
        await merge(session, delay.ticket_no, damage.ticket_no, by="anna", now=clock.now())
        with pytest.raises(LinkHeld):
            await untied(session, delay, damage, "duplicate")
