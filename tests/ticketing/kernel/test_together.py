"""New rows of several tables in one statement: keys, defaults, foreign keys, contents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, inspect, select
from sqlalchemy.exc import IntegrityError

from ticketing.composition import House
from ticketing.kernel.db import Base
from ticketing.kernel.ids import new_id
from ticketing.kernel.together import WrittenTogether
from ticketing.tickets.models import Ticket, TicketChange, TicketStep

NOW = datetime(2026, 11, 22, 6, 30, 0, 123456, tzinfo=UTC)


def a_ticket(number: int = 1, **more: Any) -> Ticket:
    given: dict[str, Any] = {
        "id": new_id(),
        "ticket_no": f"T20261122{number:06d}",
        "kind": "damage",
        "description": "杯子碎了",
        "words": ["杯子碎了"],
        "details": {},
        "snapshot": {"events": []},
        "process_id": "damage",
        "process_version": "1",
        "run": {},
        "opened_at": NOW,
        "updated_at": NOW,
    }
    return Ticket(**{**given, **more})


def a_step(ticket: Ticket, name: str = "accept") -> TicketStep:
    return TicketStep(
        ticket_id=ticket.id, step=name, label=name, role="customer_service", entered_at=NOW
    )


def a_line(ticket: Ticket, **facts: Any) -> TicketChange:
    return TicketChange(ticket_id=ticket.id, at=NOW, by="anna", what="note", facts=facts)


@contextmanager
def statements(house: House) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    engine = house.db.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


async def test_a_ticket_its_steps_and_its_history_are_one_statement(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = a_ticket()
        # Those that refer to the ticket come first: the order of tables does not matter.
        session.add_all([a_line(ticket), a_step(ticket), a_step(ticket, "verify"), ticket])
        with statements(house) as sent:
            await session.flush()
        assert len(sent) == 1
        assert await session.scalar(select(func.count()).select_from(TicketStep)) == 2


async def test_rows_get_their_keys_in_the_order_they_were_added(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = a_ticket()
        steps = [a_step(ticket, f"s{n}") for n in range(20)]
        session.add_all([ticket, *steps])
        await session.flush()
        assert [step.id for step in steps] == sorted(step.id for step in steps)
        found = await session.execute(select(TicketStep.id, TicketStep.step))
        assert {row[0]: row[1] for row in found} == {step.id: step.step for step in steps}


async def test_a_row_is_the_sessions_own_afterwards(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = a_ticket()
        step = a_step(ticket)
        session.add_all([ticket, step])
        await session.flush()
        assert await session.get(Ticket, ticket.id) is ticket
        ticket.queue, step.assignee = "claims", "anna"
        with statements(house) as sent:
            await session.flush()
        assert sorted(each.split()[1] for each in sent) == ["ticket_steps", "tickets"]
    async with house.db.transaction() as session:
        assert (await session.get_one(Ticket, ticket.id)).queue == "claims"
        assert (await session.get_one(TicketStep, step.id)).assignee == "anna"


async def test_what_was_not_set_is_the_default_or_null_without_a_question(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = a_ticket()
        step = a_step(ticket)
        session.add_all([ticket, step])
        await session.flush()
        with statements(house) as sent:
            shown = (ticket.version, ticket.state, ticket.merged_into, step.data, step.done_at)
        assert shown == (1, "open", None, {}, None)
        assert sent == []
    async with house.db.transaction() as session:
        kept = await session.get_one(Ticket, ticket.id)
        assert (kept.version, kept.state, kept.merged_into, kept.vip) == (1, "open", None, False)


async def test_a_key_given_beforehand_is_kept_beside_others(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = a_ticket()
        first, second = a_line(ticket, n=1), a_line(ticket, n=2)
        first.id = 2_000_000_000
        session.add_all([ticket, first, second])
        await session.flush()
        found = await session.execute(select(TicketChange.id, TicketChange.facts["n"].as_integer()))
        assert {row[0]: row[1] for row in found} == {2_000_000_000: 1, second.id: 2}
        assert second.id < first.id


async def test_times_are_kept_to_the_microsecond_whatever_their_zone(house: House) -> None:
    shanghai = NOW.astimezone(datetime.fromisoformat("2026-01-01T00:00:00+08:00").tzinfo)
    async with house.db.transaction() as session:
        ticket = a_ticket(due_at=shanghai + timedelta(microseconds=1))
        session.add(ticket)
    async with house.db.transaction() as session:
        kept = await session.get_one(Ticket, ticket.id)
        assert kept.due_at == NOW + timedelta(microseconds=1)


async def test_a_row_that_refers_to_nothing_is_refused(house: House) -> None:
    with pytest.raises(IntegrityError):
        async with house.db.transaction() as session:
            session.add(a_step(a_ticket()))


async def test_a_number_used_twice_is_refused_and_nothing_is_kept(house: House) -> None:
    with pytest.raises(IntegrityError):
        async with house.db.transaction() as session:
            session.add_all([a_ticket(7), a_ticket(7)])
    async with house.db.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(Ticket)) == 0


async def test_what_is_rolled_back_was_never_there(house: House) -> None:
    async with house.db.transaction() as session:
        session.add(a_ticket())
        await session.flush()
        await session.rollback()
    async with house.db.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(Ticket)) == 0


_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | _TEXT,
    lambda each: st.lists(each, max_size=3) | st.dictionaries(_TEXT, each, max_size=3),
    max_leaves=8,
)


@given(said=_TEXT, facts=st.dictionaries(_TEXT, _JSON, max_size=4), words=st.lists(_TEXT))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_whatever_is_said_is_kept_as_it_was_said(
    house: House, said: str, facts: dict[str, Any], words: list[str]
) -> None:
    async with house.db.transaction() as session:
        ticket = a_ticket(ticket_no=f"T{new_id().hex}", description=said, words=words)
        line = a_line(ticket, facts=facts)
        session.add_all([ticket, line])
    async with house.db.transaction() as session:
        kept = await session.get_one(Ticket, ticket.id)
        assert (kept.description, kept.words) == (said, words)
        assert (await session.get_one(TicketChange, line.id)).facts == {"facts": facts}


def test_no_column_has_a_default_that_only_the_database_knows() -> None:
    def of_the_sort(model: type[WrittenTogether]) -> Iterator[type[WrittenTogether]]:
        for each in model.__subclasses__():
            yield from (each, *of_the_sort(each))

    tables = [
        Base.metadata.tables[inspect(model).local_table.name]
        for model in of_the_sort(WrittenTogether)
    ]
    unknown = {
        f"{table.name}.{column.name}"
        for table in tables
        for column in table.columns
        if column.server_default is not None
        and column.default is None
        and column is not table.autoincrement_column
    }
    assert len(tables) >= 8
    assert unknown == set()
