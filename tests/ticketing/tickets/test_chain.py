"""Histories that were tampered with behind the house's back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tests.ticketing.tickets.desk import again, finish, opened
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.tickets import chain
from ticketing.tickets.chain import ChainReport
from ticketing.tickets.history import Line, record
from ticketing.tickets.models import Ticket

OTHER = "delay"


@pytest.fixture
async def ticket(house: House) -> Ticket:
    """A ticket with a history of several lines, beside another one."""
    async with house.db.transaction() as session:
        await opened(session, OTHER)
        return await finish(session, await opened(session))


async def tamper(house: House, statement: str, **values: Any) -> None:
    async with house.db.transaction() as session:
        done = await session.execute(text(statement), values)
        assert done.rowcount == 1, "the tampering itself went wrong"  # type: ignore[attr-defined]


async def report(house: House, ticket: Ticket) -> ChainReport:
    async with house.db.transaction() as session:
        return await chain.verify(session, await again(session, ticket))


async def line_ids(house: House, ticket: Ticket) -> list[int]:
    async with house.db.transaction() as session:
        query = text("SELECT id FROM ticket_changes WHERE ticket_id = :id ORDER BY id")
        return list((await session.scalars(query, {"id": ticket.id})).all())


async def test_a_history_that_nobody_touched_is_whole(house: House, ticket: Ticket) -> None:
    found = await report(house, ticket)
    assert (found.ok, found.broken_at, found.unsealed) == (True, None, 0)
    assert found.lines == len(await line_ids(house, ticket)) > 4
    assert found.head == ticket.chain_head


CHANGES = {
    "at": "at + interval '1 microsecond'",
    "by": "by || '2'",
    "what": "'assigned2'",
    "facts": 'facts || \'{"note": "改过"}\'',
    "cause": "'somebody'",
    "previous_hash": "md5('x')",
    "hash": "md5('x')",
    "ticket_id": "(SELECT id FROM tickets WHERE kind = 'delay')",
}


def test_every_column_that_says_something_is_tampered_with_below() -> None:
    from ticketing.tickets.models import TicketChange

    assert CHANGES.keys() | {"id"} == set(TicketChange.__table__.columns.keys())


@pytest.mark.parametrize("column", CHANGES)
@pytest.mark.parametrize("number", [1, 3])
async def test_a_changed_line_is_found(
    house: House, ticket: Ticket, column: str, number: int
) -> None:
    line = (await line_ids(house, ticket))[number - 1]
    change = f'UPDATE ticket_changes SET "{column}" = {CHANGES[column]} WHERE id = :line'
    await tamper(house, change, line=line)
    found = await report(house, ticket)
    assert (found.ok, found.broken_at) == (False, number)


@pytest.mark.parametrize("number", [1, 2])
async def test_a_removed_line_is_found(house: House, ticket: Ticket, number: int) -> None:
    line = (await line_ids(house, ticket))[number - 1]
    await tamper(house, "DELETE FROM ticket_changes WHERE id = :line", line=line)
    assert (await report(house, ticket)).broken_at == number


async def test_that_the_last_line_is_gone_is_found(house: House, ticket: Ticket) -> None:
    lines = await line_ids(house, ticket)
    await tamper(house, "DELETE FROM ticket_changes WHERE id = :line", line=lines[-1])
    found = await report(house, ticket)
    assert (found.ok, found.lines, found.broken_at) == (False, len(lines) - 1, len(lines))


async def test_that_every_line_is_gone_is_found(house: House, ticket: Ticket) -> None:
    for line in await line_ids(house, ticket):
        await tamper(house, "DELETE FROM ticket_changes WHERE id = :line", line=line)
    assert (await report(house, ticket)).broken_at == 1


@pytest.mark.parametrize("after", [0, 2])
async def test_an_added_line_is_found(house: House, ticket: Ticket, after: int) -> None:
    lines = await line_ids(house, ticket)
    for line in reversed(lines[after:]):
        move = "UPDATE ticket_changes SET id = id + 1000 WHERE id = :line"
        await tamper(house, move, line=line)
    insert = (
        "INSERT INTO ticket_changes (id, ticket_id, at, by, what, facts, previous_hash, hash)"
        " SELECT :line, ticket_id, at, by, what, facts, previous_hash, hash"
        " FROM ticket_changes WHERE id = :copied"
    )
    await tamper(house, insert, line=lines[-1] + 500, copied=lines[-1] + 1000)
    assert (await report(house, ticket)).broken_at == after + 1


async def test_two_lines_that_changed_places_are_found(house: House, ticket: Ticket) -> None:
    first, second, *_ = await line_ids(house, ticket)
    for line, place in ((first, -1), (second, first), (-1, second)):
        move = "UPDATE ticket_changes SET id = :place WHERE id = :line"
        await tamper(house, move, line=line, place=place)
    assert (await report(house, ticket)).broken_at == 1


@pytest.mark.parametrize("head", ["", "f" * 64])
async def test_another_head_is_found(house: House, ticket: Ticket, head: str) -> None:
    change = "UPDATE tickets SET chain_head = :head WHERE id = :id"
    await tamper(house, change, head=head, id=ticket.id)
    assert not (await report(house, ticket)).ok


async def test_another_number_is_found(house: House, ticket: Ticket) -> None:
    change = "UPDATE tickets SET ticket_no = 'T20000101000001' WHERE id = :id"
    await tamper(house, change, id=ticket.id)
    async with house.db.transaction() as session:
        renamed = await session.get_one(Ticket, ticket.id)
        assert (await chain.verify(session, renamed)).broken_at == 1


async def unseal(house: House, lines: list[int]) -> None:
    for line in lines:
        change = "UPDATE ticket_changes SET hash = '', previous_hash = '' WHERE id = :line"
        await tamper(house, change, line=line)


async def test_seals_that_were_taken_off_are_found(house: House, ticket: Ticket) -> None:
    lines = await line_ids(house, ticket)
    await unseal(house, lines[2:])
    assert (await report(house, ticket)).broken_at == 3
    await unseal(house, lines[:2])
    await tamper(house, "UPDATE tickets SET chain_head = '' WHERE id = :id", id=ticket.id)
    assert not (await report(house, ticket)).ok


async def test_lines_older_than_the_chain_are_tolerated_before_its_first(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await opened(session)
    await unseal(house, await line_ids(house, ticket))
    older = "UPDATE tickets SET chain_head = '', version = 1 WHERE id = :id"
    await tamper(house, older, id=ticket.id)
    found = await report(house, ticket)
    assert (found.ok, found.unsealed, found.lines) == (True, found.lines, found.lines)
    async with house.db.transaction() as session:
        old = await session.get_one(Ticket, ticket.id)
        record(session, old, Line("note", "anna", {"text": "看过"}), clock.now())
    found = await report(house, ticket)
    assert (found.ok, found.unsealed) == (True, found.lines - 1)


NUMBERS = st.integers(-(10**30), 10**30) | st.floats(allow_nan=False, allow_infinity=False)
PLAIN = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
FACTS = st.dictionaries(
    PLAIN,
    st.recursive(
        st.none() | st.booleans() | NUMBERS | PLAIN,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PLAIN, inner, max_size=3),
        max_leaves=6,
    ),
    max_size=4,
)


@given(FACTS, st.text(max_size=5).filter(lambda text: "\0" not in text and text.isprintable()))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_whatever_a_line_says_is_whole_when_it_comes_back(
    house: House, facts: dict[str, Any], by: str
) -> None:
    async with house.db.transaction() as session:
        ticket = await opened(session, now=clock.now() + timedelta(microseconds=7))
        record(session, ticket, Line("note", by, facts), clock.now())
        await session.flush()
        assert (await chain.verify(session, ticket)).ok


async def verify_every(session: AsyncSession, *numbers: str) -> list[ChainReport]:
    return [each async for each in chain.verify_all(session, numbers)]


async def test_every_history_is_read_some_at_a_time(
    house: House, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "AT_A_TIME", 1)
    async with house.db.transaction() as session:
        found = await verify_every(session)
        assert [each.ok for each in found] == [True, True]
        assert [each.ticket_no for each in found] == sorted(each.ticket_no for each in found)
        [one] = await verify_every(session, ticket.ticket_no)
        assert one.ticket_no == ticket.ticket_no


async def test_an_agent_sees_whether_a_history_is_whole(
    house: House, api: httpx.AsyncClient, agent: dict[str, str], ticket: Ticket
) -> None:
    path = f"/api/tickets/{ticket.ticket_no}/history/verify"
    assert (await api.get(path, headers=agent)).json()["ok"] is True
    first = (await line_ids(house, ticket))[0]
    await tamper(house, "UPDATE ticket_changes SET by = 'eve' WHERE id = :line", line=first)
    answer = (await api.get(path, headers=agent)).json()
    assert (answer["ok"], answer["broken_at"]) == (False, 1)
    nobody = await api.get("/api/tickets/T20000101000001/history/verify", headers=agent)
    assert nobody.status_code == 404
