"""The few statements every message costs; plain SQL, because they are most of what a turn costs."""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations.signals import CHANNEL

_WAITING = "author = 'customer' AND handled_at IS NULL"
_IS_BOTS = "owner IN ('bot', 'closed')"
_REOPENS = "CASE WHEN owner = 'closed' THEN 1 ELSE 0 END"
_IS_FREE = "(turn_until IS NULL OR turn_until <= :now)"

_LOCK_BY_CUSTOMER = text(
    "SELECT id, owner FROM conversations"
    " WHERE channel = :channel AND customer_key = :customer_key FOR NO KEY UPDATE"
)
_STORE = text(f"""
WITH said AS (
    INSERT INTO messages (
        conversation_id, seq, author, external_id, text, buttons, at, handled_at, quoted_seq
    )
    SELECT id, last_seq + 1, 'customer', :external_id, :text, CAST('[]' AS jsonb), :now,
           CASE WHEN {_IS_BOTS} THEN NULL ELSE CAST(:now AS timestamptz) END,
           CASE WHEN CAST(:quoted_seq AS integer) <= last_seq THEN CAST(:quoted_seq AS integer) END
    FROM conversations WHERE id = :id
    ON CONFLICT (conversation_id, external_id) DO NOTHING
    RETURNING seq
), free AS (
    SELECT id FROM conversations
    WHERE id = :id AND {_IS_BOTS} AND {_IS_FREE}
      AND NOT EXISTS (SELECT 1 FROM messages WHERE conversation_id = :id AND {_WAITING})
)
UPDATE conversations SET
    last_seq = said.seq,
    updated_at = :now,
    owner = CASE WHEN owner = 'closed' THEN 'bot' ELSE owner END,
    owner_epoch = owner_epoch + {_REOPENS},
    turn_token = CASE WHEN free.id IS NULL THEN turn_token ELSE :token END,
    turn_until = CASE WHEN free.id IS NULL THEN turn_until ELSE :until END,
    turn_epoch = CASE WHEN free.id IS NULL THEN turn_epoch ELSE owner_epoch + {_REOPENS} END
FROM said LEFT JOIN free ON true
WHERE conversations.id = :id
RETURNING said.seq, free.id IS NOT NULL AS taken,
    CASE WHEN :tells_people THEN CAST(pg_notify('{CHANNEL}', CAST(:id AS text)) AS text) END
""")
_LOCK_TURN = text(
    "SELECT turn_token, turn_epoch, owner, owner_epoch, wanted_handoff"
    " FROM conversations WHERE id = :id FOR NO KEY UPDATE"
)
_TAKE_NEXT = f"""
next AS (
    SELECT seq, text FROM messages
    WHERE conversation_id = :id AND {_WAITING} AND seq <> :seq ORDER BY seq LIMIT 1
), taken AS (
    UPDATE conversations SET
        turn_token = CASE WHEN next.seq > 0 AND owner = 'bot' THEN CAST(:token AS uuid) END,
        turn_until = CASE WHEN next.seq > 0 AND owner = 'bot' THEN CAST(:until AS timestamptz) END,
        turn_epoch = CASE WHEN next.seq > 0 AND owner = 'bot' THEN owner_epoch END,
        wanted_handoff = CASE WHEN :seq > 0 THEN NULL ELSE wanted_handoff END
    FROM (SELECT 1) AS always LEFT JOIN next ON true
    WHERE conversations.id = :id AND (:seq > 0 OR (owner = 'bot' AND {_IS_FREE}))
    RETURNING owner
)
SELECT next.seq, next.text FROM next JOIN taken ON taken.owner = 'bot'
"""
_FINISH = text(f"""
WITH handled AS (
    UPDATE messages SET handled_at = :now, understood = CAST(:understood AS jsonb)
    WHERE conversation_id = :id AND seq = :seq
), {_TAKE_NEXT}
""")
_TAKE = text(f"WITH {_TAKE_NEXT}")
_PROOF = text(
    "SELECT proof.phone_tail, proof.shown_at IS NOT NULL AS shown,"
    " COALESCE(proof.wrong_tries, 0) AS wrong_tries"
    " FROM conversations LEFT JOIN parcel_proofs AS proof"
    " ON proof.conversation_id = conversations.id AND proof.waybill_no = :waybill_no"
    " WHERE conversations.id = :id"
)


@dataclass(frozen=True)
class KnownProof:
    """What a conversation has shown of a parcel so far."""

    phone_tail: str | None
    shown: bool
    wrong_tries: int


@dataclass(frozen=True)
class Words:
    """What a customer says; `external_id` is the channel's own."""

    external_id: str
    text: str
    quoted_seq: int | None = None


@dataclass(frozen=True)
class Stored:
    """A new message's number, and whether the bot's turn was taken for it."""

    seq: int
    taken: bool


@dataclass(frozen=True)
class Waiting:
    """A customer's message that is to be answered next."""

    seq: int
    text: str


@dataclass(frozen=True)
class HeldTurn:
    """Who holds a conversation and its turn; the row is locked."""

    turn_token: uuid.UUID | None
    turn_epoch: int | None
    owner: str
    owner_epoch: int
    wanted_handoff: dict[str, Any] | None


@dataclass(frozen=True)
class Lease:
    """A claim on a conversation's turn, until it ends."""

    token: uuid.UUID
    until: datetime


async def lock_by_customer(
    session: AsyncSession, channel: str, customer_key: str
) -> tuple[uuid.UUID, str] | None:
    """Return id and owner of the customer's conversation, locked until the transaction ends."""
    values = {"channel": channel, "customer_key": customer_key}
    row = (await session.execute(_LOCK_BY_CUSTOMER, values)).first()
    return (row.id, row.owner) if row else None


async def store(
    session: AsyncSession,
    held: tuple[uuid.UUID, str],
    words: Words,
    now: datetime,
    *,
    lease: Lease,
) -> Stored | None:
    """Store a customer's message and take its turn if the bot is free; nothing if it is known.

    A closed conversation is the bot's from then on; `held`: its id, and whose it was.

    The conversation is locked by an earlier statement, so that this one sees all others' work.
    """
    conversation_id, owner = held
    values = {**asdict(words), "id": conversation_id, "now": now}
    claim = {"token": lease.token, "until": lease.until, "tells_people": owner != "bot"}
    row = (await session.execute(_STORE, {**values, **claim})).first()
    return Stored(row.seq, row.taken) if row else None


async def lock_turn(session: AsyncSession, conversation_id: uuid.UUID) -> HeldTurn | None:
    """Return who holds a conversation, locked until the transaction ends."""
    row = (await session.execute(_LOCK_TURN, {"id": conversation_id})).first()
    return HeldTurn(*row) if row else None


async def finish(
    session: AsyncSession,
    conversation_id: uuid.UUID,
    seq: int,
    understood: dict[str, Any] | None,
    now: datetime,
    *,
    lease: Lease,
) -> Waiting | None:
    """Mark a message as dealt with, end its turn, and take the next one's, which is returned."""
    values = {"id": conversation_id, "seq": seq, "now": now}
    claim = {"token": lease.token, "until": lease.until}
    told = None if understood is None else json.dumps(understood, ensure_ascii=False)
    row = (await session.execute(_FINISH, {**values, **claim, "understood": told})).first()
    return Waiting(row.seq, row.text) if row else None


async def take(
    session: AsyncSession, conversation_id: uuid.UUID, now: datetime, *, lease: Lease
) -> Waiting | None:
    """Take the turn of the oldest waiting message of a locked conversation, if it is free."""
    values = {"id": conversation_id, "seq": 0, "now": now}
    claim = {"token": lease.token, "until": lease.until}
    row = (await session.execute(_TAKE, {**values, **claim})).first()
    return Waiting(row.seq, row.text) if row else None


async def proof(
    session: AsyncSession, conversation_id: uuid.UUID, waybill_no: str
) -> KnownProof | None:
    """Return what a conversation has shown of a parcel; nothing if there is no conversation."""
    values = {"id": conversation_id, "waybill_no": waybill_no}
    row = (await session.execute(_PROOF, values)).first()
    return KnownProof(*row) if row else None
