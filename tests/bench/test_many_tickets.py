"""The generated tickets are as real ones: every door and every check takes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from tests.bench.many_tickets import NOW, QUEUES, fill
from tests.support.postgres import fresh_database
from ticketing.kernel.db import Database
from ticketing.tickets import chain, indexing, listing, search
from ticketing.tickets.kinds import ticket_kinds
from ticketing.tickets.listing import Wanted
from ticketing.tickets.listing_schemas import PageOut
from ticketing.tickets.models import Ticket, TicketSearch
from ticketing.tickets.search import Sought

COUNT = 400


@pytest.fixture(scope="module")
def database_url() -> Iterator[str]:
    with fresh_database() as url:
        yield url


@pytest.fixture(scope="module")
async def filled(database_url: str) -> AsyncIterator[Database]:
    """A database with some hundred tickets."""
    await fill(database_url, COUNT)
    url = database_url.replace("postgresql://", "postgresql+psycopg://", 1)
    db = Database(url, {})
    yield db
    await db.close()


@pytest.fixture
async def session(filled: Database) -> AsyncIterator[AsyncSession]:
    async with filled.transaction() as session:
        yield session


async def test_they_are_of_every_kind_and_a_fifth_of_them_is_open(session: AsyncSession) -> None:
    found = (await session.scalars(select(Ticket))).all()
    assert len(found) == COUNT
    assert {ticket.kind for ticket in found} == set(ticket_kinds())
    states = Counter("closed" if t.state == "closed" else "open" for t in found)
    assert 0.1 < states["open"] / COUNT < 0.3
    assert all(ticket.opened_at <= NOW for ticket in found)


async def test_their_pages_and_counts_can_be_read(session: AsyncSession) -> None:
    page = await listing.page(session, Wanted(sort="priority"), None, 50)
    shown = PageOut.of(page)
    assert len(shown.tickets) == 50
    assert all(ticket.open_steps for ticket in shown.tickets)
    counts = await listing.counts(session, NOW)
    assert {each.queue for each in counts} <= set(QUEUES)
    assert sum(each.open for each in counts) == await _unclosed(session)


async def _unclosed(session: AsyncSession) -> int:
    query = select(func.count()).select_from(Ticket).where(Ticket.state != "closed")
    return int(await session.scalar(query) or 0)


async def test_they_are_found_by_what_they_say(session: AsyncSession) -> None:
    ticket = (await session.scalars(select(Ticket).limit(1))).one()
    for asked in (ticket.ticket_no, ticket.waybill_no or "", ticket.words[1][-2:]):
        page = await search.search(session, Sought(asked), None, 100)
        assert ticket.ticket_no in [row.ticket.ticket_no for row in page.rows]


async def test_their_documents_are_those_the_house_would_write(session: AsyncSession) -> None:
    ticket = (await session.scalars(select(Ticket).limit(1))).one()
    ours = select(func.tsvector_to_array(TicketSearch.document)).where(
        TicketSearch.ticket_id == ticket.id
    )
    before = set(await session.scalar(ours) or ())
    await indexing.index(session, ticket)
    after = set(await session.scalar(ours) or ())
    details = {str(each) for each in ticket.details.values()}
    assert {each for each in after - before if not any(each in text for text in details)} == set()


async def test_their_histories_are_whole(session: AsyncSession) -> None:
    reports = [report async for report in chain.verify_all(session)]
    assert len(reports) == COUNT
    assert all(report.ok and report.lines == 1 for report in reports)
