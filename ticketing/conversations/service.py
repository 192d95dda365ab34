"""Verbs of conversations: receive, take a turn, finish it, change hands, say."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from channels.messages import OutMessage
from ticketing.conversations import proofs, reading, repository, traffic
from ticketing.conversations.models import ANGER, Conversation, Customer, Message
from ticketing.conversations.proofs import Proof, ProofState
from ticketing.conversations.signals import signal
from ticketing.conversations.traffic import Lease, Words
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
class Arriving:
    """A customer's message as a channel brings it; `external_id` is the channel's own."""

    channel: str
    customer_key: str
    external_id: str
    text: str
    quoted_seq: int | None = None
    """Which message of the conversation it replies to."""


@dataclass(frozen=True)
class Finished:
    """What became of a turn: void answers are not sent; a wanted hand-over is still to be made."""

    is_current: bool
    handoff_reason: str | None
    next_turn: Turn | None
    told_open: bool = True
    """Whether the bot has told the customer that people are at work."""


@dataclass(frozen=True)
class Utterance:
    """What somebody on our side says; `buttons` are `{"title", "payload"}`.

    `said_by`: the username of a person; `quoted_seq`: the message it replies to.
    """

    text: str
    author: str = "bot"
    buttons: tuple[dict[str, str], ...] = ()
    card: dict[str, Any] | None = None
    said_by: str | None = None
    quoted_seq: int | None = None


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
    session: AsyncSession, arriving: Arriving, now: datetime, lease: timedelta
) -> tuple[Received, Turn | None]:
    """Store a customer's message once, however often it arrives; take its turn if that is free."""
    held = await traffic.lock_by_customer(session, arriving.channel, arriving.customer_key)
    if held is None:
        opened = await open_conversation(session, arriving.channel, arriving.customer_key, now)
        held = (opened.id, opened.owner)
    conversation_id, owner = held
    claim = Lease(new_id(), now + lease)
    words = Words(arriving.external_id, arriving.text, arriving.quoted_seq)
    stored = await traffic.store(session, held, words, now, lease=claim)
    owner = "bot" if owner == "closed" else owner
    if stored is None:
        received = await _received_before(session, conversation_id, owner, arriving.external_id)
    else:
        handled = owner != "bot"
        received = Received(conversation_id, stored.seq, now, owner, True, handled)
    if stored is not None and stored.taken:
        return received, Turn(conversation_id, claim.token, stored.seq, arriving.text)
    return received, await take_turn(session, conversation_id, now, lease)


async def _received_before(
    session: AsyncSession, conversation_id: uuid.UUID, owner: str, external_id: str
) -> Received:
    message = await repository.message_by_external_id(session, conversation_id, external_id)
    if message is None:
        raise UnknownConversation
    handled = message.handled_at is not None
    return Received(conversation_id, message.seq, message.at, owner, False, handled)


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
    session: AsyncSession, conversation_id: uuid.UUID, now: datetime, lease: timedelta
) -> Turn | None:
    """Take the oldest waiting message of a locked conversation, if it is the bot's and free."""
    claim = Lease(new_id(), now + lease)
    waiting = await traffic.take(session, conversation_id, now, lease=claim)
    return Turn(conversation_id, claim.token, waiting.seq, waiting.text) if waiting else None


async def answer_after_all(
    session: AsyncSession, received: Received, now: datetime, lease: timedelta
) -> Turn | None:
    """Take the turn of a message that was for a person, and is the bot's by now."""
    await session.flush()
    await repository.mark_waiting(session, received.conversation_id, received.seq)
    return await take_turn(session, received.conversation_id, now, lease)


async def finish_turn(
    session: AsyncSession,
    turn: Turn,
    understood: dict[str, Any] | None,
    now: datetime,
    lease: timedelta,
) -> Finished | None:
    """End a turn and take the next one; nothing when the turn is void. Locks the conversation."""
    held = await traffic.lock_turn(session, turn.conversation_id)
    if held is None or held.turn_token != turn.token:
        return None
    claim = Lease(new_id(), now + lease)
    waiting = await traffic.finish(
        session, turn.conversation_id, turn.seq, understood, now, lease=claim
    )
    wanted = held.wanted_handoff or {}
    return Finished(
        is_current=held.turn_epoch == held.owner_epoch,
        handoff_reason=wanted.get("reason")
        if wanted.get("message_id") == turn.message_id
        else None,
        told_open=wanted.get("is_open", True),
        next_turn=Turn(turn.conversation_id, claim.token, waiting.seq, waiting.text)
        if waiting
        else None,
    )


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
        conversation.turn_token = conversation.turn_until = conversation.turn_epoch = None
        await repository.mark_waiting_handled(session, conversation.id, now)


async def position_in_queue(session: AsyncSession, conversation: Conversation) -> int:
    """Return the place in the queue, counted from 1."""
    since = conversation.queued_at or conversation.updated_at
    return await place_among(session, since, conversation.queue, first=conversation.comes_first)


async def place_among(
    session: AsyncSession, since: datetime, queue: str | None, *, first: bool
) -> int:
    """Return the place of somebody who waits in a queue since a time, counted from 1."""
    return 1 + await repository.count_queued_before(session, since, queue, first=first)


async def is_vip(session: AsyncSession, conversation: Conversation) -> bool:
    """Tell whether a site has vouched for a customer as an important one."""
    if conversation.customer_id is None:
        return False
    customer = await session.get(Customer, conversation.customer_id)
    return customer is not None and customer.vip


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
    return await reading.answers_to(session, conversation_id, seq)


async def has_said(session: AsyncSession, conversation_id: uuid.UUID, cause: str) -> bool:
    """Tell whether our side has spoken for this cause."""
    return await repository.said_for(session, conversation_id, cause) is not None


async def last_cause(session: AsyncSession, conversation_id: uuid.UUID) -> str | None:
    """Return the outbox key of what our side said last."""
    return await repository.last_cause(session, conversation_id)


async def last_seq(session: AsyncSession, conversation_id: uuid.UUID) -> int:
    """Return the number of the last message of a conversation this transaction has locked."""
    return await repository.last_seq(session, conversation_id)


async def make_answers(
    session: AsyncSession, conversation_id: uuid.UUID, after: int, *, to: int
) -> tuple[OutMessage, ...]:
    """Make what was said after a number the answer to a message, and return it."""
    await repository.make_answers(session, conversation_id, after, to)
    return await answers_to(session, conversation_id, to)


async def messages_after(
    session: AsyncSession, conversation_id: uuid.UUID, seq: int, limit: int = 200
) -> tuple[OutMessage, ...]:
    """Return up to `limit` messages said after a number, oldest first."""
    return await reading.after(session, conversation_id, seq, limit)


async def messages_since(
    session: AsyncSession, conversation_id: uuid.UUID, seq: int, limit: int
) -> tuple[OutMessage, ...]:
    """Return the newest `limit` of the messages after a number, oldest first."""
    return await reading.newest_after(session, conversation_id, seq, limit)


async def retracted(session: AsyncSession, conversation_id: uuid.UUID, up_to: int) -> Sequence[int]:
    """Return the numbers, up to one, of what our people have taken back."""
    return await reading.retracted(session, conversation_id, up_to)


async def mark_seen(session: AsyncSession, conversation_id: uuid.UUID, seq: int) -> None:
    """Remember the highest number the customer's client has shown."""
    conversation = await locked(session, conversation_id)
    seen = min(seq, conversation.last_seq)
    if seen > conversation.delivered_seq:
        conversation.delivered_seq = seen
        await signal(session, conversation_id)


async def was_angry(session: AsyncSession, conversation_id: uuid.UUID, since: datetime) -> bool:
    """Tell whether the bot has found the customer angry since a time."""
    return await repository.has_mood(session, conversation_id, since)


async def words_since(
    session: AsyncSession, conversation_id: uuid.UUID, since: datetime
) -> Sequence[str]:
    """Return what a customer has written since a time, oldest first, the last 20 at most."""
    return await repository.customer_words(session, conversation_id, since, limit=20)


async def last_unanswered(session: AsyncSession, conversation_id: uuid.UUID) -> Message | None:
    """Return the last message of a conversation if it is the customer's; notices do not count."""
    last = await repository.last_said(session, conversation_id)
    return last if last is not None and last.author == "customer" else None


async def want_handoff(
    session: AsyncSession,
    conversation_id: uuid.UUID,
    message_id: str,
    reason: str,
    *,
    is_open: bool = True,
) -> int:
    """Note that the running turn wants a person; return the place in the queue it will get.

    An angry customer's place is before everybody's who is not.
    """
    conversation = await locked(session, conversation_id)
    wanted = {"message_id": message_id, "reason": reason, "is_open": is_open}
    conversation.wanted_handoff = wanted
    first = reason == ANGER
    return await place_among(session, conversation.updated_at, conversation.queue, first=first)


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
    known = await traffic.proof(session, conversation_id, waybill_no)
    if known is None:
        raise UnknownConversation
    if known.shown:
        return ProofState(conversation_id, waybill_no, Proof.SHOWN, known.phone_tail, is_kept=True)
    if given is None:
        return ProofState(conversation_id, waybill_no, Proof.NOT_SHOWN)
    await repository.serialise_tries(session, waybill_no)
    on_parcel = await repository.wrong_tries_on(session, waybill_no, proofs.window_start(now))
    left = proofs.tries_left(known.wrong_tries, on_parcel)
    if left == 0:
        return ProofState(conversation_id, waybill_no, Proof.TOO_MANY_TRIES, tries_left=0)
    proof = proofs.judge(given, registered)
    return ProofState(conversation_id, waybill_no, proof, given, left)


async def remember_proof(session: AsyncSession, state: ProofState, now: datetime) -> ProofState:
    """Keep that digits were right, or count that they were wrong; return the state after it.

    The same wrong digits again are no new try.
    """
    if state.is_kept or state.proof not in (Proof.SHOWN, Proof.WRONG):
        return state
    row = await repository.locked_proof(session, state.conversation_id, state.waybill_no)
    if state.is_shown:
        row.phone_tail, row.shown_at = state.phone_tail, row.shown_at or now
        return replace(state, is_kept=True)
    if row.phone_tail == state.phone_tail:
        return state
    row.phone_tail = state.phone_tail
    row.wrong_tries, row.last_wrong_at = row.wrong_tries + 1, now
    return replace(state, tries_left=max(0, state.tries_left - 1))


async def keep_digits(
    session: AsyncSession, conversation_id: uuid.UUID, waybill_no: str, phone_tail: str
) -> None:
    """Keep digits that could not be checked yet."""
    row = await repository.locked_proof(session, conversation_id, waybill_no)
    row.phone_tail = row.phone_tail if row.shown_at else phone_tail


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
