"""What is written on the way of a ticket is found by its words."""

from __future__ import annotations

import httpx
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from tests.support.filling import filled
from tests.ticketing.inbox.waiting_tickets import walk_to
from tests.ticketing.tickets.desk import opened
from tests.ticketing.tickets.test_search import found
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.tickets import indexing, steps
from ticketing.tickets.history import Line, record
from ticketing.tickets.merging import merge
from ticketing.tickets.models import Ticket, TicketSearch
from ticketing.tickets.steps import Doing

STEP = "warehouse_check"


async def checked(session: AsyncSession, note: str = "", **answers: object) -> Ticket:
    """Return a ticket whose parcel the warehouse has looked at."""
    ticket = await walk_to(session, await opened(session), STEP)
    doing = Doing(by="anna", note=note, data=filled(STEP, **answers))
    return await steps.complete_step(session, ticket.ticket_no, STEP, doing, clock.now())


async def test_a_ticket_is_found_by_the_notes_of_its_completed_steps(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await checked(session, "监控里看到托盘倾倒，叉车师傅已确认")
        await opened(session, "delay", waybill_no="YT2700000000009")
        for asked in ("托盘", "倾倒", "叉车师傅", "监控 确认"):
            assert await found(session, asked) == [ticket.ticket_no]
        assert await found(session, "杯子 托盘") == [ticket.ticket_no]


async def test_answers_in_own_words_are_found_and_chosen_ones_are_not(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await checked(session, findings="泡沫纸只裹了一层", packaging="intact")
        assert await found(session, "泡沫") == [ticket.ticket_no]
        assert await found(session, "intact") == []


async def test_why_a_step_was_sent_back_is_found(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await walk_to(session, await opened(session), STEP)
        doing = Doing(by="anna", note="缺少购货凭证")
        await steps.send_back(session, ticket.ticket_no, STEP, doing, to="accept", now=clock.now())
        assert await found(session, "凭证") == [ticket.ticket_no]


async def test_a_survivor_is_found_by_what_was_noted_on_the_merged_ticket(house: House) -> None:
    async with house.db.transaction() as session:
        damage = await checked(session, "托盘倾倒")
        lost = await opened(session, "lost", words=("整箱不见了",))
        await merge(session, damage.ticket_no, lost.ticket_no, by="anna", now=clock.now())
        for asked in ("托盘", damage.ticket_no):
            assert set(await found(session, asked)) == {damage.ticket_no, lost.ticket_no}
        assert await found(session, "整箱") == [lost.ticket_no]


async def test_notes_from_before_there_was_a_search_are_made_findable(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await checked(session, "托盘倾倒")
        record(session, ticket, Line("note", "anna", {"text": "客户下午再联系"}), clock.now())
        await session.flush()
        await session.execute(delete(TicketSearch))
    await indexing.index_old_tickets(house.db, clock.now)
    async with house.db.transaction() as session:
        for asked in ("托盘", "下午", "杯子"):
            assert await found(session, asked) == [ticket.ticket_no]


async def test_a_ticket_without_a_document_is_found_by_all_it_says_after_its_next_note(
    house: House,
) -> None:
    async with house.db.transaction() as session:
        ticket = await walk_to(session, await opened(session), STEP)
        await session.flush()
        await session.execute(delete(TicketSearch))
        doing = Doing(by="anna", note="缺少购货凭证")
        await steps.send_back(session, ticket.ticket_no, STEP, doing, to="accept", now=clock.now())
        for asked in ("凭证", "杯子", ticket.ticket_no):
            assert await found(session, asked) == [ticket.ticket_no]


async def test_a_note_given_at_the_door_is_found_at_the_door(
    house: House, api: httpx.AsyncClient, agent: dict[str, str]
) -> None:
    async with house.db.transaction() as session:
        ticket = await walk_to(session, await opened(session), STEP)
        number = ticket.ticket_no
    body = {"note": "托盘倾倒", "data": filled(STEP)}
    path = f"/api/tickets/{number}/steps/{STEP}/complete"
    assert (await api.post(path, json=body, headers=agent)).status_code == 200
    answer = await api.get("/api/tickets/search", params={"q": "倾倒"}, headers=agent)
    assert [line["ticket_no"] for line in answer.json()["tickets"]] == [number]
