"""Every statement about what our people keep at the desk: marks, notes, replies, filters, seats."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts.models import Person
from ticketing.desk.models import (
    CannedReply,
    ConversationNote,
    DeskLook,
    DeskSeat,
    ReadMark,
    SavedFilter,
)

_OTHER_SEATS = text(
    "SELECT EXISTS (SELECT 1 FROM desk_seats WHERE username = :username AND until > :now)"
)
Noted = tuple[ConversationNote, str]
"""A note and the name of who wrote it."""


async def mark_read(
    session: AsyncSession, username: str, conversation_id: uuid.UUID, seq: int
) -> bool:
    """Remember how far somebody has read; tell whether it is further than before."""
    values = {"username": username, "conversation_id": conversation_id, "seq": seq}
    statement = insert(ReadMark).values(**values)
    moved = statement.on_conflict_do_update(
        index_elements=["username", "conversation_id"],
        set_={"seq": seq},
        where=ReadMark.seq < seq,
    )
    return (await session.execute(moved.returning(ReadMark.seq))).first() is not None


async def add_note(session: AsyncSession, note: dict[str, Any]) -> int | None:
    """Add a note; nothing when it is known."""
    statement = insert(ConversationNote).values(**note).on_conflict_do_nothing()
    return await session.scalar(statement.returning(ConversationNote.id))


async def note_by_client_id(
    session: AsyncSession, conversation_id: uuid.UUID, by: str, client_id: str
) -> Noted:
    """Return a note that is known to exist."""
    query = _notes(conversation_id).where(
        ConversationNote.by == by, ConversationNote.client_id == client_id
    )
    row = (await session.execute(query)).one()
    return row[0], row[1]


async def notes_between(
    session: AsyncSession, conversation_id: uuid.UUID, first: int, last: int | None
) -> Sequence[Noted]:
    """Return the newest 200 notes that stand after these messages, oldest first."""
    query = _notes(conversation_id).where(ConversationNote.after_seq >= first)
    if last is not None:
        query = query.where(ConversationNote.after_seq <= last)
    found = await session.execute(query.order_by(ConversationNote.id.desc()).limit(200))
    return [(row[0], row[1]) for row in found][::-1]


async def notes_after(
    session: AsyncSession, conversation_id: uuid.UUID, number: int
) -> Sequence[Noted]:
    """Return the notes with a higher number, oldest first, 200 at most."""
    query = _notes(conversation_id).where(ConversationNote.id > number)
    found = await session.execute(query.order_by(ConversationNote.id).limit(200))
    return [(row[0], row[1]) for row in found]


async def last_note(session: AsyncSession, conversation_id: uuid.UUID) -> int:
    """Return the number of the newest note; 0 without any."""
    newest = select(func.max(ConversationNote.id))
    found = await session.scalar(newest.where(ConversationNote.conversation_id == conversation_id))
    return int(found or 0)


def _notes(conversation_id: uuid.UUID) -> Any:
    named = func.coalesce(Person.display_name, ConversationNote.by)
    query = select(ConversationNote, named).outerjoin(
        Person, Person.username == ConversationNote.by
    )
    return query.where(ConversationNote.conversation_id == conversation_id)


async def active_people(session: AsyncSession, names: Collection[str]) -> Sequence[str]:
    """Return those of these usernames that somebody here has."""
    if not names:
        return ()
    query = select(Person.username).where(Person.is_active, Person.username.in_(names))
    return (await session.scalars(query)).all()


async def person_name(session: AsyncSession, username: str) -> str:
    """Return how somebody is called."""
    person = await session.get(Person, username)
    return person.display_name if person else username


async def add_shipped(session: AsyncSession, replies: Sequence[dict[str, Any]]) -> None:
    """Add the shipped replies that are not there, removed ones counted as there."""
    await session.execute(insert(CannedReply).values(list(replies)).on_conflict_do_nothing())


async def canned(session: AsyncSession, username: str) -> Sequence[CannedReply]:
    """Return the replies somebody may use, the most used first."""
    query = (
        select(CannedReply)
        .where(CannedReply.removed_at.is_(None))
        .where(or_(CannedReply.scope == "all", CannedReply.by == username))
        .order_by(CannedReply.uses.desc(), CannedReply.shortcut, CannedReply.id)
        .limit(500)
    )
    return (await session.scalars(query)).all()


async def canned_by_id(session: AsyncSession, number: int) -> CannedReply | None:
    """Return a reply, locked, unless it is removed."""
    found = await session.get(CannedReply, number, with_for_update=True)
    return found if found is not None and found.removed_at is None else None


async def canned_by_shortcut(
    session: AsyncSession, shortcut: str, scope: str, by: str
) -> CannedReply | None:
    """Return the reply that has a shortcut in a scope, removed or not, locked."""
    query = select(CannedReply).filter_by(shortcut=shortcut, scope=scope)
    query = query if scope == "all" else query.where(CannedReply.by == by)
    return (await session.scalars(query.with_for_update())).one_or_none()


async def count_use(session: AsyncSession, number: int) -> None:
    """Count that a reply was said."""
    statement = update(CannedReply).where(CannedReply.id == number)
    await session.execute(statement.values(uses=CannedReply.uses + 1))


async def filters(session: AsyncSession, username: str) -> Sequence[SavedFilter]:
    """Return somebody's saved filters by name."""
    query = select(SavedFilter).filter_by(username=username).order_by(SavedFilter.name)
    return (await session.scalars(query)).all()


async def put_filter(
    session: AsyncSession, username: str, name: str, query: dict[str, Any]
) -> SavedFilter:
    """Save a filter, over the one of the same name."""
    statement = insert(SavedFilter).values(username=username, name=name, query=query)
    saved = statement.on_conflict_do_update(
        index_elements=["username", "name"], set_={"query": query}
    ).returning(SavedFilter)
    found = await session.scalars(saved, execution_options={"populate_existing": True})
    return found.one()


async def drop_filter(session: AsyncSession, username: str, number: int) -> bool:
    """Drop a filter of somebody's; tell whether there was one."""
    statement = delete(SavedFilter).filter_by(username=username, id=number)
    return (await session.execute(statement.returning(SavedFilter.id))).first() is not None


async def sit_down(session: AsyncSession, sid: str, username: str, until: datetime) -> None:
    """Note a connection, or that it is still there."""
    values = {"username": username, "until": until}
    statement = insert(DeskSeat).values(sid=sid, **values)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["sid"], set_={"until": until})
    )


async def stand_up(session: AsyncSession, sid: str) -> Sequence[uuid.UUID]:
    """Forget a connection; return what it looked at."""
    gone = delete(DeskLook).where(DeskLook.sid == sid).returning(DeskLook.conversation_id)
    looked_at = (await session.scalars(gone)).all()
    await session.execute(delete(DeskSeat).where(DeskSeat.sid == sid))
    return looked_at


async def is_seated(session: AsyncSession, username: str, now: datetime) -> bool:
    """Tell whether somebody has a connection to any process."""
    return bool(await session.scalar(_OTHER_SEATS, {"username": username, "now": now}))


async def drop_lapsed_seats(session: AsyncSession, now: datetime) -> None:
    """Forget the connections of processes that died."""
    await session.execute(delete(DeskSeat).where(DeskSeat.until < now))


async def look(session: AsyncSession, sid: str, conversation_id: uuid.UUID) -> bool:
    """Note that a connection looks at a conversation; tell whether that is new."""
    statement = insert(DeskLook).values(sid=sid, conversation_id=conversation_id)
    new = statement.on_conflict_do_nothing().returning(DeskLook.sid)
    return (await session.execute(new)).first() is not None


async def look_away(session: AsyncSession, sid: str, conversation_id: uuid.UUID) -> bool:
    """Note that a connection looks at a conversation no longer; tell whether it did."""
    gone = delete(DeskLook).filter_by(sid=sid, conversation_id=conversation_id)
    return (await session.execute(gone.returning(DeskLook.sid))).first() is not None
