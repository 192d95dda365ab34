"""The command that verifies histories."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from tests.ticketing.tickets.desk import finish, opened
from ticketing.composition import House
from ticketing.run import verify_history
from ticketing.tickets.models import Ticket


@pytest.fixture
async def ticket(house: House, monkeypatch: pytest.MonkeyPatch) -> Ticket:
    """A ticket with a history, in the database the command is told of."""
    monkeypatch.setenv("DEMO", "true")
    monkeypatch.setenv("DATABASE_URL", house.settings.database_url)
    async with house.db.transaction() as session:
        await opened(session, "delay")
        return await finish(session, await opened(session))


async def run(*arguments: str) -> int:
    """Run the command in a thread, as it begins a loop of its own."""
    return await asyncio.to_thread(verify_history.main, list(arguments))


async def test_whole_histories_end_with_0(
    ticket: Ticket, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await run() == 0
    assert capsys.readouterr().out == "共核验 2 个工单的处理记录，0 个被改动过\n"
    assert await run("--ticket", ticket.ticket_no.lower()) == 0
    assert "共核验 1 个" in capsys.readouterr().out


async def test_a_changed_line_ends_with_1_and_is_named(
    house: House, ticket: Ticket, capsys: pytest.CaptureFixture[str]
) -> None:
    async with house.db.transaction() as session:
        change = "UPDATE ticket_changes SET by = 'eve' WHERE id = (SELECT min(id) + 1 FROM"
        change += " ticket_changes WHERE ticket_id = :id)"
        await session.execute(text(change), {"id": ticket.id})
    assert await run() == 1
    told = capsys.readouterr().out
    assert f"{ticket.ticket_no}: 第 2 条记录" in told
    assert "1 个被改动过" in told


async def test_a_missing_end_is_named_as_such(
    house: House, ticket: Ticket, capsys: pytest.CaptureFixture[str]
) -> None:
    async with house.db.transaction() as session:
        last = "(SELECT max(id) FROM ticket_changes WHERE ticket_id = :id)"
        await session.execute(
            text(f"DELETE FROM ticket_changes WHERE id = {last}"), {"id": ticket.id}
        )
    assert await run("--ticket", ticket.ticket_no) == 1
    assert "末尾有记录被删除" in capsys.readouterr().out


async def test_a_number_nobody_has_ends_with_1(
    ticket: Ticket, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await run("--ticket", ticket.ticket_no, "T20000101000001") == 1
    assert "有 1 个工单号不存在" in capsys.readouterr().out
