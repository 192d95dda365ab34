"""Every SELECT of conversations."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations.models import ANGER, Conversation, Message, ParcelProof

_IS_FIRST = Conversation.handoff_reason == ANGER
_HAS_MOOD = text("""
SELECT EXISTS (
    SELECT 1 FROM messages m, jsonb_path_query(m.understood, '$.entities[*].entity') AS found
    WHERE m.conversation_id = :id AND m.author = 'customer' AND m.at >= :since
      AND found = '"mood"'
)
""")


async def lock_by_customer(
    session: AsyncSession, channel: str, customer_key: str
) -> Conversation | None:
    """Return the customer's conversation, locked until the transaction ends."""
    found = await session.scalars(
        select(Conversation)
        .where(Conversation.channel == channel, Conversation.customer_key == customer_key)
        .with_for_update(key_share=True)
    )
    return found.one_or_none()


async def insert_if_new(session: AsyncSession, values: dict[str, Any]) -> None:
    """Create a conversation unless the customer has one."""
    statement = insert(Conversation).values(**values)
    await session.execute(
        statement.on_conflict_do_nothing(index_elements=["channel", "customer_key"])
    )


async def lock(session: AsyncSession, conversation_id: uuid.UUID) -> Conversation | None:
    """Return a conversation, locked until the transaction ends.

    Others may still add what belongs to it: a mark of what was read would else wait for the
    answer that itself waits to leave such a mark.
    """
    return await session.get(
        Conversation, conversation_id, with_for_update={"key_share": True}, populate_existing=True
    )


async def by_id(session: AsyncSession, conversation_id: uuid.UUID) -> Conversation | None:
    """Return a conversation as it stands."""
    return await session.get(Conversation, conversation_id)


async def by_customer(
    session: AsyncSession, channel: str, customer_key: str
) -> Conversation | None:
    """Return the customer's conversation on a channel."""
    found = await session.scalars(
        select(Conversation).where(
            Conversation.channel == channel, Conversation.customer_key == customer_key
        )
    )
    return found.one_or_none()


async def message_by_external_id(
    session: AsyncSession, conversation_id: uuid.UUID, external_id: str
) -> Message | None:
    """Return the message that the channel knows by this id."""
    found = await session.scalars(
        select(Message).where(
            Message.conversation_id == conversation_id, Message.external_id == external_id
        )
    )
    return found.one_or_none()


async def message(session: AsyncSession, conversation_id: uuid.UUID, seq: int) -> Message | None:
    """Return one message by its number."""
    return await session.get(Message, (conversation_id, seq))


async def said_for(session: AsyncSession, conversation_id: uuid.UUID, cause: str) -> int | None:
    """Return the number of what was said for this cause."""
    return await session.scalar(
        select(Message.seq).where(
            Message.conversation_id == conversation_id, Message.cause == cause
        )
    )


async def with_waiting_messages(
    session: AsyncSession, now: datetime, limit: int
) -> Sequence[uuid.UUID]:
    """Return conversations of the bot with an unanswered message and nobody at work on it."""
    found = await session.scalars(
        select(Conversation.id)
        .join(Message, Message.conversation_id == Conversation.id)
        .where(
            Message.author == "customer",
            Message.handled_at.is_(None),
            Conversation.owner == "bot",
            (Conversation.turn_until.is_(None)) | (Conversation.turn_until < now),
        )
        .distinct()
        .limit(limit)
    )
    return found.all()


async def mark_waiting_handled(
    session: AsyncSession, conversation_id: uuid.UUID, at: datetime
) -> None:
    """Mark every waiting message as dealt with (a person will read it)."""
    await session.execute(
        update(Message)
        .where(
            Message.conversation_id == conversation_id,
            Message.author == "customer",
            Message.handled_at.is_(None),
        )
        .values(handled_at=at)
    )


async def mark_waiting(session: AsyncSession, conversation_id: uuid.UUID, seq: int) -> None:
    """Let a message wait for an answer again."""
    await session.execute(
        update(Message)
        .where(Message.conversation_id == conversation_id, Message.seq == seq)
        .values(handled_at=None)
    )


async def count_queued_before(
    session: AsyncSession, queued_at: datetime, queue: str | None, *, first: bool
) -> int:
    """Count the conversations of a queue a person will take earlier; `first`: before the rest."""
    earlier = Conversation.queued_at < queued_at
    ahead = and_(_IS_FIRST, earlier) if first else or_(_IS_FIRST, earlier)
    found = await session.scalar(
        select(func.count())
        .select_from(Conversation)
        .where(Conversation.owner == "queue", Conversation.queue.is_not_distinct_from(queue), ahead)
    )
    return int(found or 0)


async def proof(
    session: AsyncSession, conversation_id: uuid.UUID, waybill_no: str
) -> ParcelProof | None:
    """Return what this conversation has shown of this parcel."""
    return await session.get(ParcelProof, (conversation_id, waybill_no))


async def serialise_tries(session: AsyncSession, waybill_no: str) -> None:
    """Let one try at a parcel's digits pass at a time, over all conversations."""
    key = {"key": f"proof/{waybill_no}"}
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), key)


async def wrong_tries_on(session: AsyncSession, waybill_no: str, since: datetime) -> int:
    """Count recent wrong digits for one parcel over all conversations."""
    found = await session.scalar(
        select(func.coalesce(func.sum(ParcelProof.wrong_tries), 0)).where(
            ParcelProof.waybill_no == waybill_no, ParcelProof.last_wrong_at > since
        )
    )
    return int(found or 0)


async def locked_proof(
    session: AsyncSession, conversation_id: uuid.UUID, waybill_no: str
) -> ParcelProof:
    """Return the proof row, created if need be, locked until the transaction ends."""
    key = {"conversation_id": conversation_id, "waybill_no": waybill_no}
    await session.execute(insert(ParcelProof).values(**key, wrong_tries=0).on_conflict_do_nothing())
    found = await session.scalars(
        select(ParcelProof)
        .filter_by(**key)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.one()


async def last_cause(session: AsyncSession, conversation_id: uuid.UUID) -> str | None:
    """Return the outbox key of the last message that is not the customer's."""
    return await session.scalar(
        select(Message.cause)
        .where(Message.conversation_id == conversation_id, Message.author != "customer")
        .order_by(Message.seq.desc())
        .limit(1)
    )


async def last_seq(session: AsyncSession, conversation_id: uuid.UUID) -> int:
    """Return the number of the last message."""
    query = select(Conversation.last_seq).where(Conversation.id == conversation_id)
    return int(await session.scalar(query) or 0)


async def make_answers(
    session: AsyncSession, conversation_id: uuid.UUID, after: int, to: int
) -> None:
    """Let everything said after a number be the answer to message `to`."""
    await session.execute(
        update(Message)
        .where(
            Message.conversation_id == conversation_id,
            Message.seq > after,
            Message.author != "customer",
        )
        .values(answers_seq=to)
    )


async def has_mood(session: AsyncSession, conversation_id: uuid.UUID, since: datetime) -> bool:
    """Tell whether a mood was found in what a customer has written since a time."""
    found = await session.scalar(_HAS_MOOD, {"id": conversation_id, "since": since})
    return bool(found)


async def customer_words(
    session: AsyncSession, conversation_id: uuid.UUID, since: datetime, limit: int
) -> Sequence[str]:
    """Return the texts of a customer's newest messages since a time, oldest first."""
    found = await session.scalars(
        select(Message.text)
        .where(
            Message.conversation_id == conversation_id,
            Message.author == "customer",
            Message.at >= since,
        )
        .order_by(Message.seq.desc())
        .limit(limit)
    )
    return tuple(reversed(found.all()))


async def last_said(session: AsyncSession, conversation_id: uuid.UUID) -> Message | None:
    """Return the last message that is no notice of the house."""
    found = await session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.author != "system")
        .order_by(Message.seq.desc())
        .limit(1)
    )
    return found.one_or_none()
