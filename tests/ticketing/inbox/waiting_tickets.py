"""Tickets brought by verbs to where their customer is asked something, and what they say then."""

from __future__ import annotations

import uuid
from typing import Any

import httpx
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from tests.support.filling import filled
from tests.ticketing.assistant_door import Json
from tests.ticketing.tickets.desk import opened
from ticketing.composition import House
from ticketing.inbox.models import HouseQuestion
from ticketing.kernel import clock
from ticketing.tickets import lookup, steps
from ticketing.tickets.models import Ticket
from ticketing.tickets.steps import Doing


async def walk_to(session: AsyncSession, ticket: Ticket, wanted: str, **given: Any) -> Ticket:
    """Complete steps until one of this name is open; `given` is what is filled in on the way."""
    for _ in range(15):
        row = (await steps.open_steps(session, ticket.id))[0]
        if row.step == wanted:
            return ticket
        fits = given.get(row.step, {})
        data = filled(row.form, **fits) if row.form else {}
        doing = Doing(by="anna", data=data)
        await steps.complete_step(session, ticket.ticket_no, row.step, doing, clock.now())
    raise AssertionError(f"{wanted} is never reached")


async def asked(
    house: House, who: uuid.UUID, kind: str = "damage", step: str = "confirm", **given: Any
) -> str:
    """Open a ticket for a conversation and bring it to a step; return its number."""
    async with house.db.transaction() as session:
        ticket = await opened(session, kind, conversation_id=who, cause=f"file-{kind}-{who}")
        await walk_to(session, ticket, step, **given)
    return ticket.ticket_no


async def open_steps(house: House, number: str) -> list[str]:
    """Return the names of the steps that are to be done."""
    async with house.db.transaction() as session:
        ticket = await lookup.ticket_by_no(session, number)
        return [row.step for row in await steps.open_steps(session, ticket.id)]


async def waiting_for(house: House) -> list[HouseQuestion]:
    """Return every question that waits for its answer, oldest first."""
    async with house.db.transaction() as session:
        query = select(HouseQuestion).where(HouseQuestion.closed_at.is_(None))
        return list((await session.scalars(query.order_by(HouseQuestion.id))).all())


async def say(
    api: httpx.AsyncClient, text: str, sender: str = "one", message_id: str | None = None
) -> list[str]:
    """Say something as a customer of the REST channel; return what is answered."""
    body: Json = {"sender": sender, "message": text}
    if message_id is not None:
        body["message_id"] = message_id
    answer = await api.post("/webhooks/rest/webhook", json=body)
    assert answer.status_code == 200, answer.text
    return [message["text"] for message in answer.json()]
