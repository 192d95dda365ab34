"""Tickets found by what is said in them."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from tests.ticketing.tickets.desk import finish, opened
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.kernel.paging import BadCursor
from ticketing.tickets import indexing, search
from ticketing.tickets.models import Ticket, TicketSearch
from ticketing.tickets.search import NothingToSearchFor, Order, Sought
from ticketing.tickets.wanted import Wanted

SAID = "外箱严重破损，里面的青花瓷杯子碎了三个，快递员王小明不承认"


async def filed(session: AsyncSession, said: str, number: int = 1, **more: object) -> Ticket:
    """Open a ticket and let it be found."""
    kind = str(more.pop("kind", "damage"))
    at = clock.now() - timedelta(minutes=number)
    waybill_no = f"YT27000000{number:05d}"
    ticket = await opened(session, kind, at, waybill_no=waybill_no, words=(said,), **more)
    await session.flush()
    await indexing.index(session, ticket)
    return ticket


async def found(
    session: AsyncSession, asked: str, order: Order = "rank", **wanted: object
) -> list[str]:
    """Return the numbers of the tickets that are found, in order."""
    sought = Sought(asked, Wanted(**wanted), order)  # type: ignore[arg-type]
    page = await search.search(session, sought, None, 50)
    return [row.ticket.ticket_no for row in page.rows]


@pytest.mark.parametrize(
    "asked",
    [
        *("外箱", "严重", "破损", "青花", "杯子", "碎了", "三个", "王小", "小明", "承认"),
        *("青花瓷", "王小明", "破损 杯子", "外箱破损", '"外箱严重破损"', "“碎了三个”", "碎", "认"),
    ],
)
async def test_a_ticket_is_found_by_its_words(house: House, asked: str) -> None:
    async with house.db.transaction() as session:
        ticket = await filed(session, SAID)
        await filed(session, "只是想问一下进度", 2, kind="delay")
        assert await found(session, asked) == [ticket.ticket_no]


@given(st.integers(0, len(SAID) - 2))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_whatever_two_characters_are_cut_out_of_a_complaint_find_it(
    house: House, start: int
) -> None:
    two = SAID[start : start + 2]
    async with house.db.transaction() as session:
        ticket = await filed(session, SAID)
        if "，" in two:
            two = two.strip("，")
        assert await found(session, two) == [ticket.ticket_no]


@pytest.mark.parametrize("asked", ["破碎", "杯子 发票", '"破损外箱"', "瓷器", "99999", "YT28"])
async def test_what_a_ticket_does_not_say_does_not_find_it(house: House, asked: str) -> None:
    async with house.db.transaction() as session:
        await filed(session, SAID)
        assert await found(session, asked) == []


async def test_numbers_are_found_whole_by_their_beginning_and_by_their_end(
    house: House,
) -> None:
    async with house.db.transaction() as session:
        ticket = await filed(session, SAID, 34567, contact_phone="13812345678")
        number = ticket.ticket_no
        for asked in (number, number.lower(), number[1:], number[-6:], "YT2700000034567"):
            assert await found(session, asked) == [number]
        for asked in ("yt270", "2700000034567", "4567", "034567", "138", "13812345678", "5678"):
            assert await found(session, asked) == [number]


async def test_details_and_phone_numbers_in_them_are_found(house: House) -> None:
    async with house.db.transaction() as session:
        details = {"address": "深圳市南山区科技园路9号", "phone": "0755-87654321"}
        ticket = await filed(session, "想改地址", kind="address_change", details=details)
        for asked in ("南山", "科技园", "4321", "87654321"):
            assert await found(session, asked) == [ticket.ticket_no]


async def test_a_further_text_is_found_and_the_first_ones_still_are(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await filed(session, SAID)
        await indexing.index(session, ticket, "照片已经收到", "转理赔部核实")
        for asked in ("照片", "理赔部", "青花瓷"):
            assert await found(session, asked) == [ticket.ticket_no]


async def test_indexing_is_one_statement(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await filed(session, SAID)
        before = await statements(session)
        await indexing.index(session, ticket, "照片")
        await indexing.index(session, ticket, "，。")
        assert await statements(session) - before == 1


async def statements(session: AsyncSession) -> int:
    """Return how many rows were written to the table so far in this transaction."""
    query = text(
        "SELECT n_tup_ins + n_tup_upd FROM pg_stat_xact_user_tables WHERE relname='ticket_search'"
    )
    return int(await session.scalar(query) or 0)


async def test_words_that_are_meant_come_before_pairs_that_only_stand_together(
    house: House,
) -> None:
    async with house.db.transaction() as session:
        accident = await filed(session, "对产品和服务都不满意", 1)
        meant = await filed(session, "寄的和服弄脏了", 2)
        assert await found(session, "和服") == [meant.ticket_no, accident.ticket_no]
        assert await found(session, "和服", "newest") == [accident.ticket_no, meant.ticket_no]


async def test_hits_are_filtered_like_a_list(house: House) -> None:
    async with house.db.transaction() as session:
        open_one = await filed(session, "杯子碎了", 1)
        closed = await finish(session, await filed(session, "盘子碎了", 2))
        late = await filed(session, "碎了还没送到", 3, kind="delay")
        assert await found(session, "碎了", state="closed") == [closed.ticket_no]
        assert await found(session, "碎了", kind="delay") == [late.ticket_no]
        assert await found(session, "碎了", waybill_no=open_one.waybill_no) == [open_one.ticket_no]
        assert await found(session, "碎了", kind="lost") == []


@pytest.mark.parametrize("order", ["rank", "newest"])
async def test_pages_follow_each_other_without_gap_or_repetition(
    house: House, order: Order
) -> None:
    async with house.db.transaction() as session:
        for number in range(1, 8):
            await filed(session, "杯子碎了" + "，碎了一地" * (number % 3), number)
        whole = await found(session, "碎了", order)
        assert len(whole) == 7
        seen: list[str] = []
        cursor = None
        for _ in range(4):
            page = await search.search(session, Sought("碎了", order=order), cursor, 2)
            seen += [row.ticket.ticket_no for row in page.rows]
            cursor = page.next_cursor
        assert (seen, cursor) == (whole, None)


@pytest.mark.parametrize("cursor", ["", "x", "cmFuawo=", "//8="])
async def test_a_cursor_that_is_not_ours_is_refused(house: House, cursor: str) -> None:
    async with house.db.transaction() as session:
        if cursor:
            with pytest.raises(BadCursor):
                await search.search(session, Sought("碎了"), cursor, 2)
        newest = Sought("碎了", order="newest")
        for number in (1, 2):
            await filed(session, "碎了", number)
        by_rank = (await search.search(session, Sought("碎了"), None, 1)).next_cursor
        with pytest.raises(BadCursor):
            await search.search(session, newest, by_rank, 1)


async def test_without_a_word_nothing_is_searched(house: House) -> None:
    async with house.db.transaction() as session:
        with pytest.raises(NothingToSearchFor):
            await search.search(session, Sought("，。！"), None, 10)


@given(st.text(max_size=40))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_whatever_is_typed_or_said_breaks_nothing(house: House, typed: str) -> None:
    async with house.db.transaction() as session:
        ticket = await filed(session, "杯子碎了")
        await indexing.index(session, ticket, typed)
        try:
            await found(session, typed)
        except NothingToSearchFor:
            return


async def test_tickets_from_before_the_search_are_made_findable_some_at_a_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "_AT_A_TIME", 2)
    async with house.db.transaction() as session:
        for number in (1, 2, 3):
            await filed(session, "杯子碎了", number)
        await session.execute(delete(TicketSearch))
    index = partial(indexing.index_old_tickets, house.db, clock.now)
    await index()
    async with house.db.transaction() as session:
        assert len(await found(session, "碎了")) == 2
        jobs = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = :name")
        assert await session.scalar(jobs, {"name": indexing.JOB}) == 1
    await index()
    async with house.db.transaction() as session:
        assert len(await found(session, "碎了")) == 3
        assert len((await session.scalars(select(TicketSearch.ticket_id))).all()) == 3


async def test_an_agent_searches_by_the_door(
    house: House, api: httpx.AsyncClient, agent: dict[str, str]
) -> None:
    async with house.db.transaction() as session:
        ticket = await filed(session, SAID)
    answer = await api.get("/api/tickets/search", params={"q": "破损"}, headers=agent)
    [line] = answer.json()["tickets"]
    assert (line["ticket_no"], line["description"]) == (ticket.ticket_no, SAID)
    assert line["open_steps"] != []
    for params, status in (({"q": "！"}, 422), ({}, 422), ({"q": "破损", "cursor": "x"}, 422)):
        refused = await api.get("/api/tickets/search", params=params, headers=agent)
        assert refused.status_code == status
    assert (await api.get("/api/tickets/search", params={"q": "破损"})).status_code == 401
