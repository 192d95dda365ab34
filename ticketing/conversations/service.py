"""Verbs of conversations: receive, take a turn, finish it, change hands, say."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from channels.messages import OutMessage
from ticketing.conversations import proofs, repository
from ticketing.conversations.models import Conversation, Message
from ticketing.conversations.proofs import Proof, ProofState
from ticketing.kernel.errors import HouseError
from ticketing.kernel.ids import new_id


class UnknownConversation(HouseError):
    """No conversation has this id."""

    status, code = 404, "unknown_conversation"

    def __init__(self) -> None:
        super().__init__("没有这个会话")


@dataclass(frozen=True)
class Received:
    """A customer's message as it was stored; `is_new` is false for a repetition."""

    conversation_id: uuid.UUID
    seq: int
    at: datetime
    owner: str
    is_new: bool
    handled: bool


@dataclass(frozen=True)
class Turn:
    """The right to answer one message; void once its token or its epoch is no longer current."""

    conversation_id: uuid.UUID
    token: uuid.UUID
    seq: int
    text: str

    @property
    def message_id(self) -> str:
        """The id by which bot and actions know the message."""
        return f"{self.conversation_id}:{self.seq}"


@dataclass(frozen=True)
class Utterance:
    """What somebody on our side says; `buttons` are `{"title", "payload"}`."""

    text: str
    author: str = "bot"
    buttons: tuple[dict[str, str], ...] = ()
    card: dict[str, Any] | None = None


async def open_conversation(
    session: AsyncSession, channel: str, customer_key: str, now: datetime
) -> Conversation:
    """Return the customer's conversation, created if need be, locked."""
    found = await repository.lock_by_customer(session, channel, customer_key)
    if found:
        return found
    start = {"id": new_id(), "created_at": now, "updated_at": now}
    values = {"channel": channel, "customer_key": customer_key, "owner": "bot"}
    counters = {"owner_epoch": 0, "last_seq": 0, "delivered_seq": 0}
    await repository.insert_if_new(session, {**start, **values, **counters})
    created = await repository.lock_by_customer(session, channel, customer_key)
    if created is None:
        raise UnknownConversation
    return created


async def receive(
    session: AsyncSession, conversation: Conversation, external_id: str, text: str, now: datetime
) -> Received:
    """Store a customer's message once, however often it arrives; the conversation is locked."""
    known = await repository.message_by_external_id(session, conversation.id, external_id)
    if known:
        handled = known.handled_at is not None
        return Received(conversation.id, known.seq, known.at, conversation.owner, False, handled)
    handled = conversation.owner != "bot"
    message = Message(
        conversation_id=conversation.id,
        seq=_next_seq(conversation, now),
        author="customer",
        external_id=external_id,
        text=text,
        at=now,
        handled_at=now if handled else None,
    )
    session.add(message)
    await session.flush()
    return Received(conversation.id, message.seq, now, conversation.owner, True, handled)


async def append(
    session: AsyncSession,
    conversation: Conversation,
    utterance: Utterance,
    now: datetime,
    answers_seq: int | None = None,
) -> Message:
    """Store what our side says as the next message; the conversation is locked."""
    message = Message(
        conversation_id=conversation.id,
        seq=_next_seq(conversation, now),
        author=utterance.author,
        text=utterance.text,
        buttons=list(utterance.buttons),
        card=utterance.card,
        at=now,
        handled_at=now,
        answers_seq=answers_seq,
    )
    session.add(message)
    return message


def _next_seq(conversation: Conversation, now: datetime) -> int:
    conversation.last_seq += 1
    conversation.updated_at = now
    return conversation.last_seq


async def locked(session: AsyncSession, conversation_id: uuid.UUID) -> Conversation:
    """Return a conversation, locked; raise `UnknownConversation`."""
    conversation = await repository.lock(session, conversation_id)
    if conversation is None:
        raise UnknownConversation
    return conversation


async def known(session: AsyncSession, conversation_id: uuid.UUID) -> Conversation:
    """Return a conversation as it stands; raise `UnknownConversation`."""
    conversation = await repository.by_id(session, conversation_id)
    if conversation is None:
        raise UnknownConversation
    return conversation


async def take_turn(
    session: AsyncSession, conversation: Conversation, now: datetime, lease: timedelta
) -> Turn | None:
    """Take the oldest waiting message of a locked conversation, if it is the bot's and free."""
    busy = conversation.turn_until is not None and conversation.turn_until > now
    if conversation.owner != "bot" or busy:
        return None
    message = await repository.first_waiting(session, conversation.id)
    if message is None:
        return None
    token = new_id()
    conversation.turn_token = token
    conversation.turn_until = now + lease
    conversation.turn_epoch = conversation.owner_epoch
    conversation.wanted_handoff = None
    return Turn(conversation.id, token, message.seq, message.text)


async def finish_turn(
    session: AsyncSession, turn: Turn, understood: dict[str, Any] | None, now: datetime
) -> Conversation | None:
    """Close a turn; return the locked conversation, or nothing when the turn is void."""
    conversation = await locked(session, turn.conversation_id)
    if conversation.turn_token != turn.token:
        return None
    is_current = conversation.turn_epoch == conversation.owner_epoch
    conversation.turn_token = conversation.turn_until = conversation.turn_epoch = None
    message = await repository.message(session, turn.conversation_id, turn.seq)
    if message is not None:
        message.handled_at = now
        message.understood = understood
    return conversation if is_current else None


async def change_owner(
    session: AsyncSession,
    conversation: Conversation,
    owner: str,
    now: datetime,
    reason: str | None = None,
) -> None:
    """Give a locked conversation into other hands; whatever the bot still prepares is void."""
    conversation.owner = owner
    conversation.owner_epoch += 1
    conversation.handoff_reason = reason
    conversation.queued_at = now if owner == "queue" else conversation.queued_at
    if owner != "bot":
        await repository.mark_waiting_handled(session, conversation.id, now)


async def position_in_queue(session: AsyncSession, conversation: Conversation) -> int:
    """Return the place in the queue, counted from 1."""
    since = conversation.queued_at or conversation.updated_at
    return 1 + await repository.count_queued_before(session, since)


async def waiting(session: AsyncSession, now: datetime) -> Sequence[uuid.UUID]:
    """Return conversations with an unanswered message and nobody at work on it, 50 at most."""
    return await repository.with_waiting_messages(session, now, limit=50)


async def is_handled(session: AsyncSession, conversation_id: uuid.UUID, seq: int) -> bool:
    """Tell whether somebody has dealt with a message."""
    message = await repository.message(session, conversation_id, seq)
    return message is not None and message.handled_at is not None


async def find(session: AsyncSession, channel: str, customer_key: str) -> Conversation | None:
    """Return the customer's conversation, if they have ever written."""
    return await repository.by_customer(session, channel, customer_key)


async def answers_to(
    session: AsyncSession, conversation_id: uuid.UUID, seq: int
) -> tuple[OutMessage, ...]:
    """Return what was answered to one message, in order."""
    return _rendered(await repository.answers_to(session, conversation_id, seq))


async def messages_after(
    session: AsyncSession, conversation_id: uuid.UUID, seq: int, limit: int = 200
) -> tuple[OutMessage, ...]:
    """Return what was said after a number, oldest first."""
    return _rendered(await repository.after(session, conversation_id, seq, limit))


async def messages_since(
    session: AsyncSession, conversation_id: uuid.UUID, seq: int, limit: int
) -> tuple[OutMessage, ...]:
    """Return the newest `limit` of the messages after a number, oldest first."""
    return _rendered(await repository.newest_after(session, conversation_id, seq, limit))


async def mark_seen(session: AsyncSession, conversation_id: uuid.UUID, seq: int) -> None:
    """Remember the highest number the customer's client has shown."""
    conversation = await locked(session, conversation_id)
    seen = min(seq, conversation.last_seq)
    conversation.delivered_seq = max(conversation.delivered_seq, seen)


async def want_handoff(
    session: AsyncSession, conversation_id: uuid.UUID, message_id: str, reason: str
) -> int:
    """Note that the running turn wants a person; return the place in the queue it will get."""
    conversation = await locked(session, conversation_id)
    conversation.wanted_handoff = {"message_id": message_id, "reason": reason}
    return 1 + await repository.count_queued_before(session, conversation.updated_at)


async def in_peoples_hands(session: AsyncSession) -> Sequence[Conversation]:
    """Return the conversations that wait for a person or have one, longest waiting first."""
    return await repository.queued(session, limit=100)


def _rendered(messages: Sequence[Message]) -> tuple[OutMessage, ...]:
    return tuple(
        OutMessage(
            seq=m.seq,
            at=m.at,
            author=m.author,
            text=m.text,
            buttons=tuple(m.buttons),
            card=m.card,
            message_id=m.external_id,
        )
        for m in messages
    )


async def standing(
    session: AsyncSession,
    conversation_id: uuid.UUID,
    waybill_no: str,
    *,
    given: str | None,
    registered: frozenset[str],
    now: datetime,
) -> ProofState:
    """Return where a conversation stands with a parcel, given these digits (or none)."""
    row = await repository.proof(session, conversation_id, waybill_no)
    if row is not None and row.shown_at is not None:
        return ProofState(conversation_id, waybill_no, Proof.SHOWN, row.phone_tail)
    on_parcel = await repository.wrong_tries_on(session, waybill_no, proofs.window_start(now))
    left = proofs.tries_left(row.wrong_tries if row else 0, on_parcel)
    if given is not None and left == 0:
        return ProofState(conversation_id, waybill_no, Proof.TOO_MANY_TRIES, None, 0)
    proof = proofs.judge(given, registered)
    return ProofState(conversation_id, waybill_no, proof, given, left)


async def remember_proof(session: AsyncSession, state: ProofState, now: datetime) -> ProofState:
    """Keep that digits were right, or count that they were wrong; return the state after it."""
    if state.proof not in (Proof.SHOWN, Proof.WRONG):
        return state
    row = await repository.locked_proof(session, state.conversation_id, state.waybill_no)
    if state.is_shown:
        row.phone_tail, row.shown_at = state.phone_tail, row.shown_at or now
        return state
    row.wrong_tries, row.last_wrong_at = row.wrong_tries + 1, now
    return replace(state, tries_left=max(0, state.tries_left - 1))


async def keep_digits(
    session: AsyncSession, conversation_id: uuid.UUID, waybill_no: str, phone_tail: str
) -> None:
    """Keep digits that could not be checked yet."""
    row = await repository.locked_proof(session, conversation_id, waybill_no)
    row.phone_tail = row.phone_tail or phone_tail


async def kept_digits(
    session: AsyncSession, conversation_id: uuid.UUID, waybill_no: str
) -> str | None:
    """Return the digits kept or shown for a parcel."""
    row = await repository.proof(session, conversation_id, waybill_no)
    return row.phone_tail if row else None


async def has_shown(session: AsyncSession, conversation_id: uuid.UUID, waybill_no: str) -> bool:
    """Tell whether a conversation has proved its right to a parcel's details."""
    row = await repository.proof(session, conversation_id, waybill_no)
    return row is not None and row.shown_at is not None
