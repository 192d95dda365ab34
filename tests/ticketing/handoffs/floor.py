"""People on duty, customers who want them, and what became of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text, update

from ticketing.accounts import service as accounts
from ticketing.accounts.tokens import Role
from ticketing.composition import House
from ticketing.conversations import service as conversations
from ticketing.conversations.models import Conversation, Message
from ticketing.conversations.service import Arriving
from ticketing.handoffs import asking, looking_round, repository, service
from ticketing.handoffs.asking import Queued
from ticketing.handoffs.models import Handoff, HandoffEvent
from ticketing.kernel import clock
from ticketing.routing import arranging, presence
from ticketing.routing.choose import Status
from ticketing.routing.layout import shipped
from ticketing.routing.models import Presence, TeamMember
from ticketing.sla import service as sla
from ticketing.sla.hours import WEEKDAYS, CalendarText, Week

TEAM = "customer_service"


async def on_duty(house: House, *names: str, team: str = TEAM, **place: Any) -> None:
    """Let agents be in a team and here."""
    for name in names:
        async with house.db.transaction() as session:
            await accounts.put_person(session, name, "correct horse", Role.AGENT, clock.now())
            known = {"team": team, "username": name, "capacity": 10, "chats": 5, "active": True}
            rest: dict[str, list[str]] = {"skills": [], "regions": []}
            await arranging.put_member(session, TeamMember(**{**known, **rest, **place}))
        await be_here(house, name)


async def be_here(house: House, name: str, status: Status = Status.AVAILABLE) -> None:
    """Renew somebody's lease."""
    async with house.db.transaction() as session:
        await presence.be_present(session, name, status, clock.now())


async def vanish(house: House, name: str) -> None:
    """Let somebody's lease run out, as when their browser is killed."""
    async with house.db.transaction() as session:
        over = update(Presence).where(Presence.username == name)
        await session.execute(over.values(lease_until=clock.now() - timedelta(milliseconds=1)))


async def arrange(house: House, name: str = TEAM, **manner: Any) -> None:
    """Change how a queue works."""
    async with house.db.transaction() as session:
        plan = shipped().queues[name]
        await arranging.put_queue(session, replace(plan, **{"chat_hours": "always", **manner}))


async def shut(house: House, name: str = TEAM) -> None:
    """Let a queue have hours that begin six hours from now, whatever time it is."""
    begins = (clock.now().astimezone(clock.SHANGHAI).hour + 6) % 24
    hours = (f"{begins:02}:00-{begins:02}:59",)
    async with house.db.transaction() as session:
        week = Week(**dict.fromkeys(WEEKDAYS, hours))
        text_of = CalendarText(label="夜里", week=week)
        now = clock.now()
        await sla.put_calendar(session, "not_now", text_of, 0, by="mona", now=now)
    await arrange(house, name, chat_hours="not_now")


async def customer(house: House, key: str) -> uuid.UUID:
    """Begin a customer's conversation."""
    async with house.db.transaction() as session:
        found = await conversations.open_conversation(session, "rest", f"demo/{key}", clock.now())
        return found.id


async def write(house: House, key: str, words: str) -> tuple[str, ...]:
    """Let a customer write; return what was said to it."""
    arriving = Arriving("rest", f"demo/{key}", str(uuid.uuid4()), words)
    arrival = await house.inbox.receive(arriving)
    said = (*arrival.said, *await house.inbox.answer(arrival.turn))
    return tuple(message.text for message in said)


async def waits(
    house: House, key: str, reason: str = "asked", at: datetime | None = None
) -> uuid.UUID:
    """Let a customer wait for a person; return the conversation."""
    who = await customer(house, key)
    await queue_up(house, who, reason, at)
    return who


async def queue_up(
    house: House, who: uuid.UUID, reason: str = "asked", at: datetime | None = None
) -> Queued:
    """Ask for a person."""
    async with house.db.transaction() as session:
        return await asking.queue_up(session, who, reason, at or clock.now())


async def taken(house: House, who: uuid.UUID, by: str) -> None:
    """Let somebody take a conversation, whatever its epoch."""
    async with house.db.transaction() as session:
        epoch = (await conversations.locked(session, who)).owner_epoch
        await service.take(session, who, by, epoch, clock.now())


async def replied(house: House, who: uuid.UUID, by: str, at: datetime | None = None) -> None:
    """Let whoever holds a conversation write something."""
    async with house.db.transaction() as session:
        held = await conversations.locked(session, who)
        said = text(
            "INSERT INTO messages (conversation_id, seq, author, text, buttons, at)"
            " VALUES (:id, :seq, 'agent', '您好', '[]', :at)"
        )
        held.last_seq += 1
        values = {"id": who, "seq": held.last_seq, "at": at or clock.now()}
        await session.execute(said, values)
        await service.spoken(session, held, by, at or clock.now())


async def talk(house: House, who: uuid.UUID) -> Conversation:
    """Return a conversation as it stands."""
    async with house.db.transaction() as session:
        return await conversations.known(session, who)


async def handoff_of(house: House, who: uuid.UUID) -> Handoff:
    """Return the newest hand-over of a conversation."""
    async with house.db.transaction() as session:
        newest = select(Handoff).where(Handoff.conversation_id == who).order_by(Handoff.id.desc())
        return (await session.scalars(newest.limit(1))).one()


async def events_of(house: House, who: uuid.UUID) -> Sequence[HandoffEvent]:
    """Return what happened in the newest hand-over of a conversation."""
    handoff = await handoff_of(house, who)
    async with house.db.transaction() as session:
        return await repository.events(session, handoff.id)


async def told(house: House, who: uuid.UUID) -> list[str]:
    """Return what the house and its people said in a conversation."""
    async with house.db.transaction() as session:
        said = select(Message.text).where(
            Message.conversation_id == who, Message.author.in_(("system", "bot"))
        )
        return list(await session.scalars(said.order_by(Message.seq)))


async def look(house: House, later: timedelta = timedelta(0)) -> None:
    """Look round once, some time later."""
    await looking_round.look_round(house.db, lambda: clock.now() + later)
