"""A demo's past days, as `demo_days.yml` tells them: who works here, talks and tickets."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import yaml
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts import service as accounts
from ticketing.accounts.tokens import Role
from ticketing.composition import LISTENERS
from ticketing.conversations import service as conversations
from ticketing.conversations.models import Conversation, Customer
from ticketing.conversations.service import Arriving, Utterance
from ticketing.handoffs import asking
from ticketing.handoffs import service as handoffs
from ticketing.inbox import sessions
from ticketing.kernel import clock
from ticketing.kernel.db import Database
from ticketing.kernel.ids import new_id, new_token
from ticketing.kernel.settings import Settings
from ticketing.notifications import service as notifications
from ticketing.routing import arranging
from ticketing.routing.models import TeamMember
from ticketing.run.plan import Plan
from ticketing.tickets import service as tickets
from ticketing.tickets import steps
from ticketing.tickets.service import Complaint
from ticketing.tickets.steps import Doing

SITE = "demo"
BY = "demo"
_NO_TURN = timedelta(0)

Row = dict[str, Any]


def written() -> dict[str, list[Row]]:
    """Return what happened, as it is written down."""
    text = Path(__file__).with_name("demo_days.yml").read_text("utf-8")
    days: dict[str, list[Row]] = yaml.safe_load(text)
    return days


def seed_days(plan: Plan) -> bool:
    """Let the past days have happened, once in the life of a database; tell whether they did."""
    url = Settings(demo=True, database_url=plan.database_url).sqlalchemy_url
    return asyncio.run(_seed_days(url, plan.sandbox_url, clock.now()))


async def _seed_days(database_url: str, sandbox_url: str, now: datetime) -> bool:
    db, days = Database(database_url, LISTENERS), written()
    try:
        async with db.transaction() as session:
            if await session.scalar(select(Customer.id).where(Customer.site == SITE).limit(1)):
                return False
            await _hire(session, days["people"], now)
        for row in sorted(days["talks"], key=lambda row: -int(row["ago"])):
            async with db.transaction() as session:
                await _talk(session, row, now - timedelta(minutes=row["ago"]))
        waybills = _waybills(sandbox_url)
        for row in days["tickets"]:
            await _ticket(db, row, next(waybills[row["parcel"]]), now)
    finally:
        await db.close()
    return True


async def _hire(session: AsyncSession, people: Sequence[Row], now: datetime) -> None:
    """Add colleagues; nobody knows their passwords."""
    for row in people:
        role = Role(row["role"])
        await accounts.put_person(session, row["username"], new_token(), role, now)
        person = await accounts.person(session, row["username"])
        person.display_name = row["name"]
        await session.flush()
        for team in row["teams"]:
            member = TeamMember(team=team, username=row["username"], capacity=8, active=True)
            member.skills, member.regions = [], []
            await arranging.put_member(session, member)


async def _talk(session: AsyncSession, row: Row, began: datetime) -> None:
    """Let a customer have talked with the bot, and perhaps with one of us."""
    key = sessions.customer_key(new_token())
    conversation = await conversations.open_conversation(session, sessions.CHANNEL, key, began)
    conversation.customer_id = (await _customer(session, row["customer"], began)).id
    conversation.site = SITE
    await session.flush()
    is_asked_for = False
    for number, (who, words, minutes) in enumerate(row["says"]):
        at = began + timedelta(minutes=minutes)
        if who not in ("customer", "bot") and not is_asked_for:
            is_asked_for = True
            await _into_the_hands_of(session, conversation, who, row["reason"], at)
        await _say(session, conversation, (who, words), f"demo:{conversation.id}:{number}", at)
    await _end(session, conversation, row, at + timedelta(minutes=1))


async def _say(
    session: AsyncSession, conversation: Conversation, said: tuple[str, str], key: str, at: datetime
) -> None:
    who, words = said
    if who == "customer":
        arriving = Arriving(conversation.channel, conversation.customer_key, str(new_id()), words)
        _received, turn = await conversations.receive(session, arriving, at, _NO_TURN)
        if turn is not None:
            await conversations.finish_turn(session, turn, None, at, _NO_TURN)
        return
    spoken = Utterance(words) if who == "bot" else Utterance(words, author="agent", said_by=who)
    await notifications.send(session, conversation.id, spoken, key, at)
    if who != "bot":
        await handoffs.spoken(session, conversation, who, at)


async def _into_the_hands_of(
    session: AsyncSession, conversation: Conversation, agent: str, reason: str, at: datetime
) -> None:
    minute = timedelta(minutes=1)
    await asking.queue_up(session, conversation.id, reason, at - 2 * minute)
    await session.refresh(conversation)
    await handoffs.take(session, conversation.id, agent, conversation.owner_epoch, at - minute)


async def _end(session: AsyncSession, conversation: Conversation, row: Row, at: datetime) -> None:
    """Leave a talk as the story says: with the bot, waiting, given back or closed."""
    if row["ends"] == "waiting":
        await asking.queue_up(session, conversation.id, row["reason"], at)
    if row["ends"] not in ("given_back", "closed"):
        return
    await session.refresh(conversation)
    end = handoffs.give_back if row["ends"] == "given_back" else handoffs.close
    epoch, agreed = conversation.owner_epoch, row["agreed"]
    await end(session, conversation.id, row["agent"], epoch=epoch, agreed=agreed, now=at)


async def _customer(session: AsyncSession, name: str, at: datetime) -> Customer:
    customer = Customer(site=SITE, external_id=f"demo-{name}", name=name, created_at=at, seen_at=at)
    session.add(customer)
    await session.flush()
    return customer


async def _ticket(db: Database, row: Row, waybill_no: str, now: datetime) -> None:
    """Let a ticket have been opened, and worked on as far as the story goes."""
    opened_at = now - timedelta(minutes=row["ago"])
    complaint = Complaint(
        kind=row["kind"],
        waybill_no=waybill_no,
        description=row["words"],
        by=BY,
        role="receiver",
        contact_phone="13800000000",
        urgent=row.get("urgent", False),
    )
    async with db.transaction() as session:
        ticket = (await tickets.file_complaint(session, complaint, opened_at)).ticket
    for number, (step, data) in enumerate(row.get("done", ()), start=1):
        at = opened_at + timedelta(minutes=row["ago"] * number / 8)
        async with db.transaction() as session:
            doing = Doing(by="zhaomin", note="已核对", data=data)
            await steps.complete_step(session, ticket.ticket_no, step, doing, at)


def _waybills(sandbox_url: str) -> Mapping[str, Iterator[str]]:
    """Return the sandbox's parcels by state, the last first: customers try the first ones."""
    rows = httpx.get(f"{sandbox_url}/shipments", timeout=10, trust_env=False).json()
    by_state: dict[str, list[str]] = {}
    for row in reversed(rows):
        by_state.setdefault(row["state"], []).append(row["waybill_no"])
    return {state: iter(numbers) for state, numbers in by_state.items()}
