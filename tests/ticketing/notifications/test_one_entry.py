"""Every fact has exactly one outbox entry for each who hears it; every notice is written once."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from tests.ticketing.routing.floor import hire, sit_down, staff
from tests.ticketing.tickets.desk import OTHER_WAYBILL, WAYBILL, chat, hears, opened
from tests.ticketing.tickets.hand import COLLEAGUE, KINDS, REOPEN, VERBS, Hand, attempt
from ticketing.accounts.models import Person
from ticketing.accounts.tokens import Role
from ticketing.composition import House
from ticketing.conversations.models import Message
from ticketing.kernel import clock
from ticketing.kernel.db import LISTENERS
from ticketing.kernel.facts import Fact
from ticketing.notifications.models import OutboxEntry, StaffNoticeRow
from ticketing.routing.events import StepHandedOver
from ticketing.sla import firing
from ticketing.sla.events import SlaBreached, SlaFact, SlaWarned
from ticketing.surveys.models import Survey
from ticketing.tickets import lookup, steps
from ticketing.tickets import service as tickets
from ticketing.tickets.events import (
    TicketAssigned,
    TicketClosed,
    TicketGoesOnElsewhere,
    TicketMovedOn,
    TicketReopened,
    TicketsMerged,
    TicketSplit,
    TicketWithdrawn,
)
from ticketing.workflow.process import ROLES

MANAGER = "mona"
Entry = tuple[str, uuid.UUID]

WALKS = st.lists(st.tuples(st.sampled_from(VERBS), st.booleans()), min_size=6, max_size=16)
HEARD = st.tuples(st.sampled_from(["1", "12"]), st.sampled_from(["", "1", "2", "12"]))
"""Which of the two customers hear of each of the two tickets."""


@dataclass
class Ledger:
    """What each fact that is announced must leave behind: in chats, and with people here."""

    said: list[Entry] = field(default_factory=list)
    noticed: list[tuple[str, str]] = field(default_factory=list)
    finished: list[uuid.UUID] = field(default_factory=list)

    async def keep(self, fact: Fact, session: AsyncSession) -> None:
        """Work out what a fact is to leave behind, before anybody else has heard of it."""
        key = await _key(fact, session)
        if key is not None:
            heard_by = await tickets.audience(session, fact.ticket_id)  # type: ignore[attr-defined]
            for who in heard_by:
                if who != getattr(fact, "conversation_id", None):
                    self.said.append((f"{key}:{who}", who))
        if isinstance(fact, TicketClosed) and fact.how == "finished":
            self.finished.append(fact.ticket_id)
        for who_works in _told(fact):
            self.noticed.append((who_works, _about(fact)))

    def marks(self) -> tuple[int, int, int]:
        """How far it goes by now."""
        return len(self.said), len(self.noticed), len(self.finished)

    def back_to(self, marks: tuple[int, int, int]) -> None:
        """Forget what was announced and then refused."""
        for kept, mark in zip((self.said, self.noticed, self.finished), marks, strict=True):
            del kept[mark:]  # type: ignore[attr-defined]


async def _key(fact: Fact, session: AsyncSession) -> str | None:
    """The cause of what customers are told, if they are told anything."""
    key = _numbered(fact)
    match fact:
        case TicketMovedOn():
            entered = [await steps.step(session, number) for number in fact.entered]
            asks = any(row.role == "customer" and row.form for row in entered)
            key = f"ticket-change:{fact.change_id}" if fact.announcement or asks else None
        case TicketWithdrawn():
            ticket = await lookup.ticket(session, fact.ticket_id)
            key = f"ticket-withdrawn:{ticket.ticket_no}"
        case StepHandedOver():
            ticket = await lookup.ticket(session, fact.ticket_id)
            goes_on = ticket.state in ("open", "paused") and fact.department in ROLES
            key = f"handed-over:{ticket.ticket_no}:{fact.version}" if goes_on else None
        case SlaBreached(audience="customer", level=1):
            ticket = await lookup.ticket(session, fact.ticket_id)
            rows = await steps.open_steps(session, fact.ticket_id)
            is_ours = "customer" not in {row.waits_for for row in rows}
            goes_on = ticket.state in ("open", "paused") and is_ours
            key = f"promise-late:{fact.clock_id}" if goes_on else None
    return key


def _numbered(fact: Fact) -> str | None:
    """The cause of what is told of ties between tickets, whatever they stand at."""
    match fact:
        case TicketReopened():
            return f"ticket-change:{fact.change_id}"
        case TicketGoesOnElsewhere():
            return f"goes-on:{fact.ticket_no}:{fact.other_no}:{fact.version}"
        case TicketsMerged():
            return f"tickets-merged:{fact.ticket_no}"
        case TicketSplit():
            return f"ticket-split:{fact.change_id}"
    return None


def _told(fact: Fact) -> tuple[str, ...]:
    """Who of our people is told; nobody leads here, so the manager stands in."""
    if isinstance(fact, TicketAssigned):
        return (fact.assignee,) if fact.assignee and fact.assignee != fact.by else ()
    if not isinstance(fact, SlaFact):
        return ()
    if fact.to == "assignee" and fact.assignee:
        return (fact.assignee,)
    return () if fact.to == "assignee" and fact.level == 0 else (MANAGER,)


def _about(fact: Any) -> str:
    if isinstance(fact, TicketAssigned):
        return f"assigned:{fact.step_id}:{fact.assignee}:{fact.at.isoformat()}"
    sort = "sla_warned" if isinstance(fact, SlaWarned) else "sla_breached"
    return f"{sort}:{fact.clock_id}:{fact.level}:{fact.due_at.isoformat()}"


class _Overheard(dict[type[Fact], Any]):
    """The house's listeners, and before them the ledger."""

    def __init__(self, listeners: Mapping[type[Fact], Any], ledger: Ledger) -> None:
        super().__init__(listeners)
        self._ledger = ledger

    def get(self, kind: type[Fact], default: Any = ()) -> Any:
        return (self._ledger.keep, *super().get(kind, default))


class _Undone(Exception):
    """Ends a plan: the next one begins with tables as empty as this one did."""


@asynccontextmanager
async def undone(house: House, ledger: Ledger) -> AsyncIterator[AsyncSession]:
    """Yield a session with every listener of the house; nothing of it stays."""
    try:
        async with house.db.transaction() as session:
            session.info[LISTENERS] = _Overheard(session.info[LISTENERS], ledger)
            yield session
            raise _Undone
    except _Undone:
        return


async def ring(session: AsyncSession, now: datetime) -> None:
    """Let every clock that is due do what it is to do, as the worker does."""
    await session.flush()
    await firing._fire(session, await firing._claim(session, now, 200), now)
    await session.flush()


@given(WALKS, st.tuples(KINDS, KINDS), HEARD, st.sets(st.integers(0, 15)))
@example([("split", False), ("split", False)], ("damage", "delay"), ("12", ""), set())
@example([("ask", False), ("fire", False), ("answer_late", False)], ("damage",) * 2, ("1", ""), {1})
@example([("merge", True), ("hurry", False), (REOPEN, False)], ("lost",) * 2, ("1", "12"), set())
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_every_fact_has_exactly_one_entry_for_each_who_hears_it(
    house: House,
    plan: list[tuple[str, bool]],
    kinds: tuple[str, str],
    heard_by: tuple[str, str],
    rings: set[int],
) -> None:
    await people(house)
    ledger = Ledger()
    async with undone(house, ledger) as session:
        now = clock.now()
        chats = {name: await chat(session, name) for name in "12"}
        pair = (
            await opened(session, kinds[0], now, waybill_no=WAYBILL),
            await opened(session, kinds[1], now, waybill_no=OTHER_WAYBILL),
        )
        for ticket, names in zip(pair, heard_by, strict=True):
            for name in names:
                await hears(session, ticket, chats[name], opener=name == "1")
        hand = Hand(session, chats["1"], now, *pair)
        for number, (name, swapped) in enumerate(plan):
            hand.ticket, hand.other = reversed(pair) if swapped else pair
            marks = ledger.marks()
            if not await attempt(hand, getattr(hand, name)):
                ledger.back_to(marks)
            if number in rings:
                await ring(session, hand.now)
        await session.flush()
        await check_the_chats(session, ledger)
        await check_the_notices(session, ledger)


async def people(house: House) -> None:
    """Let two agents and a manager be there."""
    await staff_once(house)
    await sit_down(house, "anna", COLLEAGUE)


async def staff_once(house: House) -> None:
    """Hire them, unless an earlier plan has."""
    async with house.db.transaction() as session:
        known = set(await session.scalars(select(Person.username)))
    if MANAGER not in known:
        await staff(house, MANAGER, Role.MANAGER)
        await hire(house, "anna", COLLEAGUE, team="customer_service")


async def check_the_chats(session: AsyncSession, ledger: Ledger) -> None:
    """Each fact was said once to each who hears it, and besides only surveys were asked."""
    rows = (await session.execute(select(OutboxEntry.key, OutboxEntry.conversation_id))).all()
    surveys = list(await session.scalars(select(Survey)))
    asked = [(f"survey:{each.id}", each.conversation_id) for each in surveys]
    assert Counter((row.key, row.conversation_id) for row in rows) == Counter(ledger.said + asked)
    assert {each.ticket_id for each in surveys} <= set(ledger.finished)
    messages = (await session.execute(select(Message.cause, Message.conversation_id))).all()
    assert Counter((each.cause, each.conversation_id) for each in messages) == Counter(
        ledger.said + asked
    )


async def check_the_notices(session: AsyncSession, ledger: Ledger) -> None:
    """Each fact was noted once for each of the people it concerns, and nothing else was."""
    rows = (await session.scalars(select(StaffNoticeRow))).all()
    found = Counter((row.username, row.dedupe_key.partition("#")[0]) for row in rows)
    assert found == Counter(ledger.noticed)
