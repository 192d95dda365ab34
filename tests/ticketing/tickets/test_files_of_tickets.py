"""What was sent in for a ticket belongs to whichever ticket goes on with the matter."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.support.filling import filled
from tests.ticketing.inbox.waiting_tickets import walk_to
from tests.ticketing.tickets.desk import finish, opened
from ticketing.composition import House
from ticketing.files import service as files
from ticketing.files.models import StoredFile
from ticketing.files.sweeping import sweep
from ticketing.forms.service import FormDataInvalid
from ticketing.kernel import clock
from ticketing.kernel.ids import new_id
from ticketing.tickets.merging import merge
from ticketing.tickets.models import Ticket
from ticketing.tickets.reopening import reopen
from ticketing.tickets.splitting import Part, split
from ticketing.tickets.steps import Doing, complete_step


async def photo(session: AsyncSession, age: timedelta = timedelta()) -> StoredFile:
    stored = StoredFile(
        sha256=new_id().hex * 2,
        size=3,
        media_type="image/png",
        original_name="a.png",
        uploaded_by="anna",
        uploaded_at=clock.now() - age,
    )
    session.add(stored)
    await session.flush()
    return stored


async def attach(session: AsyncSession, ticket: Ticket, role: str = "outer") -> str:
    stored = await photo(session)
    number = ticket.ticket_no
    await files.link(session, stored, number, role, by="customer", now=clock.now())
    return str(stored.id)


async def attached(session: AsyncSession, ticket: Ticket) -> list[tuple[str, str, str]]:
    found = await files.linked(session, [ticket.ticket_no])
    return [(str(stored.id), link.role, link.linked_by) for link, stored in found]


async def merged(session: AsyncSession, one: Ticket, other: Ticket) -> None:
    await merge(session, one.ticket_no, other.ticket_no, by="anna", now=clock.now())


async def test_the_files_of_a_merged_ticket_belong_to_the_one_that_goes_on(house: House) -> None:
    async with house.db.transaction() as session:
        delay, damage = await opened(session, "delay"), await opened(session, "damage")
        own, others = await attach(session, damage), await attach(session, delay, "label")
        await merged(session, delay, damage)
        assert await attached(session, damage) == [
            (own, "outer", "customer"),
            (others, "label", "customer"),
        ]
        assert await attached(session, delay) == [(others, "label", "customer")]


async def test_merging_again_or_a_file_both_have_links_nothing_twice(house: House) -> None:
    async with house.db.transaction() as session:
        delay, damage = await opened(session, "delay"), await opened(session, "damage")
        both = await photo(session)
        for ticket in (delay, damage):
            await files.link(
                session, both, ticket.ticket_no, "inner", by="customer", now=clock.now()
            )
        for _ in range(2):
            await merged(session, delay, damage)
        assert await attached(session, damage) == [(str(both.id), "inner", "customer")]


async def test_files_go_on_along_a_row_of_merged_tickets(house: House) -> None:
    async with house.db.transaction() as session:
        first, second, third = [await opened(session, kind) for kind in ("delay", "damage", "lost")]
        one = await attach(session, first)
        await merged(session, first, second)
        await merged(session, second, third)
        assert [each for each, _, _ in await attached(session, third)] == [one]


async def test_a_ticket_split_off_has_the_files_of_its_parent_who_keeps_them(
    house: House,
) -> None:
    async with house.db.transaction() as session:
        parent = await opened(session, words=("杯子碎了", "少了一个"))
        one = await attach(session, parent)
        part = Part("lost", parent.waybill_no, ("少了一个",))
        child = (await split(session, parent.ticket_no, part, by="anna", now=clock.now())).ticket
        assert await attached(session, child) == [(one, "outer", "customer")]
        assert await attached(session, parent) == [(one, "outer", "customer")]


async def test_a_ticket_opened_because_an_old_one_was_not_settled_has_its_files(
    house: House,
) -> None:
    async with house.db.transaction() as session:
        old = await finish(session, await opened(session))
        one = await attach(session, old)
        late = clock.now() + timedelta(days=90)
        new = await reopen(session, old.ticket_no, "还是没赔", by="anna", now=late)
        assert new.is_new
        assert await attached(session, new.ticket) == [(one, "outer", "customer")]


async def test_what_a_step_names_belongs_to_its_ticket_and_is_not_swept(
    house: House, tmp_path: Path
) -> None:
    async with house.db.transaction() as session:
        ticket = await walk_to(session, await opened(session), "warehouse_check")
        named, forgotten = [await photo(session, timedelta(days=3)) for _ in range(2)]
        data = filled("warehouse_check", photos=[str(named.id)])
        doing = Doing(by="anna", data=data)
        await complete_step(session, ticket.ticket_no, "warehouse_check", doing, clock.now())
        assert await attached(session, ticket) == [(str(named.id), "photos", "anna")]
    await sweep(house.db, tmp_path, clock.now)
    async with house.db.transaction() as session:
        kept = await files.media_types(session, [str(named.id), str(forgotten.id)])
    assert list(kept) == [str(named.id)]


async def test_a_step_that_names_a_file_nobody_sent_in_is_refused(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await walk_to(session, await opened(session), "warehouse_check")
        doing = Doing(by="anna", data=filled("warehouse_check", photos=[str(new_id())]))
        with pytest.raises(FormDataInvalid):
            await complete_step(session, ticket.ticket_no, "warehouse_check", doing, clock.now())
        assert await attached(session, ticket) == []
