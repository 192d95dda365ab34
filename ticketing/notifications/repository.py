"""Every statement of notifications."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations.signals import CHANNEL
from ticketing.notifications.models import OutboxEntry

# One statement: claim the key, take the next number, write the message, signal it at commit.
_SAY = text(f"""
WITH claimed AS (
    INSERT INTO {OutboxEntry.__tablename__} (key, conversation_id, created_at)
    VALUES (:key, :id, :now)
    ON CONFLICT DO NOTHING RETURNING key
), numbered AS (
    UPDATE conversations SET last_seq = last_seq + 1, updated_at = :now
    FROM claimed WHERE id = :id RETURNING last_seq
), said AS (
    INSERT INTO messages (
        conversation_id, seq, author, text, buttons, card, at, handled_at, answers_seq, cause,
        said_by, quoted_seq
    )
    SELECT :id, last_seq, :author, :text, CAST(:buttons AS jsonb), CAST(:card AS jsonb),
           :now, :now, CAST(:answers_seq AS integer), :key,
           CAST(:said_by AS text), CAST(:quoted_seq AS integer)
    FROM numbered RETURNING seq
)
SELECT seq, pg_notify('{CHANNEL}', CAST(:id AS text)) FROM said
""")


async def say(
    session: AsyncSession,
    key: str,
    conversation_id: uuid.UUID,
    message: dict[str, Any],
    now: datetime,
) -> int | None:
    """Write a message once for its key; return its number, or nothing if it was said before.

    `message`: `author`, `text`, `buttons`, `card`, `answers_seq`, `said_by`, `quoted_seq`.
    """
    shaped = {name: _json(message[name]) for name in ("buttons", "card")}
    values = {**message, **shaped, "key": key, "id": conversation_id, "now": now}
    row = (await session.execute(_SAY, values)).first()
    return int(row.seq) if row else None


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)
