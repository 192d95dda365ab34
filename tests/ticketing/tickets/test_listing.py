"""Lists of tickets: filtered, sorted, page by page, in few statements."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import product
from typing import Any

import httpx
import pytest
from sqlalchemy import event
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncSession

from tests.ticketing.tickets.desk import finish, opened
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.kernel.paging import BadCursor, encode_parts
from ticketing.tickets import links, listing, repository
from ticketing.tickets.kinds import Priority
from ticketing.tickets.listing import Linked, QueueCount, Wanted
from ticketing.tickets.models import Ticket
from ticketing.tickets.wanted import Sort

NOW = clock.now()
SORTS: tuple[Sort, ...] = ("newest", "due", "priority")


@pytest.fixture
async def many(house: House) -> list[Ticket]:
    """Thirty tickets of every sort; every fifth is closed, some have no time limit."""
    dice = random.Random(7)
    async with house.db.transaction() as session:
        return [await _one(session, number, dice) for number in range(30)]


async def _one(session: AsyncSession, number: int, dice: random.Random) -> Ticket:
    kind = ("damage", "delay", "lost")[number % 3]
    at = NOW - timedelta(hours=30 - number)
    ticket = await opened(session, kind, at, waybill_no=f"YT27000000{number:05d}")
    if number % 5 == 4:
        return await finish(session, ticket, at)
    ticket.priority = str(dice.choice(list(Priority)))
    ticket.due_at = NOW + timedelta(hours=dice.randrange(-9, 9)) if number % 4 else None
    ticket.region = ("广东省", "浙江省")[number % 2]
    ticket.carrier_code = ("YTO", "ZTO")[number % 2]
    ticket.red_flag = number % 7 == 0
    [step] = await repository.open_steps(session, ticket.id)
    step.queue, step.due_at = ("claims", "delivery")[number % 2], ticket.due_at
    step.assignee = "anna" if number % 3 == 1 else None
    return ticket


async def listed(session: AsyncSession, **wanted: Any) -> list[Ticket]:
    page = await listing.page(session, Wanted(**wanted), None, 100)
    return [row.ticket for row in page.rows]


def unclosed(many: list[Ticket]) -> list[Ticket]:
    return [ticket for ticket in many if ticket.state != "closed"]


@contextmanager
def counted(house: House) -> Iterator[list[str]]:
    """Collect the statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    engine = house.db.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


FILTERS: dict[str, Any] = {
    "state": "open",
    "kind": "delay",
    "priority": "high",
    "red_flag": True,
    "waybill_no": "YT2700000000003",
    "carrier_code": "YTO",
    "region": "浙江省",
    "severity": "normal",
}


async def test_tickets_are_filtered_by_what_they_are(house: House, many: list[Ticket]) -> None:
    async with house.db.transaction() as session:
        for column, value in FILTERS.items():
            found = await listed(session, **{column: value})
            meant = [t.ticket_no for t in many if getattr(t, column) == value]
            assert [t.ticket_no for t in reversed(found)] == meant
            assert 0 < len(meant) < len(many) or column == "severity"


async def test_filters_are_all_meant_at_once(house: House, many: list[Ticket]) -> None:
    async with house.db.transaction() as session:
        found = await listed(session, kind="damage", region="广东省", queue="claims")
        meant = [t for t in unclosed(many) if t.kind == "damage" and t.region == "广东省"]
        assert {t.ticket_no for t in found} == {t.ticket_no for t in meant}


BY_STEPS: tuple[tuple[dict[str, Any], Callable[[int], bool]], ...] = (
    ({"queue": "claims"}, lambda n: n % 2 == 0),
    ({"assignee": "anna"}, lambda n: n % 3 == 1),
    ({"unassigned": True}, lambda n: n % 3 != 1),
    ({"queue": "delivery", "assignee": "anna"}, lambda n: n % 2 == 1 and n % 3 == 1),
    ({"queue": "nowhere"}, lambda _n: False),
)


async def test_tickets_are_filtered_by_their_open_steps(house: House, many: list[Ticket]) -> None:
    async with house.db.transaction() as session:
        for wanted, holds in BY_STEPS:
            found = {t.ticket_no for t in await listed(session, **wanted)}
            assert found == {t.ticket_no for n, t in enumerate(many) if n % 5 != 4 and holds(n)}


async def test_tickets_are_filtered_by_their_times(house: House, many: list[Ticket]) -> None:
    soon = NOW + timedelta(hours=3)

    def due(holds: Any) -> set[str]:
        return {t.ticket_no for t in unclosed(many) if t.due_at and holds(t.due_at)}

    async with house.db.transaction() as session:
        between = await listed(session, due_from=NOW, due_before=soon)
        assert {t.ticket_no for t in between} == due(lambda at: NOW <= at < soon)
        after = await listed(session, due_from=NOW)
        assert {t.ticket_no for t in after} == due(lambda at: at >= NOW)
        late = await listed(session, overdue_at=NOW)
        assert {t.ticket_no for t in late} == due(lambda at: at < NOW)
        since, until = NOW - timedelta(hours=20), NOW - timedelta(hours=10)
        opened_then = await listed(session, opened_from=since, opened_before=until)
        assert {t.ticket_no for t in opened_then} == {t.ticket_no for t in many[10:20]}


def by(sort: Sort, ticket: Ticket) -> tuple[Any, ...]:
    due = ticket.due_at or datetime.max.replace(tzinfo=NOW.tzinfo)
    if sort == "newest":
        return (NOW - ticket.opened_at, ticket.ticket_no)
    urgency = () if sort == "due" else (-Priority(ticket.priority).rank,)
    return (*urgency, due, ticket.ticket_no)


async def test_tickets_are_sorted(house: House, many: list[Ticket]) -> None:
    async with house.db.transaction() as session:
        for sort in SORTS:
            among = many if sort == "newest" else unclosed(many)
            found = [t.ticket_no for t in await listed(session, sort=sort)]
            meant = sorted(among, key=partial(by, sort))
            assert found == [t.ticket_no for t in meant]


async def test_closed_tickets_are_sorted_by_their_age_whatever_is_asked(
    house: House, many: list[Ticket]
) -> None:
    async with house.db.transaction() as session:
        newest = [t.ticket_no for t in await listed(session, state="closed")]
        assert newest == [t.ticket_no for t in reversed(many) if t.state == "closed"]
        for sort in SORTS:
            assert [t.ticket_no for t in await listed(session, state="closed", sort=sort)] == newest


@pytest.mark.usefixtures("many")
async def test_pages_follow_each_other_without_gap_or_repetition(house: House) -> None:
    async with house.db.transaction() as session:
        for sort, limit in product(SORTS, (1, 7, 24)):
            whole = [t.ticket_no for t in await listed(session, sort=sort)]
            seen: list[str] = []
            cursor: str | None = None
            while len(seen) < len(whole):
                page = await listing.page(session, Wanted(sort=sort), cursor, limit)
                assert len(page.rows) == min(limit, len(whole) - len(seen))
                seen += [row.ticket.ticket_no for row in page.rows]
                cursor = page.next_cursor
            assert (seen, cursor) == (whole, None)


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "====",
        encode_parts("newest", "yesterday", "T1"),
        encode_parts("newest", "2026-11-22T00:00:00", "T1"),
        encode_parts("newest", "9999-12-31T23:59:59+00:00", "T1"),
        encode_parts("due", "infinity", "T1"),
        encode_parts("newest", "2026-11-22T00:00:00+00:00"),
        encode_parts("newest", "2026-11-22T00:00:00+00:00", "T1\0"),
    ],
)
async def test_a_cursor_that_is_not_ours_is_refused(house: House, cursor: str) -> None:
    async with house.db.transaction() as session:
        with pytest.raises(BadCursor):
            await listing.page(session, Wanted(), cursor, 10)
        for sort in ("due", "priority"):
            wrong = encode_parts(sort, "soon", "T1")
            with pytest.raises(BadCursor):
                await listing.page(session, replace(Wanted(), sort=sort), wrong, 10)


async def test_a_page_with_steps_and_links_takes_four_statements(
    house: House, many: list[Ticket]
) -> None:
    async with house.db.transaction() as session:
        await links.link(
            session, many[0].ticket_no, many[1].ticket_no, "parent", by="anna", now=NOW
        )
        await session.flush()
        with counted(house) as sent:
            page = await listing.page(session, Wanted(), None, 50)
        assert len(sent) == 4
        first, second = page.rows[-1], page.rows[-2]
        assert first.links == (Linked(many[1].ticket_no, "parent", outgoing=True),)
        assert second.links == (Linked(many[0].ticket_no, "parent", outgoing=False),)
        assert [step.queue for step in first.view.open_steps] == ["claims"]


async def test_a_list_does_not_read_what_it_does_not_show(house: House, many: list[Ticket]) -> None:
    async with house.db.transaction() as session:
        page = await listing.page(session, Wanted(), None, 1)
        assert page.rows[0].ticket.ticket_no == many[-1].ticket_no
        with pytest.raises(InvalidRequestError):
            assert page.rows[0].ticket.snapshot


async def test_steps_are_counted_by_queue(house: House, many: list[Ticket]) -> None:
    late = {
        queue: sum(1 for n, t in enumerate(many) if n % 5 != 4 and n % 2 == odd and _late(t))
        for odd, queue in enumerate(("claims", "delivery"))
    }
    async with house.db.transaction() as session:
        assert await listing.counts(session, NOW) == (
            QueueCount("claims", 12, 8, late["claims"]),
            QueueCount("delivery", 12, 8, late["delivery"]),
        )
        with counted(house) as sent:
            await listing.counts(session, NOW)
        assert sent == []


def _late(ticket: Ticket) -> bool:
    return ticket.due_at is not None and ticket.due_at < NOW


async def test_a_manager_counts_by_the_door(
    api: httpx.AsyncClient, cashier: dict[str, str], many: list[Ticket]
) -> None:
    answer = await api.get("/api/tickets/counts", headers=cashier)
    queues = answer.json()["queues"]
    assert [(each["queue"], each["open"]) for each in queues] == [("claims", 12), ("delivery", 12)]
    assert many != []
    assert (await api.get("/api/tickets/counts")).status_code == 401
